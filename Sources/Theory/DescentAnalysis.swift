import RealModule

/// What the curve of the loss and the kernels say about its rate.
public struct DescentAnalysis: Sendable {
    /// Fits over the last half of the decades.
    public let fits: DecayFits?
    /// The best of the models that are not linear convergence; a plateau is one only above what was asked for and
    /// above the floor of the arithmetic.
    public let rival: DecayFit?
    public let contractions: [RecordedDescent.Contraction]
    public let slowest: RecordedDescent.Contraction
    /// −2 ln max(|1 − ηcλ_min(Θ_t)|, |1 − ηcλ_max(Θ_t)|) a step, of which the contraction of the loss is never less in the
    /// linearization: at each row, with its η and the kernel measured last; empty where no kernel bounds it.
    public let kernelRates: [(step: Int, rate: Double)]
    /// The least ratio of a stretch's contraction to that of the slowest mode; nil without kernels, and where the slowest
    /// mode falls by less than e over the whole descent, so that it says nothing about it.
    public let share: Double?
    private let descent: RecordedDescent

    public init(_ run: RunEvidence, _ descent: RecordedDescent) {
        self.descent = descent
        contractions = descent.contractions()
        slowest = contractions.min { $0.rate < $1.rate } ?? RecordedDescent.Contraction(first: 0, last: 0, rate: .nan)
        fits = DecayFits(Self.tail(descent.points))
        let start = descent.first?.loss ?? .nan
        let end = max(run.setting.lossRatio, RecordedDescent.floorRatio(run.setting.roundoff)) * start
        rival = fits?.fits.filter { !$0.model.isLinear && !(($0.floor?.value ?? .infinity) <= end) }
            .min { $0.information < $1.information }
        kernelRates = Self.kernelRates(run)
        share = Self.share(contractions, kernelRates, span: descent.span)
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
        guard run.kernelIsWhole, setting.isSquaredLoss, setting.isFullBatch, setting.momentum == 0 else { return [] }
        let series = run.series
        let (least, most, rates) = (series["kernel_lambda_min"], series["kernel_lambda_max"], series["learning_rate"])
        var kernel: (least: Double, most: Double)?
        return series.steps.indices.compactMap { row in
            if most[row].isFinite { kernel = least[row] > 0 ? (least[row], most[row]) : nil }
            guard let kernel else { return nil }
            let eta = rates[row] * setting.reductionWeight
            let factor = max(abs(1 - eta * kernel.least), abs(1 - eta * kernel.most))
            return factor < 1 ? (series.steps[row], -2 * Double.log(factor)) : nil
        }
    }

    private static func share(
        _ contractions: [RecordedDescent.Contraction], _ rates: [(step: Int, rate: Double)], span: Int
    ) -> Double? {
        guard let slowest = rates.map(\.rate).min(), slowest * Double(span) >= 1 else { return nil }
        return contractions.compactMap { stretch in
            let own = rates.filter { (stretch.first..<stretch.last).contains($0.step) }.map(\.rate)
            return own.isEmpty ? nil : stretch.rate * Double(own.count) / own.reduce(0, +)
        }.min()
    }

    /// c/F_0 of the fitted plateau.
    var plateauRatio: Double { (fits?[.plateau]?.floor?.value ?? .nan) / (descent.first?.loss ?? .nan) }

    /// Whether the loss has arrived at the fitted plateau, above what was asked for.
    var isOnPlateau: Bool {
        guard let floor = fits?[.plateau]?.floor, let last = descent.points.last else { return false }
        return floor.value > 0.9 * last.loss && descent.end == .last
    }

    /// Whether a stretch without descent is within the scatter of the curve around its fit: √2 misfits for the
    /// difference of two points, times 3.5, which the worst of twenty exceeds once in two hundred times.
    func isNoise(_ stretch: RecordedDescent.Contraction) -> Bool {
        guard let fits, let best = fits.fits.min(by: { $0.information < $1.information }) else { return false }
        return -stretch.rate * Double(stretch.last - stretch.first) < 5 * best.misfit
    }

    var quantities: [Quantity] {
        var list = [
            Quantity(
                "slowest contraction −Δ ln F/Δt", slowest.rate, mark: "a step, over a twentieth of the measurements"),
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
                    mark: "at least \(shown(Marks.information.linear)) speaks for linear convergence"))
        }
        return list
    }
}
