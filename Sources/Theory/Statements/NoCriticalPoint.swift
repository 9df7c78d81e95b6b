import Descents
import Measurements
import Statistics

extension Statement {
    /// ‖∇F‖² stays at least 2μ(F − F*) with one μ > 0: the inequality of Polyak and Łojasiewicz along the run. Then no point
    /// on it above the least loss was critical.
    ///
    /// For the squared loss the ratio μ is between cλ(Θ_t), smallest on the range, and cλ_max(Θ_t). Theorem 3 of Allen-Zhu,
    /// Li, Song 2019 bounds it by constants of its own.
    ///
    /// It holds where the ratio stays above half of cλ(Θ_0), or where the loss was shown to fall linearly: the ratio is half
    /// of that rate. It fails where a law of the loss excludes a rate, and where the run ends at a gradient of 0 above a
    /// loss that is known to be possible.
    public static let noCriticalPoint = Statement(
        3, "No critical point on the way",
        source: "after Allen-Zhu, Li, Song 2019, Theorem 3; Allen-Zhu, Li, Song 2018 (recurrent networks), Theorem 3",
        why:
            "Where ‖∇F‖² ≥ 2μ(F − F*) with one μ > 0 (Polyak, Łojasiewicz), a gradient of 0 is possible at F = F* alone. For the squared "
            + "loss μ is at least c times the smallest eigenvalue of Θ_t on its range.",
        refutation:
            "A gradient of 0 above a loss that is known to be possible, or a ratio that goes to 0 with the loss.",
        isOfWholeDescent: true,
        certificate: { judge($0.run, $0.descent, $0.convergence) })
}

private func judge(_ run: RunEvidence, _ descent: RecordedDescent, _ convergence: Certificate) -> Certificate {
    guard let row = descent.lastRow else {
        let starts = descent.firstLoss?.loss == 0
        return Certificate(
            .noCriticalPoint, .cannotTell,
            starts ? "the loss is 0 from the start: there is no way" : "no training loss was recorded",
            missing: starts ? [] : [.trainingLoss])
    }
    let ratios = GradientRatios(run, through: row)
    guard let least = ratios.least, let first = ratios.points.first else {
        let isThere = !run.series.known(.gradientNorm).isEmpty
        return Certificate(
            .noCriticalPoint, .cannotTell,
            isThere ? "no gradient above the least loss was recorded" : "no gradient norm was recorded",
            missing: isThere ? [] : [.gradientNorm])
    }
    let start = KernelRange(run, through: row).flatMap { ratios.bounds.isEmpty ? nil : $0.start }
    let weight = run.setting.reductionWeight
    let quantities = [
        Quantity(
            "min ‖∇F‖²/(2(F − F*))", least.value, note: "at step \(least.step)",
            start.map { .atLeast(weight * ($0.value + $0.error) / 2) }),
        Quantity("‖∇F‖²/(2(F − F*)) at the start", first.value),
        Quantity("2μ ∫η dt", ratios.reach, note: "what ln F falls by at least, for small steps"),
        Quantity(
            "cλ(Θ_0)", start.map { weight * $0.value } ?? .nan, note: "smallest on the range; min at least half of it"),
        Quantity(
            "max ‖∇F‖²/(2F) over cλ_max(Θ_t)", ratios.largestShare ?? .nan, note: "at most 1, but for rounding",
            .atMost(1.01)),
    ]
    let part =
        contradiction(ratios) ?? critical(run, descent) ?? lawless(run, descent, convergence) ?? bounded(
            run, ratios, start, weight, row)
        ?? along(run, ratios, convergence, row)
    return Certificate(.noCriticalPoint, [part], quantities)
}

/// Numbers that can't all be right.
private func contradiction(_ ratios: GradientRatios) -> Part? {
    guard let share = ratios.largestShare, share > 1.01 else { return nil }
    return Part(
        .cannotTell,
        "‖∇F‖² is \(shown(share)) times its bound 2cλ_max(Θ_t) F: gradients and kernels contradict each other")
}

/// A gradient of 0 at a loss above one that is possible.
private func critical(_ run: RunEvidence, _ descent: RecordedDescent) -> Part? {
    descent.criticalEnd(run).map { step, loss in
        Part(
            .fails,
            "at step \(step) the gradient is 0 at F = \(shown(loss)), where \(shown(descent.least.smallestSeen)) is possible: a "
                + "critical point")
    }
}

/// Where a law excludes a rate of the loss, it excludes a bound of the ratio.
private func lawless(_ run: RunEvidence, _ descent: RecordedDescent, _ convergence: Certificate) -> Part? {
    guard convergence.verdict == .fails else { return nil }
    return descent.hasDiverged(run)
        ? Part(.cannotTell, convergence.reason)
        : Part(
            .fails,
            "the ratio falls with the loss, and no μ bounds it (\(Statement.linearConvergence.number)): \(convergence.reason)"
        )
}

private func bounded(
    _ run: RunEvidence, _ ratios: GradientRatios, _ start: (value: Double, error: Double)?, _ weight: Double,
    _ row: Int
) -> Part? {
    guard let start, let least = ratios.least, isFollowed(run, ratios, row) else { return nil }
    guard least.value >= weight * (start.value + start.error) / 2 else { return nil }
    return Part(
        .holds,
        "‖∇F‖² ≥ 2μ(F − F*) with μ = \(shown(least.value)), \(shown(least.value / (weight * start.value))) times cλ(Θ_0)"
    )
}

/// Whether gradients are known at all rows that measured them, and cover the descent. A function that is affine in its
/// weights has a bounded ratio everywhere.
private func isFollowed(_ run: RunEvidence, _ ratios: GradientRatios, _ row: Int) -> Bool {
    let rows = run.series.rows(.gradientNorm)
    return ratios.unknown == 0
        && (run.references?.isAffine == true || Coverage(run, at: rows, through: row).isDense())
}

private func along(_ run: RunEvidence, _ ratios: GradientRatios, _ convergence: Certificate, _ row: Int) -> Part {
    let mu = shown(ratios.least?.value ?? .nan)
    // For small steps the rate is 2μη.
    if convergence.verdict == .holds, ratios.reach >= 1, 3 * ratios.reach >= ratios.fall,
        isFollowed(run, ratios, row)
    {
        return Part(.holds, "‖∇F‖² ≥ 2μ(F − F*) with μ = \(mu) until the end, of a loss that falls linearly")
    }
    var missing: [MissingEvidence] = []
    if run.setting.isSquaredLoss, ratios.bounds.isEmpty {
        missing = run.kernelIsWhole ? [run.smallerErrors].compactMap(\.self) : [run.wholeKernel]
    }
    return Part(
        .cannotTell, "no critical point was seen, and nothing bounds μ = \(mu) from below", missing: missing)
}
