/// The weights and the ReLU patterns stay near where they began.
///
/// Largest relative drift ‖W_t − W_0‖_F/‖W_0‖_F of a trained tensor and largest share of flipped ReLU units of a layer,
/// by the marks of the lab, since the theorems' constants are hidden (Allen-Zhu, Li, Song 2019, Theorem 1 and Lemma
/// 8.2). With λ_min along the run at hand also the bound with explicit constants
/// ¼α‖W_t − W_0‖ + ‖r_t‖ ≤ ‖r_0‖, α² = min λ_min(Θ_t) (Oymak, Soltanolkotabi 2019, eq. 2.4).
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
        parts.append(
            bound.largest <= 1
                ? Part(.holds, "the path is \(shown(bound.largest)) of what ¼α‖W_t − W_0‖ + ‖r_t‖ ≤ ‖r_0‖ allows")
                : Part(
                    .fails,
                    bound.largest.isInfinite
                        ? "the loss is above its start at step \(bound.step), which ¼α‖W_t − W_0‖ + ‖r_t‖ ≤ ‖r_0‖ forbids"
                        : "the path is \(shown(bound.largest)) times what ¼α‖W_t − W_0‖ + ‖r_t‖ ≤ ‖r_0‖ allows, at step \(bound.step)"
                ))
    }
    return Certificate(.nearInitialization, parts, quantities, missing: missing)
}

/// The largest ¼α‖W_t − W_0‖/(‖r_0‖ − ‖r_t‖) along a full-batch descent on the squared loss.
private struct PathBound {
    var step = 0
    var largest = 0.0

    init?(_ run: RunEvidence) {
        let eigenvalues = run.series.known("kernel_lambda_min").map(\.value)
        guard run.kernelIsWhole, run.setting.isSquaredLoss, run.setting.isFullBatch, !run.setting.hasMomentum,
            // ‖r‖² is 2F/c for the network itself: the lazy form's residual is α times another's.
            run.setting.objectiveScale == 1, let least = eigenvalues.min(), least > 0,
            eigenvalues.count == run.series.known("kernel_lambda_max").count,
            let start = run.series.known("train_loss").first?.value
        else { return nil }
        let weight = run.setting.reductionWeight
        let (losses, drifts) = (run.series["train_loss"], run.series["weight_drift"])
        for (row, step) in run.series.steps.enumerated() where losses[row].isFinite && drifts[row].isFinite {
            let fallen = (2 * start / weight).squareRoot() - (2 * losses[row] / weight).squareRoot()
            guard drifts[row] > 0 else { continue }
            // A loss above the start leaves no path at all.
            let value = fallen > 0 ? least.squareRoot() * drifts[row] / 4 / fallen : .infinity
            if value > largest { (self.step, largest) = (step, value) }
        }
    }
}
