import RealModule

/// Around the run's weights, F is what its gradient says up to a√F‖W'‖ + b‖W'‖², and almost convex.
///
/// Δ(r) = F(W + r d) − F(W) − r⟨∇F, d⟩ over a ladder of radii gives a ≥ 0 and b ≥ 0 for each direction, by least squares
/// (Allen-Zhu, Li, Song 2019, Theorem 4). What the proof of convergence needs of it is that the step −η∇F loses less than
/// it gains: Δ < η‖∇F‖². Almost convex (their Figure 1): what bends down, −Δ(r), is nowhere on the ladder more than what the
/// gradient gives at the same distance, r‖∇F‖.
func semiSmoothness(_ run: RunEvidence, _ descent: RecordedDescent) -> Certificate {
    let line = "the loss around the weights: tracking.landscape: {directions: 3}"
    let end = descent.lastRow.map { run.series.steps[$0] } ?? .max
    let records = run.landscapes.filter { $0.step <= end && $0.gradientNorm > 0 && $0.loss > 0 }
    guard !records.isEmpty else {
        return Certificate(.semiSmoothness, .cannotTell, "no landscape was recorded", missing: [line])
    }
    let worst = records.max { $0.lostShare < $1.lostShare } ?? records[0]
    let bent = records.max { $0.concaveShare < $1.concaveShare } ?? records[0]
    let constants = records.flatMap { record in record.rays.map { SmoothnessConstants($0, at: record) } }
    let quantities =
        [
            Quantity("largest Δ(η∇F)/(η‖∇F‖²)", worst.lostShare, mark: "below 1, at step \(worst.step)"),
            Quantity("largest −Δ(r)/(r‖∇F‖)", bent.concaveShare, mark: "at most 1, at step \(bent.step)"),
            Quantity("F gained along curvature over that along ∇F", records.map(\.depthRatio).max() ?? .nan),
            Quantity(
                "max −λ_min(∇²F)/λ_max(∇²F)",
                records.map { -$0.smallestCurvature.value / $0.largestCurvature.value }.max() ?? .nan),
            spread("a of a√F‖W'‖", constants.map(\.rootTerm)), spread("b of b‖W'‖²", constants.map(\.squareTerm)),
            spread("a of the lower bound −a√F‖W'‖", constants.map(\.concaveTerm)),
            Quantity("directions and steps", Double(constants.count)),
        ]
    let parts = [
        worst.lostShare < 1
            ? Part(.holds, "each step −η∇F keeps \(shown(1 - worst.lostShare)) of its first-order descent or more")
            : Part(
                .fails,
                "at step \(worst.step) the step −η∇F loses \(shown(worst.lostShare)) times its first-order descent"),
        bent.concaveShare <= 1
            ? Part(.holds, "F bends down by at most \(shown(bent.concaveShare)) of what the gradient gives")
            : Part(
                .fails,
                "at step \(bent.step) F bends down by \(shown(bent.concaveShare)) times what the gradient gives"),
        records.count > 1 ? Part(.holds, "") : Part(.cannotTell, "measured at one step only"),
    ]
    return Certificate(
        .semiSmoothness, parts, quantities,
        missing: records.count > 1 ? [] : ["more steps: tracking.landscape.per_decade, or a longer run"])
}

/// Median and range of a constant over directions and steps.
private func spread(_ name: String, _ values: [Double]) -> Quantity {
    let sorted = values.filter(\.isFinite).sorted()
    guard let low = sorted.first, let high = sorted.last else { return Quantity(name, .nan) }
    return Quantity(
        name, sorted[sorted.count / 2], interval: low...high, mark: "median, range over directions and steps")
}

extension LandscapeEvidence {
    static let gradient = "gradient"
    static let curvature = "curvature"

    /// Δ of the step −η∇F over η‖∇F‖².
    var lostShare: Double {
        let gain = learningRate * gradientNorm * gradientNorm
        return (lossAfterStep - loss + gain) / gain
    }

    /// The largest −Δ(r)/(r‖∇F‖) over directions and radii, at least 0.
    var concaveShare: Double {
        let root = loss.squareRoot()
        return (rays.map { SmoothnessConstants($0, at: self).concaveTerm }.filter(\.isFinite).max() ?? 0) * root
            / gradientNorm
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
public struct SmoothnessConstants: Sendable {
    /// a ≥ 0 and b ≥ 0 with the least squares of (a√F r + b r² − Δ(r))/r^1.5, between what r and r² would weigh.
    public let rootTerm: Double
    public let squareTerm: Double
    /// The least a' ≥ 0 with Δ(r) ≥ −a'√F r on the ladder: how far from convex.
    public let concaveTerm: Double

    public init(_ ray: LandscapeEvidence.Ray, at record: LandscapeEvidence) {
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
