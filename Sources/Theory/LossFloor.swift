/// Losses that rounding errors make.
struct LossFloor {
    private let run: RunEvidence
    private let start: Double
    private let initialNorm: Double

    init(_ run: RunEvidence, start: Double) {
        self.run = run
        self.start = start
        let drifts = zip(run.series["weight_drift"], run.series["weight_drift_relative"])
        initialNorm = drifts.first { $0.0 > 0 && $0.1 > 0 }.map { $0.0 / $0.1 } ?? 0
    }

    /// F/F_0 that rounding errors of outputs make: (16 u)².
    static func ratio(_ roundoff: Double) -> Double { 256 * roundoff * roundoff }

    func holds(_ loss: Double, at row: Int) -> Bool {
        guard loss.isFinite else { return false }
        let u = run.setting.roundoff
        if run.setting.isSquaredLoss, loss <= Self.ratio(u) * start { return true }
        let (gradient, rate) = (run.series["gradient_norm"][row], run.series["learning_rate"][row])
        return rate > 0 && rate * gradient <= u * initialNorm / 4 && loss <= 16 * u * start
    }
}
