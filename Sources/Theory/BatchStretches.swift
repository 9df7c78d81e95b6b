import RealModule

/// The contraction of mini-batch steps over a stretch of the run.
struct BatchStretch {
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

    /// Variance of a row: half of the mean squared difference of neighbors (von Neumann 1941), or that between the
    /// batches of a row where it is larger.
    /// - Parameter own: two rows or more.
    init(_ series: MetricSeries, _ own: ArraySlice<Int>, batches: Int) {
        let means = own.map { series["batch_contraction"][$0] }
        let spreads = own.map { series["batch_contraction_spread"][$0] }.filter(\.isFinite)
        let losses = series["train_loss"]
        let size = Double(own.count)
        mean = means.reduce(0, +) / size
        let steps = zip(means, means.dropFirst()).reduce(0.0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) / 2 }
        let within = spreads.reduce(0) { $0 + $1 * $1 } / size / Double(max(batches, 1))
        let quantile = StudentT(freedom: own.count - 1).quantile(0.99)
        error = quantile * (max(steps / (size - 1), within) / size).squareRoot()
        spread = spreads.max() ?? .nan
        rows = own.count
        least = means.min() ?? .nan
        let (start, end) = (own[own.startIndex], own[own.endIndex - 1])
        (first, last) = (series.steps[start], series.steps[end])
        fall = Double.log(losses[start] / losses[end])
    }
}

/// The measured part of a run, whole and in at most ten stretches of four rows or more, with about as many each.
struct BatchStretches {
    let whole: BatchStretch
    let parts: [BatchStretch]

    /// nil for fewer than three stretches.
    init?(_ series: MetricSeries, _ rows: [Int], batches: Int) {
        let count = min(10, rows.count / 4)
        guard count > 2 else { return nil }
        parts = (0..<count).map { part in
            let own = rows[(part * rows.count / count)..<((part + 1) * rows.count / count)]
            return BatchStretch(series, own, batches: batches)
        }
        whole = BatchStretch(series, rows[...], batches: batches)
    }
}
