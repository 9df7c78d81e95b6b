import RealModule
import Sampling
import StationaryPoints

/// Ω: all weights with ‖W_j‖_F ≤ r in each layer.
package struct WeightBall: Sendable {
    /// Where each W_j lies in w.
    package let layers: [Range<Int>]
    /// r.
    package let radius: Double

    /// - Precondition: a positive radius.
    package init(_ network: PlainNetwork, radius: Double) {
        precondition(radius > 0, "a radius is positive")
        (layers, self.radius) = (network.blocks, radius)
    }

    /// Each layer in its ball, for steps that are drawn back.
    var held: [HeldBlock] { layers.map { HeldBlock($0, radius: radius, on: .ball) } }

    /// The largest ‖W_j‖_F: within r where w is in Ω.
    package func largestNorm(_ w: [Double]) -> Double {
        layers.reduce(0) { largest, layer in max(largest, layer.reduce(0) { $0 + w[$1] * w[$1] }.squareRoot()) }
    }

    /// Point k of a seed: each layer in a direction that is uniform, for even k on the surface of its ball, for odd k uniform within.
    package func point(_ k: Int, seed: UInt64) -> [Double] {
        let count = layers.last?.upperBound ?? 0
        var w = [Double](repeating: 0, count: count)
        RandomStream(seed: seed, "population/points/\(k)").fillNormal(&w, count: count, standardDeviation: 1)
        let lengths = RandomStream(seed: seed, "population/lengths/\(k)")
        for (j, layer) in layers.enumerated() {
            let share = k % 2 == 0 ? 1 : Double.pow(lengths.uniform(j), 1 / Double(layer.count))
            let length = layer.reduce(0) { $0 + w[$1] * w[$1] }.squareRoot()
            for i in layer { w[i] *= share * radius / length }
        }
        return w
    }
}
