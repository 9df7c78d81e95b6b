import LinearAlgebra

extension Samples {
    /// δ = min_{i≠j} ‖x_i − x_j‖, the separation on which the convergence theorems depend.
    ///
    /// The founding theorem's Assumption 2.1 (Allen-Zhu, Li, Song 2019). Squared distances come
    /// from products of blocks; the pairs that could be the nearest are then measured directly, so
    /// that near duplicates lose no digits. Cost: a copy, and at most n²·d flops.
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

/// Samples lie in the order of the coordinate with the largest spread. Of two blocks that are farther apart along it than the nearest
/// pair so far, no pair is measured: many points in few dimensions cost little more than n of them.
@specialized(where S == Float)
@specialized(where S == Double)
private func leastDistance<S: Scalar>(_ given: MatrixBuffer<S>) -> Double {
    let (inputs, places) = ordered(given)
    let count = inputs.rows
    let d = inputs.columns
    let block = 512
    let norms = (0..<count).map { S.dot(d, inputs.base + $0 * d, inputs.base + $0 * d) }
    let products = MatrixBuffer<S>(min(block, count), min(block, count))
    let rounding = Double(d + 8) * Double(S.ulpOfOne) * (norms.max() ?? 0)
    var nearest = Double.infinity
    for i in stride(from: 0, to: count, by: block) {
        let rows = min(block, count - i)
        for j in stride(from: i, to: count, by: block) {
            // Less a hundredth, which no rounding of distances comes to.
            let gap = 0.99 * (places[j] - places[i + rows - 1])
            if j > i, gap > 0, gap * gap > nearest { break }
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

/// Rows in the order of the coordinate with the largest spread, and that coordinate of each.
private func ordered<S: Scalar>(_ inputs: MatrixBuffer<S>) -> (rows: MatrixBuffer<S>, places: [Double]) {
    let d = inputs.columns
    func column(_ c: Int) -> [Double] { (0..<inputs.rows).map { Double(inputs[$0, c]) } }
    let spreads = (0..<d).map { c in
        let values = column(c)
        return (values.max() ?? 0) - (values.min() ?? 0)
    }
    let widest = spreads.indices.max { spreads[$0] < spreads[$1] } ?? 0
    let places = column(widest)
    let order = places.indices.sorted { places[$0] < places[$1] }
    let rows = MatrixBuffer<S>(inputs.rows, d)
    for (k, i) in order.enumerated() { (rows.base + k * d).update(from: inputs.base + i * d, count: d) }
    return (rows, order.map { places[$0] })
}
