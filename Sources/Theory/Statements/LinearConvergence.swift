import Descents
import Measurements
import RealModule
import Statistics

extension Statement {
    /// The loss falls towards its least value by at least a constant factor per unit of the time ∫η dt, until it is what
    /// was asked for or rounding errors hold it.
    ///
    /// There are two kinds of evidence.
    ///
    /// - The theory's: while λ_min(Θ_t) on its range stays above half of its start, no mode of the residual falls slower
    ///   than a fixed rate. If the loss follows that in every stretch, and over two of its time constants, the rate has a
    ///   floor (Du, Lee, Li, Wang, Zhai 2019: (1 − ηλ/2)^t).
    /// - The curve's own, for the squared loss: over the last half of its decades the rate is constant, and an exponential
    ///   describes it better than a power law, a stretched exponential and a plateau, by the Bayesian information criterion
    ///   (Schwarz 1978).
    ///
    /// It is refuted by a loss that diverges, and by a law that excludes a rate: a loss with an exponential tail that goes
    /// to 0 with all samples right, F' = −‖∇F‖² ~ −F². For the squared loss the shape of a curve refutes nothing. Even where
    /// the kernel vanishes with the residual, layers that are not quite balanced, or a small target, end as an exponential.
    public static let linearConvergence = Statement(
        2, "Linear convergence",
        source: "after Allen-Zhu, Li, Song 2019, Theorem 1; Du, Lee, Li, Wang, Zhai 2019: F_t ≤ (1 − ηλ/2)^t F_0",
        why:
            "For the squared loss r_{t+1} = (I − ηcΘ_t) r_t: no mode of the residual falls slower than the smallest eigenvalue of Θ_t "
            + "on its range. While that keeps half of its start, every rate of the run has a floor, which is a constant factor a step.",
        refutation:
            "A loss that diverges, or a law that excludes a rate, as F' ~ −F² of losses with exponential tails. A bent curve alone does not: many "
            + "modes of a constant kernel make one too.",
        certificate: \.convergence)
}

/// The verdict, which others build on.
func linearConvergence(_ run: RunEvidence, _ descent: RecordedDescent) -> Certificate {
    let analysis = DescentAnalysis(run, descent)
    let part =
        obstacle(run, descent) ?? impossibility(run, analysis) ?? proof(run, analysis) ?? curve(run, analysis)
    return Certificate(.linearConvergence, part.verdict, part.reason, analysis.quantities, missing: part.missing)
}

/// What decides before any law is asked for; nil where nothing does.
private func obstacle(_ run: RunEvidence, _ descent: RecordedDescent) -> Part? {
    if descent.hasDiverged(run) {
        return Part(.fails, descent.growth(run))
    }
    guard let first = descent.firstLoss, let last = descent.lastLoss else {
        return Part(.cannotTell, "no training loss was recorded", missing: [.trainingLoss])
    }
    if let step = descent.lostStep { return Part(.cannotTell, "the loss is no number at step \(step), the last") }
    if !run.setting.descendsGradient {
        return .ofOtherSteps(run.setting, "no kernel bounds its rate, and no law of F is known")
    }
    if first.loss == 0 { return Part(.cannotTell, "the loss is 0 from the start: there is nothing to fall") }
    if descent.end == .least, descent.excess.count < 2 {
        return Part(.cannotTell, "the loss is at its least from the start: there is nothing to fall")
    }
    if descent.all.allSatisfy({ $0.loss == first.loss }) {
        return Part(.cannotTell, "the loss is \(shown(first.loss)) at every measurement: nothing moved it")
    }
    guard descent.excess.count > 1 else {
        return Part(.cannotTell, "fewer than two measurements of the falling loss", missing: [run.moreRows])
    }
    guard last.loss < first.loss || descent.end != .last else {
        let wanted = run.setting.ending == .diverged ? MissingEvidence.stepsPastDivergence : run.longerRun
        return Part(.cannotTell, "the loss is above its start so far, at step \(last.step)", missing: [wanted])
    }
    return nil
}

