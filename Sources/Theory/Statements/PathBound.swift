import Descents
import Measurements
import Statistics

/// The largest ¼α‖W_t − W_0‖/(‖r_0‖ − ‖r_t‖) along a full-batch descent on the squared loss, α² = min λ_min(Θ_t) less
/// its error and what it may dip by between kernels.
struct PathBound {
    private(set) var step = 0
    private(set) var largest = 0.0
    /// Whether ηcλ_max ≤ 1 all along.
    private let hasSmallSteps: Bool

    /// nil where the bound speaks of other runs, or nothing of it was recorded.
    init?(_ run: RunEvidence) {
        let (series, setting) = (run.series, run.setting)
        let largest = series.known(.kernelLambdaMax).map(\.value)
        guard run.kernelIsWhole, setting.isSquaredLoss, setting.isFullBatch, setting.takesPlainSteps,
            // ‖r‖² is 2F/c for the network itself: the lazy form's residual is α times another's.
            setting.objectiveScale == 1, series.known(.kernelLambdaMin).count == largest.count,
            let least = KernelRange(run, through: series.steps.count - 1)?.lowest, least > 0,
            let start = series.known(.trainLoss).first?.value, start > 0
        else { return nil }
        let rate = series.known(.learningRate).map(\.value).max() ?? .infinity
        hasSmallSteps = rate * setting.reductionWeight * (largest.max() ?? .infinity) <= 1
        let (losses, drifts) = (series[.trainLoss], series[.weightDrift])
        let alpha = least.squareRoot()
        for (row, step) in series.steps.enumerated() where losses[row].isFinite && drifts[row] > 0 {
            let fallen = 1 - (losses[row] / start).squareRoot()
            // Before the loss has moved by more than rounding, the quotient says nothing.
            guard abs(fallen) > 1000 * setting.roundoff else { continue }
            let path = alpha * drifts[row] / 4 / (2 * start / setting.reductionWeight).squareRoot()
            let value = fallen > 0 ? path / fallen : .infinity
            if value > self.largest { (self.step, self.largest) = (step, value) }
        }
    }

    /// nil where the bound is not stated for such steps.
    var part: Part? {
        guard hasSmallSteps else { return nil }
        if largest <= 1 {
            return Part(.holds, "the path is \(shown(largest)) of what ¼α‖W_t − W_0‖ + ‖r_t‖ ≤ ‖r_0‖ allows")
        }
        return Part(
            .fails,
            largest.isInfinite
                ? "the loss is above its start at step \(step), which ¼α‖W_t − W_0‖ + ‖r_t‖ ≤ ‖r_0‖ forbids"
                : "the path is \(shown(largest)) times what ¼α‖W_t − W_0‖ + ‖r_t‖ ≤ ‖r_0‖ allows, at step \(step)")
    }
}
