import LinearAlgebra
import StationaryPoints

/// The largest gap between J_n and J that was found in Ω: a lower bound of the supremum, never the supremum for certain.
package struct UniformGap: Sendable {
    /// |J_n − J| or ‖∇J_n − ∇J‖ at `w`.
    package let value: Double
    package let w: [Double]
    /// The largest at a random point, from which the ascent began.
    package let atRandom: Double
    /// How many random points were tried.
    package let points: Int
    /// How many places the ascent tried.
    package let trials: Int

    /// By what factor the ascent raised it.
    package var gain: Double { value / atRandom }
    package var summary: String {
        "at least \(value): \(atRandom) at the best of \(points) random points, times \(gain) in \(trials) trials of ascent"
    }
}

/// Looks for the weights in Ω where J_n and ∇J_n are farthest from J and ∇J.
///
/// J is asked at the random points once, for all samples that are compared with it.
package struct GapSearch<Whole: TwiceDifferentiable> {
    package let population: Whole
    package let ball: WeightBall
    private let places: [StationarySearch.Place]

    /// Cost: `points` gradients of J.
    /// - Precondition: a point at least.
    package init(_ population: Whole, _ ball: WeightBall, points: Int, seed: UInt64) {
        precondition(points > 0, "a search begins at a point")
        (self.population, self.ball) = (population, ball)
        places = (0..<points).map { StationarySearch.Place(population, ball.point($0, seed: seed)) }
    }

    /// The largest J and ‖∇J‖ at the random points: scales for gaps.
    package var scales: (risk: Double, slope: Double) {
        places.reduce((0, 0)) { (max($0.0, $1.value), max($0.1, $1.gradientNorm)) }
    }

    /// Both gaps of J_n. That of the risk is sought upwards from where J_n − J is highest, and downwards from where it is lowest.
    ///
    /// Cost: a gradient of J_n for each point; for each trial a gradient of both, and for the gradient's gap up to a product with both
    /// Hessians beside it.
    /// - Parameters:
    ///   - climbs: from how many of the best points an ascent begins, for the risk each way. A gap has local maxima.
    ///   - trials: how many places each ascent tries.
    package func gaps<Sample: TwiceDifferentiable>(
        of sample: Sample, climbs: Int = 1, trials: Int
    ) -> (risk: UniformGap, gradient: UniformGap) {
        let gap = RiskGap(sample, population)
        let found = places.map { place in
            let (value, gradient) = RiskGap<Sample, Whole>.difference(
                sample.gradient(at: place.w), (place.value, place.gradient))
            return StationarySearch.Place(w: place.w, value: value, gradient: gradient)
        }
        let ways = [1.0, -1].map { sign in
            Ascent(gap, ball) {
                sign * $0.value
            } direction: {
                $0.gradient.map { sign * $0 }
            }
            .highest(of: found, climbs: climbs, trials: trials)
        }
        // ∇ ½‖∇(J_n − J)‖² = (H_n − H) ∇(J_n − J).
        let steepest = Ascent(gap, ball) {
            $0.gradientNorm
        } direction: { place in
            var product = place.gradient
            gap.hessian(at: place.w).apply(place.gradient, &product)
            return product
        }.highest(of: found, climbs: climbs, trials: trials)
        return (ways[0].joined(with: ways[1]), steepest)
    }
}

extension UniformGap {
    /// The larger one of two searches that began at the same points.
    fileprivate func joined(with other: UniformGap) -> UniformGap {
        let larger = value >= other.value ? self : other
        return UniformGap(
            value: larger.value, w: larger.w, atRandom: max(atRandom, other.atRandom), points: points,
            trials: trials + other.trials)
    }
}
