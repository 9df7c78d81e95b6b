import Descents
import Measurements
import RealModule
import Statistics

extension Statement {
    /// Mini-batch steps make the whole loss smaller, in the mean of its logarithm, all along the run until the loss that
    /// was asked for.
    ///
    /// At tracked steps −ln F(w − η g_b)/F(w) is measured over batches b that the run may take next: any of them where they
    /// are drawn with replacement, else those left of the epoch. Its mean times the steps of an epoch is the contraction
    /// to expect of an epoch (Allen-Zhu, Li, Song 2019, Theorem 2).
    ///
    /// Each stretch of the run is judged by the 99 % interval of its mean. The interval comes from the variation between
    /// neighboring rows, which holds that between batches and which a trend along the stretch does not add to. Each stretch
    /// has to have met all samples: a sample may undo what the others gain, and a mean without it says nothing of it.
    ///
    /// It holds where the recorded loss falls in all stretches, and the interval is above 0 in all of them, or over the
    /// whole run if each of thirty or more measurements is. It fails where the recorded loss grows over whole epochs. A
    /// measurement that is no number, since a batch made the loss blow up, leaves it open.
    public static let stochasticDescent = Statement(
        8, "SGD contracts",
        source: "after Allen-Zhu, Li, Song 2019, Theorem 2",
        why:
            "Where the mean of −ln F(w − ηg_b)/F(w) over batches b is above 0 in each stretch of the run, with its 99 % interval, an epoch "
            + "makes the whole loss smaller by a factor, on average.",
        refutation: "A loss that is no number any more, or grows over ten epochs by more than it scatters.",
        isOfWholeDescent: true,
        exemption: {
            $0.setting.isFullBatch ? "SGD: a full-batch run, of which \(linearConvergence.number) says all" : nil
        },
        certificate: { judge($0.run, $0.descent) })
}

private func judge(_ run: RunEvidence, _ descent: RecordedDescent) -> Certificate {
    func told(_ part: Part, _ quantities: [Quantity] = []) -> Certificate {
        Certificate(.stochasticDescent, [part], quantities)
    }
    if descent.hasDiverged(run) { return told(Part(.fails, descent.growth(run))) }
    if let growth = Growth(run, descent) { return told(Part(.fails, growth.reason)) }
    if !run.setting.descendsGradient {
        return told(.ofOtherSteps(run.setting, "what theory bounds is the contraction of steps −ηg_b"))
    }
    guard run.setting.momentum == 0 else {
        return told(
            Part(
                .cannotTell, "what is measured are steps without momentum",
                missing: [.stepsWithoutMomentum]))
    }
    let series = run.series.prefix(through: descent.lastRow ?? max(run.series.steps.count - 1, 0))
    let rows = series.known(.batchContraction).isEmpty ? [] : series.measuredRows(of: .batchContraction)
    if let row = rows.first(where: { !series[.batchContraction][$0].isFinite }) {
        return told(
            Part(
                .cannotTell,
                "at step \(series.steps[row]) there is no mean over batches, or it is infinite: a batch takes the loss beyond "
                    + "all numbers, or to 0",
                missing: series.known(.weightDrift).isEmpty ? [.rowsWithoutBatches] : []))
    }
    let measured = BatchMeasurements(run, series, rows)
    guard let weakest = measured.parts.min(by: { $0.lower < $1.lower }) else {
        return told(Part(.cannotTell, measured.shortage, missing: [measured.missing]))
    }
    let (epoch, stretches) = (Double(run.setting.stepsPerEpoch), measured.parts)
    let all = stretches.map { epoch * $0.mean }.sorted()
    let quantities = [
        Quantity(
            "contraction of an epoch, median", all[all.count / 2], interval: all[0]...all[all.count - 1],
            note: "range over stretches of the run"),
        Quantity(
            "least contraction of an epoch", epoch * weakest.mean,
            interval: (epoch * weakest.lower)...(epoch * weakest.upper),
            note: "steps \(weakest.first) to \(weakest.last); above 0", .above(0)),
        Quantity("largest spread over batches, a step", stretches.map(\.spread).max() ?? .nan),
        Quantity(
            "worst single batch, a step", series.known(.batchContractionWorst).map(\.value).min() ?? .nan,
            note: "negative: the loss grows"),
    ]
    return told(verdict(run, measured, weakest), quantities)
}

private func verdict(
    _ run: RunEvidence, _ measured: BatchMeasurements, _ weakest: BatchStretch
) -> Part {
    let (stretches, epoch) = (measured.parts, Double(run.setting.stepsPerEpoch))
    let whole = BatchStretch(measured.series, measured.rows[...], batches: run.setting.contractionBatches)
    let steps = "from step \(weakest.first) to \(weakest.last)"
    let isAlwaysPositive = whole.least > 0 && whole.rows >= 30 && whole.lower > 0
    guard weakest.lower > 0 || isAlwaysPositive else {
        return Part(
            .cannotTell, "\(steps) the mean over batches, \(shown(weakest.mean)), is within its error of 0",
            missing: run.setting.measuresAllBatches
                ? [] : [.moreBatches(and: run.moreRows)])
    }
    if let flat = stretches.first(where: { !($0.fall > 0) }) {
        return Part(.cannotTell, "the recorded loss did not fall from step \(flat.first) to \(flat.last)")
    }
    let reason =
        weakest.lower > 0
        ? "an epoch contracts ln F by at least \(shown(epoch * weakest.lower)) on average"
        : "an epoch contracts ln F by at least \(shown(epoch * whole.lower)) on average over the run, and by more than 0 at "
            + "each of \(whole.rows) measurements"
    return Part(.holds, reason)
}

/// A loss that grew over the run: over ten epochs and more, above its start by more than it scatters.
private struct Growth {
    let reason: String

    init?(_ run: RunEvidence, _ descent: RecordedDescent) {
        let points = descent.all
        guard let first = points.first, let last = points.last, points.count >= 12, descent.end == .last,
            last.step - first.step >= 10 * run.setting.stepsPerEpoch
        else { return nil }
        let thirds = (0..<3).map { part in
            points[(part * points.count / 3)..<((part + 1) * points.count / 3)].map { Double.log($0.loss) }
        }
        let means = thirds.map { $0.reduce(0, +) / Double($0.count) }
        let deviations = zip(thirds, means).map { values, mean in
            (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
        }
        // The scatter itself, not that of a mean: neighbors are not independent.
        let scatter = max(deviations[0], deviations[2])
        guard means[2] - means[0] > 3 * scatter, thirds[2].allSatisfy({ $0 > Double.log(first.loss) }) else {
            return nil
        }
        reason =
            "the loss grew: all of the last third of the run is above its start, by \(shown(means[2] - Double.log(first.loss))) "
            + "in ln F on average"
    }
}