/// A law that excludes a rate: a loss with an exponential tail that goes to 0.
private func impossibility(_ run: RunEvidence, _ analysis: DescentAnalysis) -> Part? {
    guard !run.setting.isSquaredLoss, analysis.isFalling, analysis.descent.ratio <= 0.1, let rival = analysis.rival,
        let trend = analysis.trend, run.series.known(.trainAccuracy).last?.value ?? 0 >= 1,
        let references = run.references, references.leastPossible == 0,
        analysis.descent.excess.last?.loss ?? .infinity <= 0.1 * references.bestConstant,
        // Weights times a large number then give outputs times one: no fixed part of them keeps F from 0.
        abs(references.zeroWeights - references.zeroOutput) <= 1e-6 * references.zeroOutput,
        run.setting.hasRectifiers || references.isAffine
    else { return nil }
    return Part(
        .fails,
        "with all samples right the loss goes to 0, where its gradient is as small as it is itself: its rate changes by "
            + "\(trend.words) over the last decades, like that of a \(rival.model.rawValue)")
}

/// What the kernels prove; nil where they prove nothing.
private func proof(_ run: RunEvidence, _ analysis: DescentAnalysis) -> Part? {
    guard let witness = analysis.witness, witness.isProof, let slowest = witness.slowest else { return nil }
    let descent = analysis.descent
    let isDown = descent.end == .arithmetic || descent.ratio <= Thresholds.fall.kernel
    let isForGood = isDown && (descent.end != .last || run.references?.isAffine == true)
    var reason =
        "λ(Θ_t) keeps \(shown(witness.leastRatio.lowerBound)) of its start or more, and F − F* falls at least \(shown(slowest.share)) times "
        + "as fast as the slowest mode of all of them, by e in \(shown(1 / witness.floor)) steps"
    if let gain = analysis.gain, gain < 0, let rival = analysis.rival {
        reason +=
            "; a \(rival.model.rawValue) describes the recorded curve better (BIC \(shown(gain))), as it does where many modes "
            + "fall one after another, but the kernel decides: no power law keeps up with a rate that has a floor"
    }
    if isForGood { return Part(.holds, reason) }
    let wanted = descent.end == .last ? run.longerRun : .smallerLoss()
    return Part(.cannotTell, "so far, to \(shown(descent.ratio)) of its start: " + reason, missing: [wanted])
}

/// What the curve looks like.
private func curve(_ run: RunEvidence, _ analysis: DescentAnalysis) -> Part {
    let descent = analysis.descent
    let missing = missing(run, analysis)
    func open(_ reason: String) -> Part { Part(.cannotTell, reason, missing: missing) }
    if !run.setting.isSquaredLoss {
        return open(
            "a loss with an exponential tail: neither a rate nor a law without one is seen, and F* is not known")
    }
    guard let linear = analysis.fits?.linear, let rival = analysis.rival, let trend = analysis.trend,
        let gain = analysis.gain
    else { return open("\(descent.excess.count) measurements of the loss tell no law: too few of them fall") }
    guard descent.ratio <= Thresholds.fall.curve else {
        return open(
            "so far F − F* fell to \(shown(descent.ratio)) of its start, at \(shown(descent.lastRate)) a step in the end: too "
                + "little to tell laws apart")
    }
    let rows = Array(run.series.steps.indices)
    if !run.setting.isFullBatch, Coverage(run, at: rows, through: descent.lastRow ?? 0).stride > 0 {
        return open(
            "steps on batches are recorded at too few places of the epoch, or too seldom, to tell what is between them")
    }
    if analysis.isConstant {
        let kernel = analysis.witness.flatMap {
            $0.leastRatio.lowerBound < 0.5
                ? "; λ(Θ_t) falls to \(shown($0.leastRatio.lowerBound)) of its start and is no witness: the curve decides"
                : nil
        }
        let reason =
            "\(linear.model.rawValue) with r = \(shown(linear.rate.value)) a step, whose rate falls by "
            + "\(shown(100 * max(trend.decline.interval.upperBound, 0))) % at most over the last decades, and which no "
            + "rival describes as well" + (kernel ?? "")
        return descent.end == .last ? open("so far: " + reason) : Part(.holds, reason)
    }
    let which = gain < 0 ? rival.model.rawValue : linear.model.rawValue
    return open(
        "the best description of the curve is a fit of \(which), and its rate changes over the last decades, by \(trend.words)"
            + (trend.decline.value > 0 ? ": a sum of many modes looks so, and so does a law without a rate" : ""))
}

/// What would let a kernel decide, or the curve go on.
private func missing(_ run: RunEvidence, _ analysis: DescentAnalysis) -> [MissingEvidence] {
    let isShort = analysis.descent.end == .last
    guard run.setting.isSquaredLoss, run.setting.isFullBatch else { return isShort ? [run.longerRun] : [] }
    if !run.kernelIsWhole { return [run.wholeKernel] }
    if analysis.witness == nil, let errors = run.smallerErrors { return [errors] }
    return isShort ? [run.longerRun] : []
}
