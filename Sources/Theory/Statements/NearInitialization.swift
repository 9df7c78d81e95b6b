/// The weights and the ReLU patterns stay near where they began.
///
/// Largest relative drift ‖W_t − W_0‖_F/‖W_0‖_F of a trained tensor and largest share of flipped ReLU units of a layer,
/// by the marks of the lab, since the theorems' constants are hidden (Allen-Zhu, Li, Song 2019, Theorem 1). With λ_min
/// along the run at hand also the bound with explicit constants ¼α‖W_t − W_0‖ + ‖r_t‖ ≤ ‖r_0‖, α² = min λ_min(Θ_t) (Oymak,
/// Soltanolkotabi 2018, eq. 2.4), judged for the small steps that it is stated for, ηcλ_max ≤ 1.
func nearInitialization(_ run: RunEvidence) -> Certificate {
    let series = run.series
    var parts: [Part] = []
    var quantities: [Quantity] = []
    var missing: [String] = []
    func judge(_ family: String, _ name: String, _ line: String) {
        guard let largest = series.largest(of: family) else {
            parts.append(Part(.cannotTell, "\(name) was not recorded"))
            missing.append(line)
            return
        }
        quantities.append(
            Quantity(
                name, largest.value,
                mark: "\(largest.member), step \(largest.step); at most \(shown(Marks.change.small))"))
        parts.append(
            Part(Marks.verdict(change: largest.value), "\(name) up to \(shown(largest.value)) (\(largest.member))"))
    }
    judge("weight_drift_relative", "‖W_t − W_0‖_F/‖W_0‖_F", "the drift of each tensor: tracking.drift: true")
    judge("pattern_flips", "share of flipped ReLU units", "ReLU patterns: tracking.pattern_samples: 256")
    for (family, name) in [("weight_drift_spectral", "‖W_t − W_0‖₂"), ("weight_drift_row", "max_r ‖w_r(t) − w_r(0)‖")] {
        guard let largest = series.largest(of: family) else { continue }
        quantities.append(Quantity(name, largest.value, mark: "\(largest.member), step \(largest.step)"))
    }
    if let bound = PathBound(run) {
        quantities.append(
            Quantity("max ¼α‖W_t − W_0‖/(‖r_0‖ − ‖r_t‖)", bound.largest, mark: "at most 1, step \(bound.step)"))
        if let part = bound.part { parts.append(part) }
    }
    return Certificate(.nearInitialization, parts, quantities, missing: missing)
}

/// The largest ¼α‖W_t − W_0‖/(‖r_0‖ − ‖r_t‖) along a full-batch descent on the squared loss.
private struct PathBound {
    var step = 0
    var largest = 0.0
    /// Whether ηcλ_max ≤ 1 all along.
    let hasSmallSteps: Bool

    init?(_ run: RunEvidence) {
        let (series, setting) = (run.series, run.setting)
        let eigenvalues = series.known("kernel_lambda_min").map(\.value)
        let largest = series.known("kernel_lambda_max").map(\.value)
        guard run.kernelIsWhole, setting.isSquaredLoss, setting.isFullBatch, setting.momentum == 0,
            // ‖r‖² is 2F/c for the network itself: the lazy form's residual is α times another's.
            setting.objectiveScale == 1, let least = eigenvalues.min(), least > 0, eigenvalues.count == largest.count,
            let start = series.known("train_loss").first?.value, start > 0
        else { return nil }
        let rate = series.known("learning_rate").map(\.value).max() ?? .infinity
        hasSmallSteps = rate * setting.reductionWeight * (largest.max() ?? .infinity) <= 1
        let (losses, drifts) = (series["train_loss"], series["weight_drift"])
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
