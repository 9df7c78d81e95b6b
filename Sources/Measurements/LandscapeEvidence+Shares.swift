/// What a landscape says of a step and of a direction, whatever the rounding of F.
extension LandscapeEvidence {
    package static let gradient = "gradient"
    package static let curvature = "curvature"

    /// What a difference of two values of F in float64 may be off by: 1024 u F.
    package var rounding: Double { 512 * Double.ulpOfOne * loss }

    /// Δ of the step −η∇F over η‖∇F‖², whatever the rounding of F.
    package var lostShare: ClosedRange<Double> {
        let gain = learningRate * gradientNorm * gradientNorm
        let share = (lossAfterStep - loss + gain) / gain
        guard share.isFinite else { return -.infinity ... .infinity }
        return (share - rounding / gain)...(share + rounding / gain)
    }

    /// The largest −Δ(r)/(r‖∇F‖) over directions and radii, at least 0, whatever the rounding of F. Where rounding hides it
    /// at every radius as long as the step, it may be anything.
    package var concaveShare: ClosedRange<Double> {
        let all = rays.flatMap { ray in
            zip(ray.radii, ray.losses).map { radius, value -> (radius: Double, low: Double, high: Double) in
                let bend = loss + radius * ray.slope - value
                let scale = radius * gradientNorm
                return (radius, (bend - rounding) / scale, (bend + rounding) / scale)
            }
        }.filter { $0.low.isFinite && $0.high.isFinite }
        // Short radii are lost in rounding errors.
        let told = all.filter { $0.high - $0.low <= 1 || $0.low > 1 }
        guard told.contains(where: { $0.low > 1 || $0.radius >= learningRate * gradientNorm }) else {
            return 0 ... .infinity
        }
        let low = max(told.map(\.low).max() ?? 0, 0)
        return low...max(told.map(\.high).max() ?? 0, low)
    }

    /// How far the loss can be brought down along the rays of a name, at least 0.
    package func depth(along name: String) -> Double {
        let least = rays.filter { $0.name.hasPrefix(name) }.flatMap(\.losses).filter(\.isFinite).min() ?? loss
        return max(loss - least, 0)
    }

    package var depthRatio: Double {
        let along = max(depth(along: Self.gradient), loss - lossAfterStep)
        let negative = depth(along: Self.curvature)
        return negative == 0 ? 0 : negative / max(along, .leastNormalMagnitude)
    }
}
