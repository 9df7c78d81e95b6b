import Descents
import Measurements
import Statistics

extension Statement {
    /// Around the run's weights, F is what its gradient says up to a√F‖W'‖ + b‖W'‖², and almost convex.
    ///
    /// Δ(r) = F(W + r d) − F(W) − r⟨∇F, d⟩ over a ladder of radii gives a ≥ 0 and b ≥ 0 for each direction, by least
    /// squares (Allen-Zhu, Li, Song 2019, Theorem 4). The proof of convergence needs that the step −η∇F loses less than it
    /// gains: Δ < η‖∇F‖². F is almost convex (their Figure 1) where it nowhere bends down by more than the gradient gives
    /// at that distance: −Δ(r) ≤ r‖∇F‖ on the whole ladder.
    ///
    /// Differences of F below `LandscapeEvidence.rounding` decide nothing. Neither do ladders with values that are no
    /// numbers, or that end before the steps that were taken.
    public static let semiSmoothness = Statement(
        4, "Semi-smoothness and almost-convexity",
        source: "after Allen-Zhu, Li, Song 2019, Theorem 4 and Figure 1; their Theorem 4 of 2018 (recurrent networks)",
        why:
            "Δ(r) is what F has beyond its first order at distance r. A step −η∇F with Δ < η‖∇F‖² makes F smaller, without which no "
            + "proof of descent works; where −Δ(r) ≤ r‖∇F‖ no descent is hidden that the gradient does not show.",
        refutation:
            "One step that loses more than it gains, a direction in which F bends down by more than the gradient gives, or a loss that rises in "
            + "a full-batch step.",
        certificate: { judge($0.run, $0.descent) })
}

private func judge(_ run: RunEvidence, _ descent: RecordedDescent) -> Certificate {
    let end = descent.lastRow.map { run.series.steps[$0] } ?? .max
    let records = run.landscapes.filter { $0.step <= end && $0.gradientNorm > 0 && $0.loss > 0 }
    guard !records.isEmpty else {
        let isThere = !run.landscapes.isEmpty
        return Certificate(
            .semiSmoothness, .cannotTell,
            isThere ? "no landscape above the least loss was recorded" : "no landscape was recorded",
            missing: isThere ? [] : [.landscape])
    }
    let parts = [
        rise(run, end),
        run.setting.descendsGradient ? steps(records) : .ofOtherSteps(run.setting, "its steps are not −η∇F"),
        bends(records),
        ladders(run, records, end), between(run, records, end),
    ]
    return Certificate(.semiSmoothness, parts, records.smoothness)
}

/// A full-batch descent whose recorded loss rises took a step that lost more than it gained.
private func rise(_ run: RunEvidence, _ end: Int) -> Part {
    guard run.setting.isFullBatch, run.setting.takesPlainSteps else { return Part(.holds, "") }
    let (losses, steps) = (run.series[.trainLoss], run.series.steps)
    let known = steps.indices.filter { losses[$0].isFinite && steps[$0] <= end }
    let rounding = roundings(run)
    let rising = zip(known, known.dropFirst()).first { losses[$1] > losses[$0] + rounding[$0] }
    guard let (a, b) = rising else { return Part(.holds, "") }
    return Part(
        .fails,
        "the loss rises from \(shown(losses[a])) at step \(steps[a]) to \(shown(losses[b])) at step \(steps[b]): a step −η∇F "
            + "between them lost more than it gained")
}

/// What rounding can add to F from each row on; infinite where that is not known. Outputs round by δ = 16 u (‖y‖ + ‖r‖),
/// weights by ε = u‖W‖, which makes at most ‖∇F‖ε + ε²/η for stable steps, λ_max(∇²F) ≤ 2/η.
private func roundings(_ run: RunEvidence) -> [Double] {
    let (series, u, norm) = (run.series, run.setting.roundoff, run.initialNorm)
    guard let references = run.references, norm > 0 else { return series.steps.map { _ in .infinity } }
    let (losses, gradients) = (series[.trainLoss], series[.gradientNorm])
    let (drifts, rates) = (series[.weightDrift], series[.learningRate])
    return series.steps.indices.map { row in
        let root = losses[row].squareRoot()
        let output = 16 * u * (references.zeroOutput.squareRoot() + root)
        let weight = u * (norm + drifts[row])
        let weights = gradients[row] * weight + weight * weight / rates[row]
        let all = 4 * (2 * root * output + output * output) + 16 * weights
        return all.isNaN ? .infinity : all
    }
}

