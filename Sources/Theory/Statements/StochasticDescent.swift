import RealModule

/// A step on a random mini-batch makes the whole loss smaller, in the mean of its logarithm, all along the run.
///
/// At tracked steps −ln F(w − η g_b)/F(w) is measured over several batches b; its mean times the steps of an epoch is the
/// contraction to expect of an epoch (Allen-Zhu, Li, Song 2019, Theorem 2). It is judged over ten stretches of the run, by
/// the 99 % interval of its mean there. The curve itself is judged as in full batch, by `linearConvergence`.
func stochasticDescent(_ run: RunEvidence, _ descent: RecordedDescent) -> Certificate {
    guard run.setting.momentum == 0 else {
        return Certificate(
            .stochasticDescent, .cannotTell, "what is measured are steps without momentum",
            missing: ["steps like those measured: training.momentum: 0"])
    }
    let series = run.series.prefix(through: descent.lastRow ?? max(run.series.steps.count - 1, 0))
    let stretches = BatchStretch.all(series, batches: run.setting.contractionBatches)
    guard stretches.count > 2, let weakest = stretches.min(by: { $0.lower < $1.lower }) else {
        return Certificate(
            .stochasticDescent, .cannotTell, "the contraction of mini-batch steps was not recorded often enough",
            missing: ["tracking.contraction_batches: 8, and \(moreRows)"])
    }
    let epoch = Double(run.setting.stepsPerEpoch)
    let all = stretches.map { epoch * $0.mean }.sorted()
    let quantities = [
        Quantity(
            "contraction of an epoch, median", all[all.count / 2], interval: all[0]...all[all.count - 1],
            mark: "range over tenths of the run"),
        Quantity(
            "least contraction of an epoch", epoch * weakest.mean,
            interval: (epoch * weakest.lower)...(epoch * weakest.upper),
            mark: "steps \(weakest.first) to \(weakest.last); above 0"),
        Quantity("largest spread over batches, a step", stretches.map(\.spread).max() ?? .nan),
        Quantity(
            "worst single batch, a step", series.known("batch_contraction_worst").map(\.value).min() ?? .nan,
            mark: "negative: the loss grows"),
    ]
    let own: Part
    if let growing = stretches.first(where: { $0.upper < 0 }) {
        own = Part(
            .fails,
            "from step \(growing.first) to \(growing.last) a mini-batch step makes the loss larger on average, by "
                + "\(shown(-growing.mean)) in ln F")
    } else if weakest.lower > 0 {
        own = Part(.holds, "an epoch contracts ln F by at least \(shown(epoch * weakest.mean)) on average")
    } else {
        own = Part(
            .cannotTell,
            "from step \(weakest.first) to \(weakest.last) the mean over batches is within its error of 0")
    }
    let curve = linearConvergence(run, descent)
    return Certificate(
        .stochasticDescent, [own, Part(curve.verdict, "the curve: " + curve.reason)], quantities,
        missing: own.verdict == .cannotTell ? ["more batches: tracking.contraction_batches"] : [])
}

/// The contraction of mini-batch steps over a stretch of the run.
private struct BatchStretch {
    let first: Int
    let last: Int
    let mean: Double
    /// Half of the 99 % interval of the mean.
    let error: Double
    /// Largest standard deviation over the batches of a measurement.
    let spread: Double
    var lower: Double { mean - error }
    var upper: Double { mean + error }

    /// Ten stretches with about as many measurements each; none where there are too few.
    static func all(_ series: MetricSeries, batches: Int) -> [BatchStretch] {
        let (means, spreads) = (series["batch_contraction"], series["batch_contraction_spread"])
        let rows = series.steps.indices.filter { means[$0].isFinite && spreads[$0].isFinite }
        guard batches > 1, !rows.isEmpty else { return [] }
        let count = min(10, rows.count)
        return (0..<count).map { part in
            let own = rows[(part * rows.count / count)..<((part + 1) * rows.count / count)]
            let size = Double(own.count)
            let variance = own.reduce(0) { $0 + spreads[$1] * spreads[$1] } / Double(batches)
            return BatchStretch(
                first: series.steps[own[own.startIndex]], last: series.steps[own[own.endIndex - 1]],
                mean: own.reduce(0) { $0 + means[$1] } / size,
                error: studentQuantile(degrees: own.count * (batches - 1)) * variance.squareRoot() / size,
                spread: own.map { spreads[$0] }.max() ?? .nan)
        }
    }
}
