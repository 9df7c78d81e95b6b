import Measurements

extension [LandscapeEvidence] {
    /// The numbers behind semi-smoothness, over all steps; at least one.
    var smoothness: [Quantity] {
        let worst = self.max { $0.lostShare.upperBound < $1.lostShare.upperBound } ?? self[0]
        let bent = self.max { $0.concaveShare.upperBound < $1.concaveShare.upperBound } ?? self[0]
        let sharpest = self.max { $0.largestCurvature.value < $1.largestCurvature.value } ?? self[0]
        let lowest = self.min { $0.smallestCurvature.value < $1.smallestCurvature.value } ?? self[0]
        let constants = self.flatMap { record in record.rays.map { SmoothnessConstants($0, at: record) } }
        func curvature(_ name: String, _ ritz: (value: Double, residual: Double), _ step: Int) -> Quantity {
            Quantity(
                name, ritz.value,
                interval: ritz.residual >= 0 ? (ritz.value - ritz.residual)...(ritz.value + ritz.residual) : nil,
                note: "step \(step); an eigenvalue lies in this interval, the end itself there or beyond")
        }
        return [
            Quantity(
                "largest Δ(η∇F)/(η‖∇F‖²)", worst.lostShare.middle, interval: worst.lostShare,
                note: "below 1, at step \(worst.step)", .below(1)),
            Quantity(
                "largest −Δ(r)/(r‖∇F‖)", bent.concaveShare.middle, interval: bent.concaveShare,
                note: "at most 1, at step \(bent.step)", .atMost(1)),
            Quantity("F gained along curvature over that along ∇F", self.map(\.depthRatio).max() ?? .nan),
            curvature("smallest λ_min(∇²F)", lowest.smallestCurvature, lowest.step),
            curvature("largest λ_max(∇²F)", sharpest.largestCurvature, sharpest.step),
            spread("a of a√F‖W'‖", constants.map(\.rootTerm)), spread("b of b‖W'‖²", constants.map(\.squareTerm)),
            spread("a of the lower bound −a√F‖W'‖", constants.map(\.concaveTerm)),
            Quantity("directions and steps", Double(constants.count)),
        ]
    }
}

/// Median and range of a constant over directions and steps.
private func spread(_ name: String, _ values: [Double]) -> Quantity {
    let sorted = values.filter(\.isFinite).sorted()
    guard let low = sorted.first, let high = sorted.last else { return Quantity(name, .nan) }
    return Quantity(
        name, sorted[sorted.count / 2], interval: low...high, note: "median, range over directions and steps")
}

extension ClosedRange<Double> {
    fileprivate var middle: Double { (lowerBound + upperBound) / 2 }
}
