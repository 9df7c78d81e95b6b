import Measurements
import RealModule
import Statistics

/// F − F* over the time ∫η dt, as far as it says something about its law.
///
/// It ends where F reaches, for good, either the least loss as far as that is known or the floor of the run's arithmetic.
/// Otherwise it ends with the run, at what was asked for or before that.
///
/// The floor, with unit roundoff u, is one of two things:
///
/// - F is that of rounding errors of outputs: (16 u)² times the smaller of F_0 and F of the output 0.
/// - F is below 16 u F_0, steps are smaller than what the weights resolve, η‖∇F‖ ≤ u‖W_0‖/4, and from there on F falls
///   less than half as far as the kernels would have it.
package struct RecordedDescent: Sendable {
    package struct Point: Sendable {
        package let step: Int
        /// ∫η dt, in steps at the first learning rate.
        package let time: Double
        /// F − F*, with the largest value that F* is known to have at least.
        package let loss: Double

        package init(step: Int, time: Double, loss: Double) {
            self.step = step
            self.time = time
            self.loss = loss
        }
    }
    /// F − F* from the first row up to `end`.
    package let excess: [Point]
    /// F of all rows where it is known.
    package let all: [Point]
    /// What it ends at: what was asked for (or a start without loss), F*, the floor of the arithmetic, or the last row.
    package enum End: Sendable { case reached, least, arithmetic, last }
    package let end: End
    /// The row of the series at which it ends; nil for a run without any loss.
    package let lastRow: Int?
    /// The last step, if its loss is no number.
    package let lostStep: Int?
    package let least: LeastLoss

    package init(_ run: RunEvidence) {
        let losses = run.series[.trainLoss]
        let clock = run.clock
        let least = LeastLoss(run)
        self.least = least
        all = losses.indices.filter { losses[$0].isFinite }
            .map { Point(step: run.series.steps[$0], time: clock[$0], loss: losses[$0]) }
        lostStep = losses.last?.isFinite == false && !all.isEmpty ? run.series.steps.last : nil
        guard let start = all.first?.loss, start > 0 else {
            (excess, end, lastRow) = (all, all.first?.loss == 0 && all.last?.loss == 0 ? .reached : .last, nil)
            return
        }
        let floor = LossFloor(run, start: start)
        let wanted = run.setting.lossRatio * start
        // Where F − F* is not much more than what F* may be off by, it says nothing.
        let resolved = least.value + (least.value > 0 ? max(50 * least.error, 1e3 * run.setting.roundoff * start) : 0)
        let last = losses.lastIndex { $0.isFinite } ?? 0
        // Where it is held for good: a loss that swings through or rises again was not down.
        let later = Self.largestLater(losses)
        let row =
            losses.indices.first {
                (losses[$0] <= resolved || floor.holds(losses[$0], at: $0)) && later[$0] <= 100 * losses[$0]
            } ?? last
        lastRow = row
        if lostStep != nil {
            end = .last
        } else if losses[row] <= wanted {
            end = .reached
        } else if losses[row] <= resolved, least.error <= 1e-3 * (start - least.value) {
            end = .least
        } else {
            end = floor.holds(losses[row], at: row) ? .arithmetic : .last
        }
        let step = run.series.steps[row]
        excess = all.filter { $0.step <= step && $0.loss > least.value && $0.time.isFinite }
            .map { Point(step: $0.step, time: $0.time, loss: $0.loss - least.value) }
    }

    /// The largest loss from each row on; a value that is no number is larger than all.
    private static func largestLater(_ losses: [Double]) -> [Double] {
        var largest = -Double.infinity
        let last = losses.lastIndex { $0.isFinite } ?? 0
        return losses.indices.reversed().map { row in
            largest = max(largest, losses[row].isNaN ? (row > last ? .infinity : largest) : losses[row])
            return largest
        }.reversed()
    }

    /// F* where it is known, else a lower bound of it.
    package var leastLoss: Double { least.value }
    package var firstLoss: Point? { all.first }
    package var lastLoss: Point? { all.last }
    /// F − F* at the end over that at the start.
    package var ratio: Double { (excess.last?.loss ?? .nan) / (excess.first?.loss ?? .nan) }
    /// Time that it covers.
    package var span: Double { (excess.last?.time ?? 0) - (excess.first?.time ?? 0) }

    /// Whether the loss is no number any more, or grew beyond what it comes back from.
    ///
    /// That can be said of a function that is affine in its weights, under full batches and one learning rate of gradient descent: ten
    /// thousand times its start and the size of the targets, times (1 − μ)^(−2), by which momentum swings up on the way
    /// down. Networks come back from any growth, at flatter places (Lewkowycz, Bahri, Dyer, Sohl-Dickstein, Gur-Ari
    /// 2020: catapults).
    package func hasDiverged(_ run: RunEvidence) -> Bool {
        let isQuadratic =
            run.references?.isAffine == true && run.setting.isSquaredLoss && run.setting.isFullBatch
            && run.setting.hasConstantRate && run.setting.descendsGradient
        if isQuadratic, let first = firstLoss, let last = lastLoss, first.loss > 0 {
            let swing = 1 / ((1 - run.setting.momentum) * (1 - run.setting.momentum))
            if last.loss > 1e4 * swing * max(first.loss, run.references?.zeroOutput ?? 0) { return true }
        }
        return lostStep != nil && (run.setting.ending == .diverged || run.setting.ending == .failed)
    }

    /// How it diverged, in words.
    package func growth(_ run: RunEvidence) -> String {
        if let lostStep { return "the loss is no number at step \(lostStep)" }
        return "the loss grew, to \(shown(lastLoss?.loss ?? .nan)) at step \(lastLoss?.step ?? 0)"
    }

    /// Time that the loss would need at its last rate to fall to a share of its start; infinite where it does not fall.
    package func timeToGo(to wanted: Double) -> Double {
        lastRate > 0 ? max(Double.log(ratio / wanted), 0) / lastRate : .infinity
    }

    /// Whether the loss hardly moves at the end: at its last rate it would change by less than 5 % in another run as
    /// long.
    package var standsStill: Bool { end == .last && excess.count >= 8 && abs(lastRate * span) < 0.05 }

    /// The rate over the last quarter of the time, by least squares through ln(F − F*).
    package var lastRate: Double {
        guard let end = excess.last?.time else { return .nan }
        var tail = excess.filter { $0.time >= end - span / 4 }
        if tail.count < 2 { tail = excess.suffix(2) }
        guard tail.count > 1 else { return .nan }
        return -slope(tail.map { ($0.time, Double.log($0.loss)) })
    }
}

extension RecordedDescent {
    /// The end of the run, if that is a critical point above the least loss.
    ///
    /// There the gradient of a full-batch descent is 0, so that no further step moves it. The loss is above one that
    /// weights are known to have and above the floor of its arithmetic, and residuals and their products don't underflow.
    package func criticalEnd(_ run: RunEvidence) -> (step: Int, loss: Double)? {
        guard run.setting.isFullBatch, run.setting.takesPlainSteps, let last = lastLoss,
            run.series[.gradientNorm].last == 0,
            run.series.steps.last == last.step, last.loss > 1.01 * least.smallestSeen, let first = firstLoss,
            last.loss > LossFloor.ratio(run.setting.roundoff) * first.loss,
            last.loss.squareRoot() * run.setting.roundoff > run.setting.leastNormal
        else { return nil }
        return (last.step, last.loss)
    }
}
