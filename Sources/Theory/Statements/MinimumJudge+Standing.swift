import Measurements
import Statistics

/// How a run stands whose end decides nothing.
extension MinimumJudge {
    /// In words, with what would decide it.
    var state: (String, [MissingEvidence]) {
        let ratio = shown(last.loss / first)
        if run.setting.ending == .diverged {
            return (
                "the loss grew to F_T/F_0 = \(ratio), where the run was ended: networks may come back from that",
                [.stepsPastDivergence]
            )
        }
        guard let scale else {
            return ("all targets are 0: F_T/F_0 = \(ratio) has no scale of the data to be compared with", [])
        }
        if descent.end == .arithmetic {
            let missing = run.setting.roundoff > 1e-12 ? [MissingEvidence.smallerRoundoff] : []
            return ("F_T/F_0 = \(ratio) is where rounding errors hold the loss", missing)
        }
        let share = "\(shown(last.loss / scale)) times the scale of the data, \(shown(scale))"
        if descent.end == .reached {
            let start = first > 2 * scale ? ": F_0 was large" : ""
            let smaller = MissingEvidence.smallerLoss(
                ratio: wanted / first, loss: run.setting.stopsAtLoss ? wanted : nil)
            return ("no minimum yet: F_T/F_0 = \(ratio) as asked for, but F_T is \(share)\(start)", [smaller])
        }
        if least.isKnown, least.error > 1e-3 * (first - least.value) {
            let bounds = "\(shown(least.value)) and \(shown(least.value + least.error))"
            return (
                "F_T/F_0 = \(ratio), and F* is between \(bounds) only: the gradient is not small yet",
                descent.standsStill ? [] : [run.longerRun]
            )
        }
        if descent.all.count < 8 { return ("too few measurements of the loss, \(descent.all.count)", [run.moreRows]) }
        if descent.standsStill {
            return least.isKnown
                ? ("the loss stands still at F_T/F_0 = \(ratio), above \(least.words()), in its slowest modes", [])
                : (
                    "the loss stands still at F_T/F_0 = \(ratio), and nothing recorded says whether less is possible",
                    []
                )
        }
        guard last.loss < first, descent.lastRate > 0 else {
            return ("F_T/F_0 = \(ratio), and the loss does not fall at the end", [])
        }
        return ("cut short at F_T/F_0 = \(ratio), still falling", moreSteps)
    }

    /// What the loss would need at its last rate and learning rate.
    private var moreSteps: [MissingEvidence] {
        let rates = run.series.known(.learningRate).map(\.value)
        let slower = (rates.first ?? 1) / (rates.last ?? 1)
        let share = max(wanted / (first - least.value), run.setting.lossRatio)
        let more = descent.timeToGo(to: share) * slower
        guard more >= 0, more < 1e12 else {
            return slower > 1 ? [.longerSchedule] : []
        }
        let about = Int(more) + 1
        return [.moreSteps(about: about, total: last.step + about, ratio: share)]
    }
}
