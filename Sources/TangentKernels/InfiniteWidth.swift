import LinearAlgebra
import RealModule

/// Kernels of fully connected networks of infinite width in the NTK parametrization, all layers trained.
///
/// nngp is the covariance of an output over initializations (Lee et al. 2018), ntk the limit of the tangent
/// kernel (Jacot, Gabriel, Hongler 2018, theorem 1): one layer multiplies by σ_w², adds σ_b², and the ntk takes
/// the nngp on; an activation replaces them by their Gaussian expectations.
/// Cost: O(layers · n₁ n₂) after the covariance of the inputs, 2 n₁ n₂ d flops.
public struct InfiniteWidthKernel: Sendable {
    public private(set) var nngp: Matrix<Double>
    public private(set) var ntk: Matrix<Double>
    /// nngp of each sample with itself.
    private var variances: (rows: [Double], columns: [Double])
    private let isSymmetric: Bool

    public indirect enum Layer: Sendable {
        case dense(weightDeviation: Double, biasDeviation: Double)
        case relu
        case erf
        /// h + scale · layers(h).
        case residual(scale: Double, [Layer])
    }

    /// - Parameters:
    ///   - rows: x₁ [n₁, d].
    ///   - columns: x₂ [n₂, d]; nil for the kernel of x₁ with itself.
    public init(_ layers: [Layer], rows: Matrix<Double>, columns: Matrix<Double>?) {
        let other = columns ?? rows
        let d = Double(rows.columns)
        isSymmetric = columns == nil
        nngp = Matrix(rows.rows, other.rows)
        ntk = Matrix(rows.rows, other.rows)
        Matrix.product(rows, .no, other, .yes, alpha: 1 / d, into: nngp)
        func norms(_ x: Matrix<Double>) -> [Double] {
            (0..<x.rows).map { Double.dot(x.columns, x.base + $0 * x.columns, x.base + $0 * x.columns) / d }
        }
        variances = (norms(rows), norms(other))
        for layer in layers { apply(layer) }
    }

    private init(copying other: InfiniteWidthKernel) {
        self = other
        nngp = Matrix(other.nngp.rows, other.nngp.columns, other.nngp.entries)
        ntk = Matrix(other.ntk.rows, other.ntk.columns, other.ntk.entries)
    }

    private mutating func apply(_ layer: Layer) {
        switch layer {
        case .dense(let weight, let bias):
            let (w, b) = (weight * weight, bias * bias)
            update { k, theta, _, _, _ in
                let next = w * k + b
                return (next, next + w * theta)
            } variance: {
                w * $0 + b
            }
        case .relu: update(Self.relu) { $0 / 2 }
        case .erf: update(Self.erf) { 2 / Double.pi * Double.asin(2 * $0 / (1 + 2 * $0)) }
        case .residual(let scale, let layers):
            var branch = InfiniteWidthKernel(copying: self)
            for layer in layers { branch.apply(layer) }
            let square = scale * scale
            Double.axpy(nngp.count, square, branch.nngp.base, nngp.base)
            Double.axpy(ntk.count, square, branch.ntk.base, ntk.base)
            variances.rows = zip(variances.rows, branch.variances.rows).map { $0 + square * $1 }
            variances.columns = zip(variances.columns, branch.variances.columns).map { $0 + square * $1 }
        }
    }

    private typealias Entry = (nngp: Double, ntk: Double)

    /// - Parameter entry: from (nngp, ntk, variance of the row, of the column, whether they are one sample).
    private mutating func update(
        _ entry: (Double, Double, Double, Double, Bool) -> Entry, variance: (Double) -> Double
    ) {
        for i in 0..<nngp.rows {
            for j in 0..<nngp.columns {
                let next = entry(
                    nngp[i, j], ntk[i, j], variances.rows[i], variances.columns[j], isSymmetric && i == j)
                (nngp[i, j], ntk[i, j]) = next
            }
        }
        variances = (variances.rows.map(variance), variances.columns.map(variance))
    }

    /// Cho and Saul 2009, section 2.1: arc-cosine kernels of order 1 and 0. Near angle 0 the arc-cosine loses half of
    /// its digits, so a sample with itself is not put through it.
    private static func relu(_ k: Double, _ theta: Double, _ p: Double, _ q: Double, _ isSame: Bool) -> Entry {
        if isSame { return (p / 2, theta / 2) }
        let scale = (p * q).squareRoot()
        guard scale > 0 else { return (0, 0) }
        let cosine = max(-1, min(1, k / scale))
        let sine = ((1 - cosine) * (1 + cosine)).squareRoot()
        let opposite = Double.pi - Double.atan2(y: sine, x: cosine)
        return (scale * (sine + cosine * opposite) / (2 * .pi), theta * opposite / (2 * .pi))
    }

    /// Williams 1997, eq. 11, and its derivative.
    private static func erf(_ k: Double, _ theta: Double, _ p: Double, _ q: Double, _ isSame: Bool) -> Entry {
        let product = (1 + 2 * p) * (1 + 2 * q)
        let slope = 4 / (.pi * (product - 4 * k * k).squareRoot())
        return (2 / Double.pi * Double.asin(2 * k / product.squareRoot()), theta * slope)
    }
}
