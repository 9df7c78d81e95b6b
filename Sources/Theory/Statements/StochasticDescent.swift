import RealModule

/// A step on a random mini-batch makes the whole loss smaller, in the mean of its logarithm, all along the run.
///
/// At tracked steps ln F(w − η g_b)/F(w) is measured over several batches b; its mean times the steps of an epoch is the
/// contraction to expect of an epoch (Allen-Zhu, Li, Song 2019, Theorem 2). An interval of ± 2 standard errors of that
/// mean decides. The curve itself is judged as in full batch, by `linearConvergence`.
func stochasticDescent(_ run: RunEvidence, _ descent: RecordedDescent) -> Certificate {
    let series = run.series.prefix(through: descent.lastRow ?? max(run.series.steps.count - 1, 0))
    let (means, spreads, worst) = (
        series["batch_contraction"], series["batch_contraction_spread"], series["batch_contraction_worst"]
    )
    let rows = series.steps.indices.filter { means[$0].isFinite && spreads[$0].isFinite }
    let epoch = Double(run.setting.stepsPerEpoch)
    let count = Double(max(run.setting.contractionBatches, 1))
    func error(_ row: Int) -> Double { 2 * spreads[row] / count.squareRoot() }
    guard rows.count > 2, count > 1, let weakest = rows.min(by: { means[$0] - error($0) < means[$1] - error($1) })
    else {
        return Certificate(
            .stochasticDescent, .cannotTell, "the contraction of mini-batch steps was not recorded often enough",
            missing: ["tracking.contraction_batches: 8, and \(moreRows)"])
    }
    let all = rows.map { epoch * means[$0] }.sorted()
    let quantities = [
        Quantity(
            "contraction of an epoch, median", all[all.count / 2], interval: all[0]...all[all.count - 1],
            mark: "range over the run"),
        Quantity(
            "least contraction of an epoch", epoch * means[weakest],
            interval: (epoch * (means[weakest] - error(weakest)))...(epoch * (means[weakest] + error(weakest))),
            mark: "step \(series.steps[weakest]); above 0"),
        Quantity("largest spread over batches, a step", rows.map { spreads[$0] }.max() ?? .nan),
        Quantity("worst single batch, a step", rows.map { worst[$0] }.min() ?? .nan, mark: "negative: the loss grows"),
    ]
    let curve = linearConvergence(run, descent)
    let own: Part
    if let failing = rows.first(where: { means[$0] + error($0) < 0 }) {
        own = Part(
            .fails,
            "at step \(series.steps[failing]) a mini-batch step makes the loss larger on average, by "
                + "\(shown(-means[failing])) in ln F")
    } else if means[weakest] - error(weakest) > 0 {
        own = Part(.holds, "an epoch contracts ln F by at least \(shown(epoch * means[weakest])) on average")
    } else {
        own = Part(
            .cannotTell, "at step \(series.steps[weakest]) the mean over \(Int(count)) batches is within its error of 0"
        )
    }
    return Certificate(
        .stochasticDescent, [own, Part(curve.verdict, "the curve: " + curve.reason)], quantities,
        missing: own.verdict == .cannotTell ? ["more batches: tracking.contraction_batches"] : [])
}
