/// The loss falls by at least a constant factor a step, until it is what was asked for or rounding errors hold it.
///
/// Two kinds of evidence. The theory's: with r_{t+1} = (I − ηcΘ_t) r_t no mode of the residual falls slower than by
/// max(|1 − ηcλ_min|, |1 − ηcλ_max|) a step; where that is a fall by e or more over the descent, and every stretch of the
/// run keeps at least half of it, the rate has a floor (Du, Lee, Li, Wang, Zhai 2019: (1 − ηλ/2)^t). The curve's own: over
/// the last half of its decades, where the fast modes are gone, an exponential (or two) describes it better than a power
/// law, a stretched exponential and a plateau, by the Bayesian information criterion (Schwarz 1978).
func linearConvergence(_ run: RunEvidence, _ descent: RecordedDescent) -> Certificate {
    let analysis = DescentAnalysis(run, descent)
    let part = obstacle(run, descent, analysis) ?? witness(analysis) ?? comparison(run, descent, analysis)
    return Certificate(.linearConvergence, part.verdict, part.reason, analysis.quantities, missing: part.missing)
}

/// What decides before any law is asked for; nil where nothing does.
private func obstacle(_ run: RunEvidence, _ descent: RecordedDescent, _ analysis: DescentAnalysis) -> Part? {
    guard descent.points.count > 1 else {
        return Part(.cannotTell, "fewer than two measurements of the loss", missing: [moreRows])
    }
    if descent.hasDiverged(run) {
        return Part(.fails, "the loss grew, to \(shown(descent.last?.loss ?? .nan)) at step \(descent.last?.step ?? 0)")
    }
    if descent.isStuck(above: run.setting.lossRatio) {
        return Part(
            .fails, "the contraction falls to \(shown(descent.lastRate)) a step, at F_T/F_0 = \(shown(descent.ratio))")
    }
    guard descent.points.count >= 16, let linear = analysis.fits?.linear, let rival = analysis.rival else {
        return Part(
            .cannotTell, "\(descent.points.count) measurements of the falling loss are too few", missing: [moreRows])
    }
    let isBetter = rival.information - linear.information <= -Marks.information.rival
    if rival.model == .plateau, isBetter, analysis.isOnPlateau {
        return Part(.fails, "the loss stays on a plateau, at \(shown(analysis.plateauRatio)) of F_0")
    }
    guard descent.ratio <= 0.1 else {
        return Part(
            .cannotTell, "the loss fell to \(shown(descent.ratio)) of its start only: too short to tell laws apart",
            missing: [longer])
    }
    let slowest = analysis.slowest
    guard slowest.rate <= 0, !analysis.isNoise(slowest) else { return nil }
    return Part(.fails, "the loss did not fall from step \(slowest.first) to \(slowest.last), above what was asked for")
}

/// What the kernels prove; nil where they prove nothing.
private func witness(_ analysis: DescentAnalysis) -> Part? {
    guard let kept = analysis.share, kept >= 0.5 else { return nil }
    return Part(
        .holds,
        "every stretch falls at least \(shown(kept)) times as fast as the slowest mode of Θ_t, at "
            + "\(shown(analysis.slowest.rate)) a step or more")
}

/// What the curve looks like.
private func comparison(_ run: RunEvidence, _ descent: RecordedDescent, _ analysis: DescentAnalysis) -> Part {
    guard let linear = analysis.fits?.linear, let rival = analysis.rival else { return Part(.cannotTell, "no fit") }
    let gain = rival.information - linear.information
    if gain >= Marks.information.linear {
        return Part(
            .holds,
            "\(linear.model.rawValue) with r = \(shown(linear.rate.value)) a step, which no rival describes as well")
    }
    let remedy = run.kernelIsWhole || !run.setting.isSquaredLoss ? longer : run.wholeKernelLine
    if gain > -Marks.information.rival {
        return Part(
            .cannotTell, "\(rival.model.rawValue) and \(linear.model.rawValue) describe the loss about as well",
            missing: [remedy])
    }
    if (rival.exponent ?? 0) > 0.8 || (rival.offset ?? 0) > 1 {
        return Part(
            .cannotTell, "the rate falls, but by less than half over the last decades (\(rival.model.rawValue))",
            missing: [remedy])
    }
    return Part(.fails, "\(rival.model.rawValue) describes the loss better than an exponential")
}

private let longer = "a longer run: training.stop"
