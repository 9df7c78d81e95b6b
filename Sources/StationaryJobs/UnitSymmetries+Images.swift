import LinearAlgebra
import Networks

/// How many different images a point has.
extension UnitSymmetries {
    /// The number of images of w under orders and signs, for units of one group: n!/Π m! for the sizes m of sets of
    /// units that are equal (or opposite, where signs may change), times 2 for each unit that is not 0 and may change
    /// its sign; under signs alone for any.
    ///
    /// - Parameter error: how far the true point may be; what lies within a hundred times that is not clear.
    /// - Returns: nil where units are neither clearly equal nor clearly different, for several groups, where some have frozen
    /// weights, and beyond `Int`.
    func images(_ w: [Double], error: Double) -> Int? {
        guard isWhole else { return nil }
        guard permutes else { return signImages(w, error: error) }
        guard let g = free.first else { return 1 }
        guard free.count == 1, !isTwofold(g) else { return nil }
        let hasSigns = group(g).symmetry.contains(.sign)
        let units = vectors(of: g, whole(w))
        var (classes, images): ([(vector: [Double], count: Int)], Int) = ([], 1)
        for (k, unit) in units.enumerated() {
            guard let isZero = Self.isNothing(norm(unit), error) else { return nil }
            if hasSigns, !isZero, !Self.multiply(&images, by: 2) { return nil }
            // n!/Π m!, one unit after another: k + 1 over its number among its equals.
            var own = classes.count
            for (c, known) in classes.enumerated() {
                let apart = norm(zip(unit, known.vector).map(-))
                let across = hasSigns ? norm(zip(unit, known.vector).map(+)) : .infinity
                guard let isEqual = Self.isNothing(min(apart, across), error) else { return nil }
                if isEqual { own = c }
            }
            if own == classes.count { classes.append((unit, 0)) }
            classes[own].count += 1
            guard Self.multiply(&images, by: k + 1) else { return nil }
            images /= classes[own].count
        }
        return images
    }

    /// Whether a length is 0 within its error; nil where that is not clear.
    private static func isNothing(_ length: Double, _ error: Double) -> Bool? {
        length <= error ? true : length > 100 * error ? false : nil
    }

    private static func multiply(_ product: inout Int, by factor: Int) -> Bool {
        let (result, overflows) = product.multipliedReportingOverflow(by: factor)
        product = result
        return !overflows
    }

    /// For each unit of a group, all weights into it and out of it.
    func vectors(of g: Int, _ w: ParameterVector<Double>) -> [[Double]] {
        let count = group(g).count
        var units = [[Double]](repeating: [], count: count)
        for tensor in groups.tensors {
            let (rows, columns) = tensor.shape
            for i in 0..<rows {
                for j in 0..<columns {
                    let entry = w.base[tensor.entry.offset + i * columns + j]
                    if tensor.rows == g { units[i].append(entry) }
                    if tensor.columns == g { units[j % count].append(entry) }
                }
            }
        }
        return units
    }

    private func norm(_ v: [Double]) -> Double { Double.dot(v.count, v, v).squareRoot() }
}
