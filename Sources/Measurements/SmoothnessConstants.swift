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
            points.reduce(0) { $0 + f($1.r, $1.delta) / ($1.r * $1.r * $1.r) }
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
