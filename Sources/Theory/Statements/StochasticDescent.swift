import RealModule

/// Mini-batch steps make the whole loss smaller, in the mean of its logarithm, all along the run until the loss that
/// was asked for.
///
/// At tracked steps −ln F(w − η g_b)/F(w) is measured over batches b that the run may take next: any, drawn with
/// replacement, or those left of the epoch; its mean times the steps of an epoch is the contraction to expect of an
/// epoch (Allen-Zhu, Li, Song 2019, Theorem 2). It is judged over stretches of the run, by the 99 % interval of its
/// mean there, from the variation between neighboring rows, which a trend along the stretch does not add to, and in
/// which that between batches is. It holds where that is positive in all of them, or each of thirty measurements and
/// more is, and the recorded loss falls in all of them; it fails where the recorded loss grows over whole epochs.
func stochasticDescent(_ run: RunEvidence, _ descent: RecordedDescent, _ convergence: Certificate) -> Certificate {
    func told(_ part: Part, _ quantities: [Quantity] = []) -> Certificate {
        Certificate(.stochasticDescent, [part], quantities)
    }
    if descent.hasDiverged(run) { return told(Part(.fails, descent.growth(run))) }
    if let growth = Growth(run, descent) { return told(Part(.fails, growth.reason)) }
    guard run.setting.momentum == 0 else {
        return told(
            Part(
                .cannotTell, "what is measured are steps without momentum",
                missing: ["steps like those measured: training.momentum: 0"]))
    }
    let series = run.series.prefix(through: descent.lastRow ?? max(run.series.steps.count - 1, 0))
    let stretches = BatchStretch.all(series, batches: run.setting.contractionBatches)
    guard stretches.count > 2, let weakest = stretches.min(by: { $0.lower < $1.lower }) else {
        let line = run.setting.contractionBatches > 0 ? moreRows : "tracking.contraction_batches: 8, and \(moreRows)"
        return told(
            Part(.cannotTell, "the contraction of mini-batch steps was not recorded often enough", missing: [line]))
    }
    let epoch = Double(run.setting.stepsPerEpoch)
    let all = stretches.map { epoch * $0.mean }.sorted()
    let quantities = [
        Quantity(
            "contraction of an epoch, median", all[all.count / 2], interval: all[0]...all[all.count - 1],
            mark: "range over stretches of the run"),
        Quantity(
            "least contraction of an epoch", epoch * weakest.mean,
            interval: (epoch * weakest.lower)...(epoch * weakest.upper),
            mark: "steps \(weakest.first) to \(weakest.last); above 0"),
        Quantity("largest spread over batches, a step", stretches.map(\.spread).max() ?? .nan),
        Quantity(
            "worst single batch, a step", series.known("batch_contraction_worst").map(\.value).min() ?? .nan,
            mark: "negative: the loss grows"),
    ]
    return told(verdict(stretches, weakest, descent, epoch), quantities)
}

private func verdict(
    _ stretches: [BatchStretch], _ weakest: BatchStretch, _ descent: RecordedDescent, _ epoch: Double
) -> Part {
    let steps = "from step \(weakest.first) to \(weakest.last)"
    // Where each of many measurements is positive, a mean that is not would have to hide between all of them.
    let isAlwaysPositive = stretches.allSatisfy { $0.least > 0 } && stretches.reduce(0) { $0 + $1.rows } >= 30
    guard weakest.lower > 0 || isAlwaysPositive else {
        return Part(
            .cannotTell, "\(steps) the mean over batches, \(shown(weakest.mean)), is within its error of 0",
            missing: ["more batches: tracking.contraction_batches, and \(moreRows)"])
    }
    if let flat = stretches.first(where: { !($0.fall > 0) }) {
        return Part(.cannotTell, "the recorded loss did not fall from step \(flat.first) to \(flat.last)")
    }
    let reason =
        weakest.lower > 0
        ? "an epoch contracts ln F by at least \(shown(epoch * weakest.lower)) on average"
        : "the mean over batches is positive at each of \(stretches.reduce(0) { $0 + $1.rows }) measurements"
    return descent.end == .last
        ? Part(
            .cannotTell, "so far, with the loss not down yet: " + reason, missing: ["a run to the end: training.stop"])
        : Part(.holds, reason)
}

/// The recorded loss grew over the run: above its start by more than it scatters, over ten epochs and more.
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

/// The contraction of mini-batch steps over a stretch of the run.
private struct BatchStretch {
    let first: Int
    let last: Int
    let mean: Double
    /// Half of the 99 % interval of the mean.
    let error: Double
    /// Largest standard deviation over the batches of a measurement.
    let spread: Double
    /// Measurements in it, and the least of their means.
    let rows: Int
    let least: Double
    /// −Δ ln F of the recorded loss over it.
    let fall: Double
    var lower: Double { mean - error }
    var upper: Double { mean + error }

    /// At most ten stretches of four rows or more, with about as many each. Variance of a row: half of the mean squared
    /// difference of neighbors (von Neumann 1941), or that between the batches of a row where it is larger.
    static func all(_ series: MetricSeries, batches: Int) -> [BatchStretch] {
        let (means, spreads, losses) = (
            series["batch_contraction"], series["batch_contraction_spread"], series["train_loss"]
        )
        let rows = series.steps.indices.filter { losses[$0].isFinite && means[$0].isFinite }
        let count = min(10, rows.count / 4)
        return (0..<count).map { part in
            let own = rows[(part * rows.count / count)..<((part + 1) * rows.count / count)]
            let size = Double(own.count)
            let mean = own.reduce(0) { $0 + means[$1] } / size
            let steps = zip(own, own.dropFirst()).reduce(0.0) { sum, pair in
                let change = means[pair.1] - means[pair.0]
                return sum + change * change / 2
            }
            let within =
                own.map { spreads[$0] * spreads[$0] }.filter(\.isFinite).reduce(0, +) / size / Double(max(batches, 1))
            let variance = max(steps / (size - 1), within)
            let (start, end) = (own[own.startIndex], own[own.endIndex - 1])
            return BatchStretch(
                first: series.steps[start], last: series.steps[end], mean: mean,
                error: studentQuantile(degrees: own.count - 1) * (variance / size).squareRoot(),
                spread: own.map { spreads[$0] }.filter(\.isFinite).max() ?? .nan, rows: own.count,
                least: own.map { means[$0] }.min() ?? .nan,
                fall: Double.log(losses[start] / losses[end]))
        }
    }
}
