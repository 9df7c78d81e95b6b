import Alignment
import Layers
import LinearAlgebra
import NetworkCases
import Networks
import Sampling

/// A network, and the same with its units in another order: turned over and rescaled where that changes nothing.
struct Planted {
    let groups: UnitGroups
    let a: ParameterVector<Double>
    let b: ParameterVector<Double>
    /// What was done to a.
    let maps: [UnitMap]

    /// - Parameter noise: what is added to each weight of b, in parts of its size.
    init(_ a: ParameterVector<Double>, _ model: Model, seed: UInt64, noise: Double = 0) throws {
        groups = try UnitGroups(model)
        self.a = a
        maps = groups.groups.enumerated().map { g, group in
            let stream = RandomStream(seed: seed, "plant/\(g)")
            return UnitMap(
                sources: stream.permutation(group.count),
                factors: (0..<group.count).map { k in
                    var factor = 1.0
                    if group.symmetry.contains(.sign), stream.uniform(1000 + k) < 0.5 { factor = -1 }
                    if group.symmetry.contains(.scale) { factor *= 0.2 + 3 * stream.uniform(5000 + k) }
                    return factor
                })
        }
        b = groups.applying(maps, to: a)
        let stream = RandomStream(seed: seed, "noise")
        for k in 0..<b.count { b.base[k] *= 1 + noise * stream.normal(k) }
    }

    /// Whether a matching leads back: unit i of the aligned b is unit i of a, with its sign.
    func isUndone(by matching: WeightMatching) -> Bool {
        zip(maps, matching.maps).allSatisfy { planted, found in
            let back = planted.followed(by: found)
            return back.sources == Array(back.sources.indices) && back.factors.allSatisfy { $0 > 0 }
        }
    }
}

extension Model {
    func weights(_ seed: UInt64) -> ParameterVector<Double> {
        let w = ParameterVector<Double>(layout)
        // Biases away from zero too.
        for entry in layout.entries {
            let deviation =
                entry.tensor.role == "bias" ? 0.3 : 1 / Double(entry.tensor.matrixShape.columns).squareRoot()
            RandomStream(seed: seed, entry.tensor.path).fillNormal(
                w.base + entry.offset, count: entry.tensor.count, standardDeviation: deviation)
        }
        return w
    }
}
