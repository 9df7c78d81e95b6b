import Measurements
import RealModule

extension LandscapeEvidence {
    static let gradient = "gradient"
    static let curvature = "curvature"

    /// What a difference of two values of F in float64 may be off by: 1024 u F.
    var rounding: Double { 512 * Double.ulpOfOne * loss }

    /// Δ of the step −η∇F over η‖∇F‖², whatever the rounding of F.
    var lostShare: ClosedRange<Double> {
        let gain = learningRate * gradientNorm * gradientNorm
        let share = (lossAfterStep - loss + gain) / gain
        guard share.isFinite else { return -.infinity ... .infinity }
        return (share - rounding / gain)...(share + rounding / gain)
    }

    /// The largest −Δ(r)/(r‖∇F‖) over directions and radii, at least 0, whatever the rounding of F. Where rounding hides it
    /// at every radius as long as the step, it may be anything.
    var concaveShare: ClosedRange<Double> {
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
    func depth(along name: String) -> Double {
        let least = rays.filter { $0.name.hasPrefix(name) }.flatMap(\.losses).filter(\.isFinite).min() ?? loss
        return max(loss - least, 0)
    }

    var depthRatio: Double {
        let along = max(depth(along: Self.gradient), loss - lossAfterStep)
        let negative = depth(along: Self.curvature)
        return negative == 0 ? 0 : negative / max(along, .leastNormalMagnitude)
    }
}

/// a and b of one ray at one step.
package struct SmoothnessConstants: Sendable {
    /// a ≥ 0 and b ≥ 0 with the least squares of (a√F r + b r² − Δ(r))/r^1.5: a weight between those of r and r².
    package let rootTerm: Double
    package let squareTerm: Double
    /// The least a' ≥ 0 with Δ(r) ≥ −a'√F r on the ladder: how far from convex.
    package let concaveTerm: Double

    package init(_ ray: LandscapeEvidence.Ray, at record: LandscapeEvidence) {
        let root = record.loss.squareRoot()
        let points = zip(ray.radii, ray.losses).map { r, f in (r: r, delta: f - record.loss - r * ray.slope) }
            .filter { $0.delta.isFinite }
        concaveTerm = points.map { max(-$0.delta / (root * $0.r), 0) }.max() ?? .nan
        func sums(_ f: (Double, Double) -> Double) -> Double {
            points.reduce(0) { $0 + f($1.r, $1.delta) / Double.pow($1.r, 3) }
        }
        let (aa, ab, bb) = (
            sums { r, _ in root * root * r * r }, sums { r, _ in root * r * r * r }, sums { r, _ in r * r * r * r }
        )
        let (ad, bd) = (sums { r, d in root * r * d }, sums { r, d in r * r * d })
        let determinant = aa * bb - ab * ab
        var (a, b) = ((ad * bb - bd * ab) / determinant, (bd * aa - ad * ab) / determinant)
        if !(a >= 0) { (a, b) = (0, max(bd / bb, 0)) }
        if !(b >= 0) { (a, b) = (max(ad / aa, 0), 0) }
        rootTerm = points.count > 1 ? a : .nan
        squareTerm = points.count > 1 ? b : .nan
    }
}
