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

    /// Both gaps of J_n.
    ///
    /// Cost: a gradient of J_n for each point; for each trial a gradient of both, and for the gradient's gap up to a product with both
    /// Hessians beside it.
    /// - Parameter trials: how many places each ascent tries.
    package func gaps<Sample: TwiceDifferentiable>(
        of sample: Sample, trials: Int
    ) -> (risk: UniformGap, gradient: UniformGap) {
        let gap = RiskGap(sample, population)
        let found = places.map { place in
            let (value, gradient) = RiskGap<Sample, Whole>.difference(
                sample.gradient(at: place.w), (place.value, place.gradient))
            return StationarySearch.Place(w: place.w, value: value, gradient: gradient)
        }
        let risk = Ascent(gap, ball) {
            abs($0.value)
        } direction: { place in
            place.gradient.map { place.value < 0 ? -$0 : $0 }
        }
        // ∇ ½‖∇(J_n − J)‖² = (H_n − H) ∇(J_n − J).
        let gradient = Ascent(gap, ball) {
            $0.gradientNorm
        } direction: { place in
            var product = place.gradient
            gap.hessian(at: place.w).apply(place.gradient, &product)
            return product
        }
        return (risk.highest(of: found, trials: trials), gradient.highest(of: found, trials: trials))
    }
}

/// Climbs within Ω.
private struct Ascent<F: TwiceDifferentiable> {
    let function: Constrained<F>
    let radius: Double
    let height: (StationarySearch.Place) -> Double
    /// One in which the height grows.
    let direction: (StationarySearch.Place) -> [Double]

    init(
        _ function: F, _ ball: WeightBall, height: @escaping (StationarySearch.Place) -> Double,
        direction: @escaping (StationarySearch.Place) -> [Double]
    ) {
        self.function = Constrained(function, ball.held)
        radius = ball.radius
        (self.height, self.direction) = (height, direction)
    }

    /// From the best place, steps along the direction that are drawn back into Ω and taken where they lead up. The first one is as
    /// long as r, the next twice the last, or half of one that did not.
    func highest(of places: [StationarySearch.Place], trials: Int) -> UniformGap {
        var best = places[0]
        for place in places where height(place) > height(best) { best = place }
        let atRandom = height(best)
        var (step, p, tried) = (radius, [Double](), 0)
        while tried < trials, step > Double.ulpOfOne * radius {
            if p.isEmpty {
                let slope = direction(best)
                let length = Double.dot(slope.count, slope, slope).squareRoot()
                guard length > 0 else { break }
                p = slope.map { $0 / length }
            }
            tried += 1
            let next = StationarySearch.Place(function.function, function.moved(best.w, along: p, by: step))
            if height(next) > height(best) {
                (best, p, step) = (next, [], 2 * step)
            } else {
                step /= 2
            }
        }
        return UniformGap(value: height(best), w: best.w, atRandom: atRandom, points: places.count, trials: tried)
    }
}
