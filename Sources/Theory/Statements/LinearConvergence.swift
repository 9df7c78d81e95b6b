import RealModule

/// The loss falls by at least a constant factor a step, until it is what was asked for or rounding errors hold it.
///
/// Two kinds of evidence. The theory's: with r_{t+1} = (I − ηcΘ_t) r_t no mode of the residual falls slower than by
/// max(|1 − ηcλ_min|, |1 − ηcλ_max|) a step, and where every stretch of the run keeps at least half of that rate, the
/// rate has a floor (Du, Lee, Li, Wang, Zhai 2019, Theorem 5.1: (1 − ηλ/2)^t). The curve's own: over the last half of its
/// decades, where the fast modes are gone, an exponential (or two) describes it better than a power law, a stretched
/// exponential and a plateau, by the Bayesian information criterion (Schwarz 1978).
func linearConvergence(_ run: RunEvidence, _ descent: RecordedDescent) -> Certificate {
    let analysis = DescentAnalysis(run, descent)
    func told(_ verdict: Verdict, _ reason: String, missing: [String] = []) -> Certificate {
        Certificate(.linearConvergence, verdict, reason, analysis.quantities, missing: missing)
    }
    guard descent.points.count > 1 else {
        return told(.cannotTell, "fewer than two measurements of the loss", missing: [moreRows])
    }
    if descent.hasDiverged(run) {
        return told(.fails, "the loss grew, to \(shown(descent.last?.loss ?? .nan)) at step \(descent.last?.step ?? 0)")
    }
    if descent.isStuck(above: run.setting.lossRatio) {
        return told(
            .fails, "the contraction falls to \(shown(descent.lastRate)) a step, at F_T/F_0 = \(shown(descent.ratio))")
    }
    guard descent.points.count >= 16, let fits = analysis.fits, let linear = fits.linear, let rival = analysis.rival
    else {
        return told(
            .cannotTell, "\(descent.points.count) measurements of the falling loss are too few", missing: [moreRows])
    }
    let gain = rival.information - linear.information
    if rival.model == .plateau, gain <= -Marks.information, analysis.isOnPlateau {
        return told(.fails, "the loss stays on a plateau, at \(shown(analysis.plateauRatio)) of F_0")
    }
    guard descent.ratio <= 0.1 else {
        return told(
            .cannotTell, "the loss fell to \(shown(descent.ratio)) of its start only: too short to tell laws apart",
            missing: ["a longer run: training.stop.steps"])
    }
    let slowest = analysis.slowest
    if slowest.rate <= 0, !analysis.isNoise(slowest) {
        return told(
            .fails, "the loss did not fall from step \(slowest.first) to \(slowest.last), above what was asked for")
    }
    if let kept = analysis.share, kept >= 0.5 {
        return told(
            .holds,
            "every stretch falls at least \(shown(kept)) times as fast as the slowest mode of Θ_t, at "
                + "\(shown(slowest.rate)) a step or more")
    }
    if gain >= -Marks.information / 3 {
        return told(
            .holds, "\(linear.model.rawValue) with r = \(shown(linear.rate.value)) a step, no rival is better")
    }
    if rival.model == .stretched, (rival.exponent ?? 0) > 0.8 {
        return told(
            .cannotTell, "the rate falls slowly (β = \(shown(rival.exponent ?? .nan))): many modes, or no floor",
            missing: run.kernelIsWhole ? ["a longer run: training.stop.steps"] : [run.wholeKernelLine])
    }
    return told(
        gain <= -Marks.information ? .fails : .cannotTell,
        "\(rival.model.rawValue) describes the loss better than an exponential")
}
