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

/// What the curve of the loss and the kernels say about its rate.
public struct DescentAnalysis: Sendable {
    /// Fits over the last half of the decades.
    public let fits: DecayFits?
    public let contractions: [RecordedDescent.Contraction]
    public let slowest: RecordedDescent.Contraction
    /// −2 ln max(|1 − ηcλ_min(Θ_t)|, |1 − ηcλ_max(Θ_t)|) at the steps with a kernel, of which the contraction of the loss
    /// is never less in the linearization; empty where the recorded kernels do not bound it.
    public let kernelRates: [(step: Int, rate: Double)]
    /// The least ratio of a stretch's contraction to that of the slowest mode; nil without kernels.
    public let share: Double?
    private let descent: RecordedDescent

    public init(_ run: RunEvidence, _ descent: RecordedDescent) {
        self.descent = descent
        contractions = descent.contractions()
        slowest = contractions.min { $0.rate < $1.rate } ?? RecordedDescent.Contraction(first: 0, last: 0, rate: .nan)
        fits = DecayFits(Self.tail(descent.points))
        kernelRates = Self.kernelRates(run)
        let start = descent.first?.loss ?? .nan
        let end = max(run.setting.lossRatio, RecordedDescent.floorRatio(run.setting.roundoff)) * start
        rival = fits?.fits.filter { !$0.model.isLinear && !(($0.floor?.value ?? .infinity) <= end) }
            .min { $0.information < $1.information }
        let rates = kernelRates
        share =
            rates.isEmpty
            ? nil
            : contractions.map { stretch in
                // The kernel measured last before the stretch, or the first one.
                stretch.rate / (rates.last { $0.step <= stretch.first } ?? rates[0]).rate
            }.min()
    }

    /// The last half of the decades that the loss went through; at least half of the points, so that a curve that
    /// stays where it is is looked at too.
    static func tail(_ points: [RecordedDescent.Point]) -> [RecordedDescent.Point] {
        guard let first = points.first, let last = points.last, last.loss > 0, first.loss > 0 else { return points }
        let middle = (first.loss * last.loss).squareRoot()
        let start = points.firstIndex { $0.loss <= middle } ?? 0
        return Array(points[min(start, points.count / 2)...])
    }

    private static func kernelRates(_ run: RunEvidence) -> [(step: Int, rate: Double)] {
        let setting = run.setting
        guard run.kernelIsWhole, setting.isSquaredLoss, setting.isFullBatch, !setting.hasMomentum else { return [] }
        let series = run.series
        let (least, most, rates) = (series["kernel_lambda_min"], series["kernel_lambda_max"], series["learning_rate"])
        return series.steps.indices.compactMap { row in
            guard least[row] > 0, most[row].isFinite, rates[row].isFinite else { return nil }
            let eta = rates[row] * setting.reductionWeight
            let factor = max(abs(1 - eta * least[row]), abs(1 - eta * most[row]))
            return factor < 1 ? (series.steps[row], -2 * Double.log(factor)) : nil
        }
    }

    /// The best of the models that are not linear convergence; a plateau is one only above what was asked for and
    /// above the floor of the arithmetic.
    public let rival: DecayFit?

    /// c/F_0 of the fitted plateau.
    var plateauRatio: Double { (fits?[.plateau]?.floor?.value ?? .nan) / (descent.first?.loss ?? .nan) }

    /// Whether the loss has arrived at the fitted plateau, above what was asked for.
    var isOnPlateau: Bool {
        guard let floor = fits?[.plateau]?.floor, let last = descent.points.last else { return false }
        return floor.value > 0.9 * last.loss && descent.end == .last
    }

    /// Whether a stretch without descent is within the scatter of the curve around its fit.
    func isNoise(_ stretch: RecordedDescent.Contraction) -> Bool {
        guard let fits, let best = fits.fits.min(by: { $0.information < $1.information }) else { return false }
        return -stretch.rate * Double(stretch.last - stretch.first) < 3 * best.misfit
    }

    var quantities: [Quantity] {
        var list = [
            Quantity("slowest contraction −Δ ln F/Δt", slowest.rate, mark: "a step, over a twentieth of the run"),
            Quantity("contraction at the end", descent.lastRate, mark: "a step"),
        ]
        if let share { list.append(Quantity("slowest over that of Θ_t's slowest mode", share, mark: "at least 0.5")) }
        if let last = kernelRates.last {
            list.append(Quantity("−2 ln max|1 − ηcλ(Θ_T)|", last.rate, mark: "a step, ≈ 2ηcλ_min"))
        }
        guard let fits, let linear = fits.linear else { return list }
        list.append(
            Quantity("rate r of the fit (\(linear.model.rawValue))", linear.rate.value, interval: linear.rate.interval))
        for fit in fits.fits where !fit.model.isLinear {
            list.append(
                Quantity(
                    "BIC of \(fit.model.rawValue) − that", fit.information - linear.information,
                    mark: "at least −\(shown(Marks.information / 3))"))
        }
        return list
    }
}
