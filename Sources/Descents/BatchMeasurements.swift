import Measurements
import RealModule
import Statistics

extension RunEvidence.Setting {
    /// Whether every batch that is left of an epoch is measured, so that nothing is left to chance.
    package var measuresAllBatches: Bool { !drawsWithReplacement && contractionBatches >= stepsPerEpoch }

    /// The number of places of the epoch that some steps are at, and the number that has to be seen, since the next step
    /// may undo what one gains.
    package func epochPlaces(_ steps: [Int]) -> (seen: Int, wanted: Int) {
        let epoch = max(stepsPerEpoch, 1)
        return (Set(steps.map { $0 % epoch }).count, min(epoch, 5))
    }
}

/// The contraction of mini-batch steps over a stretch of the run.
package struct BatchStretch {
    package let first: Int
    package let last: Int
    package let mean: Double
    /// Half of the 99 % interval of the mean.
    package let error: Double
    /// Largest standard deviation over the batches of a measurement.
    package let spread: Double
    /// Measurements in it, and the least of their means.
    package let rows: Int
    package let least: Double
    /// −Δ ln F of the recorded loss over it.
    package let fall: Double
    package var lower: Double { mean - error }
    package var upper: Double { mean + error }

    /// Variance of a row: half of the mean squared difference of neighbors (von Neumann 1941), or that between the
    /// batches of a row where it is larger.
    /// - Parameter own: two rows or more.
    package init(_ series: MetricSeries, _ own: ArraySlice<Int>, batches: Int) {
        let means = own.map { series[.batchContraction][$0] }
        let spreads = own.map { series[.batchContractionSpread][$0] }.filter(\.isFinite)
        let losses = series[.trainLoss]
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

/// The rows of a run at which mini-batch steps were measured, cut into three to ten stretches.
///
/// A stretch has four rows or more, each about as many. Where there would be fewer than three stretches there are none.
///
/// A stretch has to have met every sample: N batches of n/S of n samples miss one with a probability below 1 % if
/// N ≥ S ln(100 n), for S steps an epoch.
package struct BatchMeasurements {
    package let series: MetricSeries
    package let rows: [Int]
    package let parts: [BatchStretch]
    private let run: RunEvidence
    /// Batches measured, and those that meet every sample.
    private let found: Int
    private let wanted: Double
    /// Places of a shuffled epoch that rows are at, and how many are asked for.
    private let places: (seen: Int, wanted: Int)

    package init(_ run: RunEvidence, _ series: MetricSeries, _ rows: [Int]) {
        (self.run, self.series, self.rows) = (run, series, rows)
        let setting = run.setting
        let epoch = max(setting.stepsPerEpoch, 1)
        found = rows.reduce(0) { sum, row in
            // In a shuffled epoch those that are left of it.
            let left = setting.drawsWithReplacement ? .max : epoch - series.steps[row] % epoch
            return sum + min(setting.contractionBatches, left)
        }
        wanted = Double(epoch) * Double.log(100 * Double(max(setting.samples, 1)))
        places = setting.epochPlaces(rows.map { series.steps[$0] })
        let count =
            setting.drawsWithReplacement || places.seen >= places.wanted
            ? min(10, rows.count / 4, Int(Double(found) / wanted)) : 0
        parts = (0..<(count > 2 ? count : 0)).map { part in
            let own = rows[(part * rows.count / count)..<((part + 1) * rows.count / count)]
            return BatchStretch(series, own, batches: setting.contractionBatches)
        }
    }

    private var isAtFewPlaces: Bool {
        !run.setting.drawsWithReplacement && places.seen < places.wanted && rows.count >= 12
    }

    /// What is too little for a verdict, in words.
    package var shortage: String {
        if isAtFewPlaces {
            let epoch = run.setting.stepsPerEpoch
            return "mini-batch steps were measured at \(places.seen) of the \(epoch) steps of an epoch only"
        }
        return rows.count < 12
            ? "the contraction of mini-batch steps was not recorded often enough: \(rows.count) times, of 12 or more"
            : "\(found) mini-batch steps were measured: too few to have met every sample in each third of the run, about "
                + "\(shown(3 * wanted.rounded(.up)))"
    }

    package var missing: MissingEvidence {
        if isAtFewPlaces { return .otherPlaces(ofEpoch: run.setting.stepsPerEpoch) }
        let each = 3 * wanted / Double(max(rows.count, 12))
        return .batches(max(Int(min(each, 1e9).rounded(.up)), 8), and: rows.count < 12 ? run.moreRows : nil)
    }
}