/// Whether each step loses less than it gains.
private func steps(_ records: [LandscapeEvidence]) -> Part {
    if let lost = records.first(where: { $0.lostShare.lowerBound >= 1 }) {
        return Part(
            .fails,
            "at step \(lost.step) the step −η∇F loses \(shown(lost.lostShare.lowerBound)) times its first-order descent or more"
        )
    }
    let told = records.map(\.lostShare.upperBound).filter { $0 < 1 }
    let isUnknown = records.contains { !$0.lossAfterStep.isFinite }
    guard let worst = told.max(), !isUnknown else {
        return Part(.cannotTell, "F after the step −η∇F differs from F by rounding only, or is no number")
    }
    return enough(
        told.count, of: records.count, "each step −η∇F keeps \(shown(1 - worst)) of its first-order descent or more")
}

/// Whether a reason was told at enough of the steps: at two or more.
private func enough(_ told: Int, of all: Int, _ reason: String) -> Part {
    let rest = told < all ? ", at \(told) of \(all) steps: at the others it is below the rounding of F" : ""
    return told > 1
        ? Part(.holds, reason + rest)
        : Part(
            .cannotTell, reason + (rest.isEmpty ? ", measured at one step only" : rest),
            missing: [.moreLandscapesOrSteps])
}

/// Whether F bends down by less than the gradient gives.
private func bends(_ records: [LandscapeEvidence]) -> Part {
    if let bent = records.first(where: { $0.concaveShare.lowerBound > 1 }) {
        return Part(
            .fails,
            "at step \(bent.step) F bends down by \(shown(bent.concaveShare.lowerBound)) times what the gradient gives")
    }
    if let close = records.first(where: { $0.concaveShare.contains(1) && $0.concaveShare.upperBound.isFinite }) {
        return Part(
            .cannotTell, "at step \(close.step) F bends down by what the gradient gives, but for the rounding of F")
    }
    let told = records.map(\.concaveShare.upperBound).filter { $0 <= 1 }
    guard let worst = told.max() else {
        return Part(.cannotTell, "what F bends down by is below the rounding of F at every step")
    }
    return enough(told.count, of: records.count, "F bends down by at most \(shown(worst)) of what the gradient gives")
}

/// Whether what lies between the landscapes is like them: they are close to each other, and the steps keep enough of
/// their descent. Where F is quadratic, all places are alike.
private func between(_ run: RunEvidence, _ records: [LandscapeEvidence], _ end: Int) -> Part {
    if run.references?.isAffine == true, run.setting.isSquaredLoss { return Part(.holds, "") }
    let (steps, known) = (Set(records.map(\.step)), run.series.steps)
    let last = known.lastIndex { $0 <= end } ?? 0
    let coverage = Coverage(run, at: known.indices.filter { steps.contains(known[$0]) }, through: last)
    guard coverage.isDense(2) else {
        return Part(
            .cannotTell, "the landscape was " + coverage.words,
            missing: [.moreLandscapes])
    }
    let lost = records.map(\.lostShare.upperBound).filter { $0 < 1 }.max() ?? 0
    let isEachRecorded = run.setting.isFullBatch && last + 1 > known[last] - known[0]
    return lost <= 0.75 || isEachRecorded
        ? Part(.holds, "")
        : Part(
            .cannotTell,
            "steps −η∇F lose up to \(shown(lost)) of their first-order descent: between the recorded steps it may be all",
            missing: [.everyStep, .smallerSteps])
}

/// Whether the ladders have all their values, and reach as far as the run's steps.
private func ladders(_ run: RunEvidence, _ records: [LandscapeEvidence], _ end: Int) -> Part {
    for record in records {
        let longest = record.rays.map { $0.radii.max() ?? 0 }.min() ?? 0
        if record.rays.isEmpty || record.rays.contains(where: { $0.radii.isEmpty || $0.radii.contains(0) }) {
            return Part(.cannotTell, "the ladder at step \(record.step) has no radii")
        }
        if record.rays.contains(where: { $0.losses.contains { !$0.isFinite } || !$0.slope.isFinite }) {
            return Part(.cannotTell, "the ladder at step \(record.step) has values that are no numbers")
        }
        if longest < record.learningRate * record.gradientNorm {
            return Part(.cannotTell, "the ladder at step \(record.step) is shorter than the step −η∇F")
        }
    }
    let longest = records.flatMap(\.rays).map { $0.radii.max() ?? 0 }.max() ?? 0
    let moved = run.series.known(.weightDrift).filter { $0.step <= end }.map(\.value).max() ?? 0
    return longest >= moved * (1 - 1e-3)
        ? Part(.holds, "")
        : Part(
            .cannotTell, "no ladder is longer than \(shown(longest)), and the weights moved by \(shown(moved))",
            missing: [.landscapeAtTheEnd(and: run.moreRows)])
}
