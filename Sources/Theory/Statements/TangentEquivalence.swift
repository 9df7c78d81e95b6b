/// The network moves as its linearization at the start: the kernel changes little, its smallest eigenvalue keeps half of
/// its value, and the outputs stay near what Θ_0 predicts, on training and test samples.
///
/// Source: Allen-Zhu, Li, Song 2019, Theorem 5; Lee et al. 2019, Theorem 2.1. Half of λ_min(Θ_0) is what the rate
/// (1 − ηλ/2)^t of Du, Lee, Li, Wang, Zhai 2019 needs. What counts as little: `Marks.change`.
func tangentEquivalence(_ run: RunEvidence) -> Certificate {
    if run.setting.isLinearized {
        return Certificate(
            .tangentEquivalence, .cannotTell,
            "the linearization itself was trained: there is nothing to compare it with",
            missing: ["the network itself: training.linearized: false"])
    }
    let series = run.series
    var parts: [Part] = []
    var quantities: [Quantity] = []
    func judge(_ metric: String, _ name: String, _ line: String) {
        let known = series.known(metric)
        guard let last = known.last, let largest = known.max(by: { $0.value < $1.value }) else {
            parts.append(Part(.cannotTell, "\(name) was not recorded", missing: [line]))
            return
        }
        // What was measured near the start says nothing of the rest.
        guard last.step >= (series.steps.last ?? 0) / 10 else {
            parts.append(Part(.cannotTell, "\(name) was recorded up to step \(last.step) only", missing: [line]))
            return
        }
        quantities.append(
            Quantity(name, largest.value, mark: "step \(largest.step); at most \(shown(Marks.change.small))"))
        parts.append(Part(Marks.verdict(change: largest.value), "\(name) up to \(shown(largest.value))"))
    }
    let prediction = "predictions from Θ_0, of full-batch descent on the squared loss: tracking.prediction: true"
    judge("kernel_drift", "‖Θ_t − Θ_0‖/‖Θ_0‖", run.wholeKernelLine)
    if let (part, found) = smallestEigenvalue(run) {
        let remedy = part.verdict == .cannotTell ? [run.smallerErrorLine] : []
        parts.append(Part(part.verdict, part.reason, missing: remedy))
        quantities += found
    }
    judge("prediction_gap", "‖f − f_lin‖/‖r_0‖ on training samples", prediction)
    judge(
        "prediction_gap_test", "‖f − f_lin‖/‖f‖ on test samples",
        series.known("prediction_gap").isEmpty ? prediction : "test samples: data.test_samples")
    return Certificate(.tangentEquivalence, parts, quantities)
}

/// min λ_min(Θ_t) against half of λ_min(Θ_0), whatever their errors within their bounds; nil without a kernel.
private func smallestEigenvalue(_ run: RunEvidence) -> (Part, [Quantity])? {
    let series = run.series
    let (values, largest) = (series["kernel_lambda_min"], series["kernel_lambda_max"])
    let errors = series["kernel_lambda_error"].map { $0 >= 0 ? $0 : 0 }
    let rows = series.steps.indices.filter { largest[$0].isFinite }
    guard let start = rows.first else { return nil }
    let which = run.kernelIsWhole ? "" : " of the recorded kernel (not that of all samples and outputs)"
    guard values[start] > 0, values[start].isFinite, errors[start].isFinite,
        let least = rows.filter({ values[$0] > 0 }).min(by: { values[$0] < values[$1] })
    else {
        return (Part(.cannotTell, "λ_min(Θ_0)\(which) is smaller than its error"), [])
    }
    let ratio = values[least] / values[start]
    let quantities = [
        Quantity(
            "λ_min(Θ_0)", values[start],
            interval: (values[start] - errors[start])...(values[start] + errors[start]),
            mark: "error bound of its arithmetic"),
        Quantity("min λ_min(Θ_t)/λ_min(Θ_0)", ratio, mark: "step \(series.steps[least]); at least 0.5"),
    ]
    if let lost = rows.first(where: { !(values[$0] > 0) }) {
        return (
            Part(.cannotTell, "λ_min(Θ_t)\(which) is smaller than its error at step \(series.steps[lost])"), quantities
        )
    }
    // Both errors at their worst, one way and the other.
    let (now, before) = ((values[least], errors[least]), (values[start], errors[start]))
    if now.0 + now.1 < (before.0 - before.1) / 2 {
        return (Part(.fails, "λ_min(Θ_t)\(which) falls to \(shown(ratio)) of λ_min(Θ_0)"), quantities)
    }
    if now.0 - now.1 >= (before.0 + before.1) / 2 {
        return (Part(.holds, "λ_min(Θ_t)\(which) ≥ \(shown(ratio)) λ_min(Θ_0)"), quantities)
    }
    return (
        Part(.cannotTell, "λ_min(Θ_t)\(which) = \(shown(ratio)) λ_min(Θ_0), within their errors of one half"),
        quantities
    )
}
