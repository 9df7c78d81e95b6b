import Foundation
import Measurements
import Theory

/// The truth of each statement, from facts and marks: nothing here asks what the program says.
struct Judge {
    let seen: Recorded
    let facts: Facts
    var truth = Truth()

    init(_ run: RunEvidence, _ facts: Facts) {
        seen = Recorded(run)
        self.facts = facts
        judgeMinimum()
        judgeLaw()
        judgeGradient()
        judgeLandscape()
        judgeDrift()
        judgeEquivalence()
        judgeStart()
        judgeBatches()
        for statement in Array(facts.untrue) + [facts.gap].compactMap(\.self) { truth.never(.holds, statement) }
        for statement in Array(facts.unrefuted) + [facts.gap].compactMap(\.self) { truth.never(.fails, statement) }
    }

    /// Whether F − F* came down to what was asked for, or to the floor of the arithmetic.
    var isDown: Bool {
        guard let least = facts.least else { return false }
        let noise = 1000 * seen.roundoff * least
        return seen.last - least - noise <= max(1.0001 * facts.asked, seen.floor) * seen.first
    }

    /// How far from the minimum the run ended, in units of what was asked for.
    var distance: String {
        guard let least = facts.least, let scale = facts.scale, scale > 0 else { return "" }
        return
            " [F_T - F* is \(brief((seen.last - least) / (min(facts.asked, 1e-2) * scale))) times what was asked for]"
    }

    private mutating func judgeMinimum() {
        let statement = Statement.globalMinimum
        if seen.first == 0, seen.last == 0 {
            truth.never(.fails, statement)
            return truth.can(.holds, statement)
        }
        if seen.isDiverged {
            truth.never(.holds, statement)
            if seen.isGone { truth.can(.fails, statement) }
            return
        }
        if facts.goesOn { truth.never(.fails, statement) }
        let accuracy = seen.run.series.known("train_accuracy").last?.value ?? 1
        let isWrongSomewhere = accuracy < 1 && facts.least == 0
        if isWrongSomewhere { truth.never(.holds, statement) }
        guard let scale = facts.scale else {
            if let least = facts.least, seen.last - least > 1.5 * min(facts.asked, 1e-2) * seen.first {
                truth.never(.holds, statement)
            }
            return
        }
        guard scale > 0 else {
            truth.never(.fails, statement)
            if seen.last > seen.floor * seen.first { truth.never(.holds, statement) }
            return
        }
        // What is not known to be the least can't be said to be it; what interpolates can.
        let least = facts.least ?? 0
        let noise = 1000 * seen.roundoff * least
        // Where the loss came down to what was asked for of F_0, a thousandth of the data's scale counts.
        let isReached = seen.last <= 1.0001 * facts.asked * seen.first
        // Nothing below the floor of the arithmetic can be asked for.
        let unit = max(min(facts.asked, 1e-2), isReached ? 1e-3 : 0, seen.floor) * scale
        if seen.last - least - noise <= unit / 1.5, !isWrongSomewhere {
            truth.never(.fails, statement)
            if facts.isLeastTold { truth.can(.holds, statement) }
        }
        if seen.last - least - noise >= 1.5 * unit { truth.never(.holds, statement) }
    }

    private mutating func judgeLaw() {
        let statement = Statement.linearConvergence
        switch facts.law {
        case .linear:
            truth.never(.fails, statement)
            if facts.isLawTold ?? isConstantTold { truth.can(.holds, statement) }
        case .settles: judgeSettling()
        case .slower:
            truth.never(.holds, statement)
            if facts.isLawTold ?? false { truth.can(.fails, statement) }
        case .rests:
            truth.never(.holds, statement)
            truth.never(.fails, statement)
        case .noise: truth.never(.holds, statement)
        case .grows:
            truth.never(.holds, statement)
            if seen.isGone { truth.can(.fails, statement) }
        case .free: break
        }
    }

    /// A constant kernel that is resolved, whose slowest mode falls by e, in a descent that came down.
    var isConstantTold: Bool {
        guard isDown, facts.least == 0, let share = seen.kernelShare, seen.run.setting.isSquaredLoss,
            seen.run.setting.isFullBatch
        else { return false }
        return share.low > 0.55 && seen.slowestFall >= 2 && seen.points.count >= 6
    }

    /// The rate falls or grows to one that it keeps: what was recorded of both?
    private mutating func judgeSettling() {
        let statement = Statement.linearConvergence
        let rates = seen.rates(above: facts.least ?? 0, to: max(facts.asked, 16 * seen.floor))
        if facts.isEventuallyLinear { truth.never(.fails, statement) }
        guard let last = rates.last, let most = rates.max(), let least = rates.min() else {
            if isDown { truth.never(.fails, statement) }
            return
        }
        // Still falling at the end, and slower than a quarter of what it was: a power law so far.
        let isFalling = rates.count >= 4 && rates[rates.count - 2] > 1.1 * last && last < most / 4
        if isFalling, last < most / 8 || !isDown, !facts.isEventuallyLinear {
            truth.never(.holds, statement)
        } else if isDown, !isFalling {
            truth.never(.fails, statement)
        }
        if isDown, !isFalling, let share = seen.kernelShare, share.low > 0.55, seen.slowestFall >= 2, least > 0,
            facts.least == 0, seen.points.count >= 6
        {
            truth.can(.holds, statement)
        }
    }
}
