/// ‖∇F‖² stays at least 2μF with one μ > 0: the inequality of Polyak and Łojasiewicz along the run, from which no point on
/// it was critical; and at most what the largest eigenvalue allows.
///
/// For the squared loss ‖∇F‖²/(2F) = c rᵀΘ_t r/rᵀr lies between cλ_min(Θ_t) and cλ_max(Θ_t): what Theorem 3 of Allen-Zhu,
/// Li, Song 2019 bounds by constants of its own. Judged against half of cλ_min(Θ_0), which the theory keeps; without
/// it, against the run's own time: where 2μ ∫η dt < 1 the loss could not have fallen by e in all its steps.
func noCriticalPoint(_ run: RunEvidence, _ descent: RecordedDescent) -> Certificate {
    guard let row = descent.lastRow else {
        return Certificate(.noCriticalPoint, .cannotTell, "no training loss was recorded", missing: ["metrics.jsonl"])
    }
    let ratios = GradientRatios(run, through: row)
    guard let least = ratios.least, let first = ratios.points.first else {
        return Certificate(
            .noCriticalPoint, .cannotTell, "no gradient norm was recorded",
            missing: ["tracking.gradient_norm: true"])
    }
    let reach = 2 * least.value * ratios.time / (1 - run.setting.momentum)
    let quantities = [
        Quantity("min ‖∇F‖²/(2F)", least.value, mark: "at step \(least.step)"),
        Quantity("‖∇F‖²/(2F) at the start", first.value), Quantity("2μ ∫η dt", reach, mark: "above 1"),
        Quantity("cλ_min(Θ_0)", ratios.lowerStart ?? .nan, mark: "min at least half of it"),
        Quantity("max ‖∇F‖²/(2F) over cλ_max(Θ_t)", ratios.largestShare ?? .nan, mark: "at most 1"),
        Quantity("min ‖∇F‖²/(2F) over cλ_min(Θ_t)", ratios.smallestShare ?? .nan, mark: "at least 1"),
    ]
    if let start = ratios.lowerStart {
        return Certificate(.noCriticalPoint, [againstKernel(least.value, start), ratios.upperPart], quantities)
    }
    let lower = againstTime(least, first.value, reach: reach, descent)
    return Certificate(.noCriticalPoint, [lower, ratios.upperPart], quantities, missing: [whatBounds(run)])
}

private func againstKernel(_ mu: Double, _ start: Double) -> Part {
    mu >= start / 2
        ? Part(.holds, "‖∇F‖² ≥ 2μF with μ = \(shown(mu)), \(shown(mu / start)) times cλ_min(Θ_0)")
        : Part(.fails, "μ falls to \(shown(mu)), below half of cλ_min(Θ_0) = \(shown(start))")
}

/// - Parameter reach: 2μ ∫η dt.
private func againstTime(
    _ least: (step: Int, value: Double), _ first: Double, reach: Double, _ descent: RecordedDescent
) -> Part {
    let mu = shown(least.value)
    if reach < 1, least.value < first / 100 {
        return Part(
            .fails,
            "nearly critical at step \(least.step): μ = \(mu), so small that the loss needs "
                + "\(shown(1 / reach)) such runs to fall by e")
    }
    return descent.end != .last && reach >= 1
        ? Part(.holds, "‖∇F‖² ≥ 2μF with μ = \(mu) until the end")
        : Part(.cannotTell, "no critical point so far, and nothing bounds μ = \(mu) from below")
}

private func whatBounds(_ run: RunEvidence) -> String {
    if !run.setting.isSquaredLoss { return "a bound from the kernel, which the squared loss has: loss.kind: squared" }
    return run.kernelIsWhole ? run.smallerErrorLine : run.wholeKernelLine
}
