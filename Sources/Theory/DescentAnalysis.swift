import RealModule

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
