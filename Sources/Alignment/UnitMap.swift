import LinearAlgebra
import Networks

/// A new order of the units of one group, each times a number: unit i becomes `factors[i]` times what was unit `sources[i]`.
package struct UnitMap: Sendable, Equatable {
    package let sources: [Int]
    /// Signs, or positive scales.
    package let factors: [Double]

    package init(sources: [Int], factors: [Double]) {
        self.sources = sources
        self.factors = factors
    }

    /// Each unit where it was.
    package static func identity(_ count: Int) -> UnitMap {
        UnitMap(sources: Array(0..<count), factors: Array(repeating: 1, count: count))
    }

    /// This map, and then another one.
    package func followed(by next: UnitMap) -> UnitMap {
        UnitMap(
            sources: next.sources.map { sources[$0] },
            factors: zip(next.sources, next.factors).map { factors[$0] * $1 })
    }
}

extension UnitGroups {
    /// Weights in which group g has gone through `maps[g]`: W'[i, j] = r_i W[π(i), σ(j)] / c_j for rows with (π, r) and columns
    /// with (σ, c).
    ///
    /// The network's function is the same where the factors are within the groups' symmetries.
    /// Cost: P numbers read and written.
    package func applying(_ maps: [UnitMap], to w: ParameterVector<Double>) -> ParameterVector<Double> {
        let result = ParameterVector<Double>(w.layout)
        for tensor in tensors {
            let (rows, columns) = tensor.shape
            let from = w.base + tensor.entry.offset
            let to = result.base + tensor.entry.offset
            let (rowMap, columnMap) = (tensor.rows.map { maps[$0] }, tensor.columns.map { maps[$0] })
            let places = Self.places(columnMap, columns)
            for i in 0..<rows {
                let source = from + (rowMap?.sources[i] ?? i) * columns
                let factor = rowMap?.factors[i] ?? 1
                for j in 0..<columns { to[i * columns + j] = factor * source[places[j].source] / places[j].factor }
            }
        }
        return result
    }

    /// For each column the one that comes there, and the factor of its unit.
    private static func places(_ map: UnitMap?, _ columns: Int) -> [(source: Int, factor: Double)] {
        guard let map else { return (0..<columns).map { ($0, 1) } }
        let count = map.sources.count
        return (0..<columns).map { j in (j - j % count + map.sources[j % count], map.factors[j % count]) }
    }

    /// Maps that change nothing.
    package var identity: [UnitMap] { groups.map { .identity($0.count) } }

    /// Maps that change one group.
    package func maps(_ map: UnitMap, of group: Int) -> [UnitMap] {
        var maps = identity
        maps[group] = map
        return maps
    }
}
