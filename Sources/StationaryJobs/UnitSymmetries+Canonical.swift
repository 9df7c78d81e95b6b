import Alignment
import LinearAlgebra
import Networks

/// One point of each orbit of rescalings, and of the linear maps of linear units.
extension UnitSymmetries {
    /// w where nothing can be rescaled, else its image with the least ‖w‖: each unit's weights in as long as its
    /// weights out. The units of a single linear layer may be mixed by any invertible matrix: there W₂ W₁ = U S Vᵀ
    /// becomes W₂ = U √S, W₁ = √S Vᵀ (Baldi and Hornik 1989, section 2), which is unique up to orthogonal maps.
    package func canonical(_ w: [Double]) -> [Double] {
        guard rescales, !free.contains(where: isTwofold) else { return w }
        if let factors = linearFactors { return trained(factored(whole(w), factors)) }
        let scaled = free.filter { group($0).symmetry.contains(.scale) }
        guard !scaled.isEmpty else { return w }
        var whole = whole(w)
        // Each sweep lowers ‖w‖, which is convex in the logarithms of all factors.
        for _ in 0..<200 {
            var change = 0.0
            for g in scaled {
                let factors = balancingFactors(of: g, whole)
                change = factors.reduce(change) { max($0, abs($1 - 1)) }
                let map = UnitMap(sources: Array(factors.indices), factors: factors)
                whole = groups.applying(groups.maps(map, of: g), to: whole)
            }
            if change < 1e-14 { break }
        }
        return trained(whole)
    }

    /// Whether units may be mixed by any invertible matrix.
    var mixes: Bool { rescales && linearFactors != nil }

    /// (‖out‖/‖in‖)^½ for each unit; 1 where one of both is next to nothing, and no point of the orbit is the shortest.
    private func balancingFactors(of g: Int, _ w: ParameterVector<Double>) -> [Double] {
        let count = group(g).count
        var (into, out) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
        for tensor in groups.tensors where tensor.rows == g || tensor.columns == g {
            let (rows, columns) = tensor.shape
            for i in 0..<rows {
                for j in 0..<columns {
                    let entry = w.base[tensor.entry.offset + i * columns + j]
                    if tensor.rows == g { into[i] += entry * entry } else { out[j % count] += entry * entry }
                }
            }
        }
        let least = 1e-12 * Double.dot(w.count, w.base, w.base)
        return zip(into, out).map { min($0, $1) > least ? ($1 / $0).squareRoot().squareRoot() : 1 }
    }

    /// The tensors on both sides of the only group, where its units are linear and each is one column of what reads
    /// them.
    private var linearFactors: (into: [UnitTensor], out: UnitTensor)? {
        guard free.count == 1, groups.groups.count == 1, group(free[0]).symmetry == [.scale, .sign] else { return nil }
        let into = groups.tensors.filter { $0.rows == free[0] }
        let out = groups.tensors.filter { $0.columns == free[0] }
        guard out.count == 1, out[0].shape.columns == group(free[0]).count,
            into.count(where: { $0.entry.tensor.role == "weight" }) == 1
        else { return nil }
        return (into, out[0])
    }

    /// [W₁ b] and W₂ as √S Vᵀ and U √S.
    private func factored(
        _ w: ParameterVector<Double>, _ factors: (into: [UnitTensor], out: UnitTensor)
    ) -> ParameterVector<Double> {
        let units = group(free[0]).count
        let (outputs, columns) = (factors.out.shape.rows, factors.into.reduce(0) { $0 + $1.shape.columns })
        // [units, columns]: weights and biases side by side.
        let first = MatrixBuffer<Double>(units, columns)
        forEachEntry(factors.into) { row, column, entry in first[row, column] = w.base[entry] }
        let second = w.base + factors.out.entry.offset
        let product = MatrixBuffer<Double>(outputs, columns)
        Double.gemm(
            .no, .no, m: outputs, n: columns, k: units, alpha: 1, second, units, first.base, columns, beta: 0,
            product.base, columns)
        let result = ParameterVector<Double>(w.layout)
        result.assign(w)
        let found = singularFactors(product, count: units)
        forEachEntry(factors.into) { row, column, entry in result.base[entry] = found.right[row, column] }
        (result.base + factors.out.entry.offset).update(from: found.left.base, count: outputs * units)
        return result
    }

    private func forEachEntry(_ tensors: [UnitTensor], _ body: (_ row: Int, _ column: Int, _ entry: Int) -> Void) {
        var before = 0
        for tensor in tensors {
            let (rows, columns) = tensor.shape
            for i in 0..<rows {
                for j in 0..<columns { body(i, before + j, tensor.entry.offset + i * columns + j) }
            }
            before += columns
        }
    }
}

/// U √S [rows, count] and √S Vᵀ [count, columns] of a matrix of at most that rank, the largest first.
///
/// From the eigenvectors of A Aᵀ: singular values within 10⁻⁷ of the largest are rounding, and left out.
private func singularFactors(
    _ a: MatrixBuffer<Double>, count: Int
) -> (left: MatrixBuffer<Double>, right: MatrixBuffer<Double>) {
    let (rows, columns) = (a.rows, a.columns)
    let (left, right) = (MatrixBuffer<Double>(rows, count), MatrixBuffer<Double>(count, columns))
    let gram = MatrixBuffer<Double>(rows, rows)
    Double.gemm(
        .no, .yes, m: rows, n: rows, k: columns, alpha: 1, a.base, columns, a.base, columns, beta: 0, gram.base, rows)
    guard let eigen = SymmetricEigen(destroying: gram, vectors: true), let vectors = eigen.vectors else {
        return (left, right)
    }
    let largest = max(eigen.values.last ?? 0, 0).squareRoot()
    for k in 0..<min(count, rows) {
        let u = vectors.base + (rows - 1 - k) * rows
        // uᵀ A = s vᵀ.
        let image = MatrixBuffer<Double>(1, columns)
        Double.gemm(
            .no, .no, m: 1, n: columns, k: rows, alpha: 1, u, rows, a.base, columns, beta: 0, image.base, columns)
        let size = Double.dot(columns, image.base, image.base).squareRoot()
        guard size > 1e-7 * largest, size > 0 else { continue }
        for i in 0..<rows { left[i, k] = u[i] * size.squareRoot() }
        for j in 0..<columns { right[k, j] = image.base[j] / size.squareRoot() }
    }
    return (left, right)
}
