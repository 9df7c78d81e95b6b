import RealModule

/// How well measurements at some rows of a run follow it between them, by the distances of the weights from W_0 at all rows.
///
/// A stable step −η∇F gains (1 − x/2) η‖∇F‖² or more, x = ηλ_max(∇²F), so that steps that bring the loss down by ΔF in a
/// time ∫η dt are a path of P ≤ √(ΔF ∫η dt/(1 − x/2)), by Cauchy and Schwarz. Weights that are at distances a and b of W_0
/// before and after it have been at most (a + b + P)/2 away in between. Steps on batches go to and fro: where thirty rows
/// and more saw them, at most twice as far as those. Of momentum nothing is known but the steps that were recorded.
struct Following {
    /// Rows in the descent.
    let count: Int
    /// How many times as far from W_0 as at any of them the weights may have been; infinite where that is not known.
    let swing: Double
    private let isWhole: Bool

    private static let fewestOfBatches = 30

    /// - Parameter end: the row at which the descent ends.
    init(_ run: RunEvidence, at rows: [Int], through end: Int) {
        let (steps, drifts) = (run.series.steps, run.series["weight_drift"])
        count = rows.count { $0 <= end }
        guard let first = steps.first, end < steps.count, count > 0 else {
            (swing, isWhole) = (.infinity, false)
            return
        }
        isWhole = count > steps[end] - first
        // Behind the end the loss moves nothing any more.
        let last = rows.first { $0 > end } ?? end
        let known = run.series.rows("weight_drift").filter { $0 <= last }
        guard run.setting.isFullBatch || isWhole else {
            swing = run.setting.momentum == 0 && known.count >= Self.fewestOfBatches ? 2 : .infinity
            return
        }
        let seen = rows.filter { $0 <= last }.map { drifts[$0] }.filter(\.isFinite).max() ?? .nan
        let path = Path(run)
        let farthest = zip(known, known.dropFirst()).reduce(known.map { drifts[$0] }.max() ?? .nan) { farthest, pair in
            guard steps[pair.1] > steps[pair.0] + 1 else { return farthest }
            let between = (drifts[pair.0] + drifts[pair.1] + path.length(from: pair.0, to: pair.1)) / 2
            return between.isNaN ? .infinity : max(farthest, between)
        }
        swing = isWhole || farthest == 0 ? 1 : farthest.isNaN || !(seen > 0) ? .infinity : max(farthest / seen, 1)
    }

    /// Whether there are enough rows, or all, between which the weights have been at most twice as far as they were seen.
    func isClose(_ fewest: Int = 5) -> Bool { isWhole || count >= fewest && swing <= 2 }

    /// What is wrong with them.
    var words: String {
        let far = swing.isFinite ? "\(shown(swing)) times as far from W_0 as seen" : "anywhere"
        return swing > 2 && count >= 5
            ? "measured at steps between which the weights may have been \(far)"
            : "measured at \(count) steps of the descent only"
    }
}

/// Bounds of the way that weights took between two rows.
private struct Path {
    private let run: RunEvidence
    private let clock: [Double]
    private let rate: Double
    /// 1 − x/2.
    private let gain: Double

    init(_ run: RunEvidence) {
        self.run = run
        clock = run.clock
        let rates = run.series.known("learning_rate").map(\.value)
        rate = rates.first ?? .nan
        let largest = run.series.known("kernel_lambda_max").map(\.value).max() ?? .nan
        // Where no kernel tells, steps are taken for longer than most are.
        let isKnown = run.kernelIsWhole && run.setting.isSquaredLoss && largest.isFinite
        let sharpness = isKnown ? (rates.max() ?? .nan) * run.setting.reductionWeight * largest : 1.5
        gain = 1 - min(sharpness, 1.9) / 2
    }

    func length(from a: Int, to b: Int) -> Double {
        guard run.setting.momentum == 0 else { return .infinity }
        let (before, after) = (run.series["train_loss"][a], run.series["train_loss"][b])
        let time = rate * (clock[b] - clock[a])
        // A loss that rose was lower on the way.
        return (max(before - after, after > before ? after : 0) * time / gain).squareRoot()
    }
}
