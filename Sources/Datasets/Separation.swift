import LinearAlgebra

extension Samples {
    /// δ = min_{i≠j} ‖x_i − x_j‖, the separation on which the convergence theorems depend.
    ///
    /// The founding theorem's Assumption 2.1 (Allen-Zhu, Li, Song 2019). Squared distances come
    /// from products of blocks; the pairs that could be the nearest are then measured directly, so
    /// that near duplicates lose no digits. Cost: n²·d flops.
    /// - Returns: δ, 0 where two samples coincide; nil for a single sample.
    package var separation: Double? { count > 1 ? leastDistance(inputs) : nil }

    /// min_{i≠j} ‖x_i/‖x_i‖ − x_j/‖x_j‖‖, 0 where an input is 0; nil for a single sample. Cost: a copy, and n²·d flops.
    package var directionSeparation: Double? {
        guard count > 1 else { return nil }
        let unit = MatrixBuffer<S>(count, inputs.columns)
        for i in 0..<count {
            let norm = S.dot(inputs.columns, inputs.base + i * inputs.columns, inputs.base + i * inputs.columns)
                .squareRoot()
            guard norm > 0 else { return 0 }
            for c in 0..<inputs.columns { unit[i, c] = S(Double(inputs[i, c]) / norm) }
        }
        return leastDistance(unit)
    }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func leastDistance<S: Scalar>(_ inputs: MatrixBuffer<S>) -> Double {
    let count = inputs.rows
    let d = inputs.columns
    let block = 512
    let norms = (0..<count).map { S.dot(d, inputs.base + $0 * d, inputs.base + $0 * d) }
    let products = MatrixBuffer<S>(min(block, count), min(block, count))
    let rounding = Double(d + 8) * Double(S.ulpOfOne) * (norms.max() ?? 0)
    var nearest = Double.infinity
    for i in stride(from: 0, to: count, by: block) {
        for j in stride(from: i, to: count, by: block) {
            let rows = min(block, count - i)
            let columns = min(block, count - j)
            S.gemm(
                .no, .yes, m: rows, n: columns, k: d, alpha: 1, inputs.base + i * d, d, inputs.base + j * d, d,
                beta: 0, products.base, columns)
            for r in 0..<rows {
                for c in 0..<columns where i + r < j + c {
                    let squared = norms[i + r] + norms[j + c] - 2 * Double(products.base[r * columns + c])
                    guard squared <= nearest + rounding else { continue }
                    nearest = min(
                        nearest,
                        S.squaredDistance(d, inputs.base + (i + r) * d, inputs.base + (j + c) * d))
                }
            }
        }
    }
    return nearest.squareRoot()
}
