import LinearAlgebra
import Networks

/// Kernels of a network of infinite width: what its layers' `infiniteWidthMap` make of the products of the inputs.
///
/// nngp is the covariance of an output over initializations (Lee et al. 2018), ntk the limit of the tangent
/// kernel (Jacot, Gabriel, Hongler 2018, theorem 1).
/// Cost: O(layers · n₁ n₂) after the covariance of the inputs, 2 n₁ n₂ d flops.
public struct InfiniteWidthKernel {
    /// The covariance of an output, [n₁, n₂].
    public private(set) var nngp: MatrixBuffer<Double>
    /// The limit of the tangent kernel of one output, [n₁, n₂].
    public private(set) var ntk: MatrixBuffer<Double>
    /// nngp of each sample with itself.
    private var variances: (rows: [Double], columns: [Double])
    private let isSymmetric: Bool

    /// - Parameters:
    ///   - parts: the network; the sizes of its layers count in their scales alone. The kernels of a block's branch and
    ///     shortcut are added, so that one of them has to end in a layer with weights.
    ///   - rows: x₁ [n₁, d].
    ///   - columns: x₂ [n₂, d]; nil for the kernel of x₁ with itself.
    /// - Throws: `ModelError` for a layer that has no map.
    public init(_ parts: [NetworkPart], rows: MatrixBuffer<Double>, columns: MatrixBuffer<Double>?) throws {
        let other = columns ?? rows
        let d = Double(rows.columns)
        isSymmetric = columns == nil
        nngp = MatrixBuffer(rows.rows, other.rows)
        ntk = MatrixBuffer(rows.rows, other.rows)
        MatrixBuffer.product(rows, .no, other, .yes, alpha: 1 / d, into: nngp)
        func norms(_ x: MatrixBuffer<Double>) -> [Double] {
            (0..<x.rows).map { Double.dot(x.columns, x.base + $0 * x.columns, x.base + $0 * x.columns) / d }
        }
        variances = (norms(rows), norms(other))
        try apply(parts)
    }

    private init(copying other: InfiniteWidthKernel) {
        self = other
        nngp = other.nngp.copy()
        ntk = other.ntk.copy()
    }

    private mutating func apply(_ parts: [NetworkPart]) throws {
        for part in parts {
            switch part {
            case .layer(let layer):
                guard let map = layer.infiniteWidthMap else {
                    throw ModelError(
                        "\(type(of: layer)): its kernel at infinite width is not known; those of ReLU, erf and, in the NTK "
                            + "parametrization with all trained, dense layers are")
                }
                apply(map)
            case .residual(let block):
                var branch = InfiniteWidthKernel(copying: self)
                try branch.apply(block.branch)
                try apply(block.shortcut)
                add(branch, scale: block.scale)
            }
        }
    }

    private mutating func apply(_ map: InfiniteWidthMap) {
        for i in 0..<nngp.rows {
            for j in 0..<nngp.columns {
                let pair = InfiniteWidthMap.Pair(
                    nngp: nngp[i, j], ntk: ntk[i, j], variances: (variances.rows[i], variances.columns[j]),
                    isOneSample: isSymmetric && i == j)
                (nngp[i, j], ntk[i, j]) = map.kernels(pair)
            }
        }
        variances = (variances.rows.map(map.variance), variances.columns.map(map.variance))
    }

    /// h ← h + scale · branch, of independent ones.
    private mutating func add(_ branch: InfiniteWidthKernel, scale: Double) {
        let square = scale * scale
        Double.axpy(nngp.count, square, branch.nngp.base, nngp.base)
        Double.axpy(ntk.count, square, branch.ntk.base, ntk.base)
        variances.rows = zip(variances.rows, branch.variances.rows).map { $0 + square * $1 }
        variances.columns = zip(variances.columns, branch.variances.columns).map { $0 + square * $1 }
    }
}
