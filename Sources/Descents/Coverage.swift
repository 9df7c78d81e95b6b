import Measurements
import RealModule
import Statistics

/// How well measurements at some rows of a run cover it, by how far the weights can have gone between them.
///
/// A stable step −η∇F gains (1 − x/2) η‖∇F‖² or more, with x = ηλ_max(∇²F). By Cauchy and Schwarz, steps that bring the
/// loss down by ΔF in a time ∫η dt make a path no longer than P = √(ΔF ∫η dt/(1 − x/2)). Between its ends the weights are
/// at most P/2 from the nearer one. If the ends are at distances a and b from W_0, they are at most (a + b + P)/2 from it.
///
/// Steps on batches go to and fro. Thirty rows at different places of the epoch cover them, and the weights are taken to
/// go twice as far as was seen. With momentum, of Adam and on another loss, nothing is known but the steps that were recorded.
package struct Coverage {
    /// Rows in the descent.
    package let count: Int
    /// The largest distance that the weights may have had from those of the nearest row, over ‖W_0‖; infinite where it is
    /// not known.
    package let stride: Double
    private let run: RunEvidence
    /// Rows that know how far the weights went, up to the first measurement after the end, where the loss moves nothing any
    /// more.
    private let known: [Int]
    private let path: Path
    /// Whether each step of the descent is among the rows.
    private let isWhole: Bool

    private static let fewestOfBatches = 30
    /// Largest stride that counts as close: the kernel of a network of L layers changes by some 2L times as much.
    private static let longest = 0.1

    /// - Parameter end: the row at which the descent ends.
    package init(_ run: RunEvidence, at rows: [Int], through end: Int) {
        self.run = run
        path = Path(run)
        let steps = run.series.steps
        count = rows.count { $0 <= end }
        guard let first = steps.first, end < steps.count, count > 0 else {
            (stride, known, isWhole) = (.infinity, [], false)
            return
        }
        isWhole = count > steps[end] - first
        let last = rows.first { $0 > end } ?? end
        known = run.series.rows(.weightDrift).filter { $0 <= last }
        guard !isWhole, run.setting.isFullBatch else {
            stride = isWhole || Self.seesBatches(run, known) ? 0 : .infinity
            return
        }
        let longest = Self.longestWay(path, known, between: Set(rows))
        let norm = run.initialNorm
        stride = norm > 0 && !longest.isNaN ? longest / 2 / norm : .infinity
    }

    /// The longest way from one measurement to the next, over all rows between them.
    private static func longestWay(_ path: Path, _ known: [Int], between measured: Set<Int>) -> Double {
        var (way, longest) = (0.0, 0.0)
        for (start, end) in zip(known, known.dropFirst()) {
            way += path.length(from: start, to: end)
            longest = way.isNaN ? .nan : max(longest, way)
            if measured.contains(end) { way = 0 }
        }
        return longest
    }

    private static func seesBatches(_ run: RunEvidence, _ rows: [Int]) -> Bool {
        let places = run.setting.epochPlaces(rows.map { run.series.steps[$0] })
        return run.setting.takesPlainSteps && rows.count >= fewestOfBatches && places.seen >= places.wanted
    }

    /// Whether there are enough rows, or all, close enough to each other.
    package func isDense(_ fewest: Int = 5) -> Bool { isWhole || count >= fewest && stride <= Self.longest }

    /// The farthest that weights may have been from W_0, by their distances at the rows.
    package func farthest(_ distances: [Double]) -> Double {
        let seen = known.map { distances[$0] }.filter(\.isFinite).max() ?? .nan
        if isWhole { return seen }
        guard run.setting.isFullBatch else { return stride.isFinite ? 2 * seen : .infinity }
        return zip(known, known.dropFirst()).reduce(seen) { farthest, pair in
            guard run.series.steps[pair.1] > run.series.steps[pair.0] + 1 else { return farthest }
            let between = (distances[pair.0] + distances[pair.1] + path.length(from: pair.0, to: pair.1)) / 2
            return between.isNaN ? .infinity : max(farthest, between)
        }
    }

    /// Whether a step that goes too far, and back, would have been seen. The first step goes beyond where it comes to rest,
    /// if any does: it was recorded, or is too short for that. Of steps on batches many were recorded.
    package var seesOvershoot: Bool {
        let steps = run.series.steps
        return isWhole || !run.setting.isFullBatch && stride == 0
            || path.sharpness <= 1 && run.setting.takesPlainSteps && run.setting.isFullBatch
            || run.setting.descendsGradient && known.contains { $0 > 0 && steps[$0] == steps[0] + 1 }
    }

    /// How many times as far from W_0 as at the rows the weights may have been.
    package var swing: Double {
        let drifts = run.series[.weightDrift]
        let seen = known.map { drifts[$0] }.filter(\.isFinite).max() ?? .nan
        return seen == 0 || isWhole ? 1 : seen > 0 ? farthest(drifts) / seen : .infinity
    }

    /// Why the rows are not enough.
    package var words: String {
        guard count >= 5 else { return "measured at \(count) steps of the descent only" }
        let far = stride.isFinite ? "\(shown(stride)) ‖W_0‖ away from all of them" : "anywhere"
        return "measured at steps between which the weights may have been \(far)"
    }
}

/// Bounds of the way that weights took between two rows.
private struct Path {
    private let run: RunEvidence
    private let clock: [Double]
    private let rate: Double
    /// x; where no kernel tells, steps are taken for longer than most are.
    package let sharpness: Double
    /// 1 − x/2.
    private let gain: Double

    package init(_ run: RunEvidence) {
        self.run = run
        clock = run.clock
        let rates = run.series.known(.learningRate).map(\.value)
        rate = rates.first ?? .nan
        let largest = run.series.known(.kernelLambdaMax).map(\.value).max() ?? .nan
        let isKnown = run.kernelIsWhole && run.setting.isSquaredLoss && largest.isFinite
        sharpness = isKnown ? (rates.max() ?? .nan) * run.setting.reductionWeight * largest : 1.5
        gain = 1 - min(sharpness, 1.9) / 2
    }

    package func length(from a: Int, to b: Int) -> Double {
        guard run.setting.takesPlainSteps else { return .infinity }
        let (before, after) = (run.series[.trainLoss][a], run.series[.trainLoss][b])
        let time = rate * (clock[b] - clock[a])
        // A loss that rose was lower on the way.
        return (max(before - after, after > before ? after : 0) * time / gain).squareRoot()
    }
}
