import Foundation
import Theory

/// The least index of 0 ..< count that passes, found by doubling strides and then halving the gap; passing is taken to
/// be monotone.
package struct Bisection {
    let count: Int
    package private(set) var failed = -1
    package private(set) var passed: Int?
    private var stride = 1

    package init(count: Int) { self.count = count }

    /// The index to try next; nil when the answer is there.
    package var next: Int? {
        if let passed { return passed - failed > 1 ? (passed + failed) / 2 : nil }
        return failed == count - 1 ? nil : min(failed + stride, count - 1)
    }

    package mutating func record(_ index: Int, passes: Bool) {
        if passes {
            passed = index
        } else {
            failed = index
            stride *= 2
        }
    }
}

/// Finds critical widths from the cells that are there, and says which cells it needs to go on.
struct CriticalSearch {
    let plan: SweepPlan
    let directory: SweepDirectory
    let target: CriticalWidthConfiguration
    /// Cells that were tried in this call, whose failure is final; nil where nothing will be run.
    private let tried: Set<String>?

    init?(_ plan: SweepPlan, in directory: SweepDirectory, tried: Set<String>? = nil) {
        guard let target = plan.sweep.criticalWidth else { return nil }
        (self.plan, self.directory, self.target, self.tried) = (plan, directory, target, tried)
    }

    /// A width at one place, with the runs that were made for it.
    struct Trial {
        let width: Int
        let runs: [(cell: SweepCell, state: CellState, measurement: CellMeasurement?, passes: Bool)]
        let passes: Bool
    }

    /// One place of the grid, as far as it is known.
    struct Place {
        let label: String
        let sizes: [String: Double]
        let trials: [Trial]
        let outcome: Outcome
    }

    enum Outcome {
        case found(CriticalWidth)
        /// Even the smallest width passes, or the largest fails.
        case below(Int)
        case above(Int)
        /// Cells that are to run first.
        case needs([SweepCell])
        /// A cell failed, so nothing is known.
        case failed(String)
    }

    /// Every place, from what is on disk.
    func places() -> [Place] {
        let over = target.over.compactMap { key in plan.sweep.axes.first { $0.key == key } }
        return SweepPlan.places(over.map(\.values.count)).map { place(over, $0) }
    }

    /// The cells that all places need next.
    var needed: [SweepCell] {
        places().flatMap { place -> [SweepCell] in
            if case .needs(let cells) = place.outcome { return cells }
            return []
        }
    }

    private func place(_ over: [SweepAxis], _ indices: [Int]) -> Place {
        let widths = target.widths
        var bisection = Bisection(count: widths.count)
        var trials: [Trial] = []
        let label = SweepPlan.label(over, indices)
        var sizes: [String: Double] = [:]
        for (axis, index) in zip(over, indices) { sizes[axis.key] = axis.values[index].number }
        func done(_ outcome: Outcome) -> Place { Place(label: label, sizes: sizes, trials: trials, outcome: outcome) }
        while let index = bisection.next {
            let cells = cells(width: widths[index], over, indices)
            let states = cells.map { directory.state(of: $0) }
            let failures = zip(cells, states).compactMap { failure($0, $1) }
            if let failure = failures.first { return done(.failed(failure)) }
            let missing = zip(cells, states).filter { !$0.1.isFinal }.map(\.0)
            guard missing.isEmpty else { return done(.needs(missing)) }
            let trial = trial(widths[index], cells, states)
            trials.append(trial)
            if trial.runs.contains(where: { $0.measurement?.knowsFloor == false }) {
                return done(.failed("the kernel that was followed is not the whole one: tracking.kernel.outputs: full"))
            }
            bisection.record(index, passes: trial.passes)
        }
        guard let passed = bisection.passed else { return done(.above(widths.last ?? 0)) }
        guard bisection.failed >= 0 else { return done(.below(widths[passed])) }
        return done(
            .found(
                CriticalWidth(sizes: sizes, width: Double(widths[passed]), failed: Double(widths[bisection.failed]))))
    }

    /// What went wrong with a cell that is not to be tried again.
    private func failure(_ cell: SweepCell, _ state: CellState) -> String? {
        switch state {
        case .failed: tried?.contains(cell.id) ?? true ? state.problem : nil
        case .bad: state.problem
        case .interrupted, .missing:
            tried?.contains(cell.id) ?? false ? "\(cell.label) was run and is not complete" : nil
        case .done, .diverged, .running: nil
        }
    }

    private func trial(_ width: Int, _ cells: [SweepCell], _ states: [CellState]) -> Trial {
        let stop = SweepConfiguration.Stop(lossRatio: target.reach, steps: nil)
        let runs = zip(cells, states).map { cell, state in
            let found = directory.measurement(of: cell, state, stop: stop)
            let passes = found.map { $0.hasReached && $0.keepsFloor } ?? false
            return (cell: cell, state: state, measurement: found, passes: passes)
        }
        let needed = (target.share * Double(cells.count) - 1e-9).rounded(.up)
        return Trial(width: width, runs: runs, passes: Double(runs.filter(\.passes).count) >= needed)
    }

    /// The runs of a width: one for each seed, the other axes at their first values.
    private func cells(width: Int, _ over: [SweepAxis], _ indices: [Int]) -> [SweepCell] {
        let fixed = plan.sweep.axes.filter { axis in
            axis.key != SweepAxis.width && axis.key != SweepAxis.seed && !over.contains { $0.key == axis.key }
        }
        let common =
            fixed.compactMap { axis in axis.values.first.map { Override(axis.key, $0.node) } }
            + zip(over, indices).map { Override($0.key, $0.values[$1].node) }
            + [
                Override(SweepAxis.width, "\(width)"), Override("training.stop.loss_ratio", "\(target.reach)"),
                Override("training.stop.steps", "\(target.within)"),
            ]
        let place = ([SweepPlan.label(over, indices)] + ["width=\(width)"]).filter { !$0.isEmpty }.joined(
            separator: " ")
        guard let seeds = plan.sweep.axes.first(where: { $0.key == SweepAxis.seed }) else {
            return [plan.cell(place, common)]
        }
        return seeds.values.map { plan.cell("\(place) seed=\($0.text)", common + [Override(SweepAxis.seed, $0.node)]) }
    }
}

extension CellMeasurement {
    /// Whether ‖∇F‖² ≥ 2 (cλ_min(Θ_0)/2) F at every tracked step: the Polyak–Łojasiewicz inequality with half of its constant at
    /// the start (Du, Lee, Li, Wang, Zhai 2019: λ_min(Θ_t) ≥ λ_min(Θ_0)/2).
    var keepsFloor: Bool {
        guard let floor, let ratio = values["gradient_ratio"] else { return false }
        return ratio >= floor / 2
    }
}
