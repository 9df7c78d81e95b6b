import Cells
import Configurations
import Console
import Foundation
import ScalingLaws

/// Finds critical widths from the cells that are there, and says which cells it needs to go on.
package struct CriticalSearch {
    package let plan: SweepPlan
    package let directory: SweepDirectory
    package let target: CriticalWidthConfiguration
    /// Cells that were tried in this call, whose failure is final; nil where nothing will be run.
    private let tried: Set<String>?

    package init?(_ plan: SweepPlan, in directory: SweepDirectory, tried: Set<String>? = nil) {
        guard let target = plan.sweep.criticalWidth else { return nil }
        (self.plan, self.directory, self.target, self.tried) = (plan, directory, target, tried)
    }

    /// Every place, from what is on disk.
    package func places() -> [Place] {
        let over = target.over.compactMap { key in plan.sweep.axes.first { $0.key == key } }
        return SweepPlan.places(over.map(\.values.count)).map { place(over, $0) }
    }

    /// The cells that all places need next.
    package var needed: [SweepCell] {
        places().flatMap { place -> [SweepCell] in
            if case .needs(let cells) = place.outcome { return cells }
            return []
        }
    }

    private func place(_ over: [SweepAxis], _ indices: [Int]) -> Place {
        var sizes: [String: Double] = [:]
        for (axis, index) in zip(over, indices) { sizes[axis.key] = axis.values[index].number }
        var trials: [Int: Trial] = [:]
        let outcome = outcome(over, indices, sizes, &trials)
        return Place(
            label: SweepPlan.label(over, indices),
            coordinates: SweepPlan.coordinates(over, row: Array(over.indices), indices), sizes: sizes,
            trials: trials.sorted { $0.key < $1.key }.map(\.value),
            outcome: outcome)
    }

    /// Bisects, then looks at one more width on each side of the bracket.
    private func outcome(
        _ over: [SweepAxis], _ indices: [Int], _ sizes: [String: Double], _ trials: inout [Int: Trial]
    ) -> Outcome {
        let widths = target.widths
        var bisection = Bisection(count: widths.count)
        while let index = bisection.next {
            if let open = look(index, over, indices, &trials) { return open }
            bisection.record(index, passes: trials[index]?.passes ?? false)
        }
        let failed = bisection.failed
        guard let passed = bisection.passed else {
            let reason = trials[failed]?.singularity
            return reason.map { .singular($0) } ?? .above(widths.last ?? 0)
        }
        guard failed >= 0 else { return .below(widths[passed]) }
        for index in bisection.neighbours where trials[index] == nil {
            if let open = look(index, over, indices, &trials) { return open }
        }
        let returns = trials.filter {
            $0.key < failed && $0.value.passes == true || $0.key > passed && $0.value.passes == false
        }
        // A bracket of one step more on each side holds m* where passing comes and goes.
        let step = returns.isEmpty ? 0 : Double(widths[passed]) / Double(widths[failed])
        return .found(
            CriticalWidth(
                sizes: sizes, width: Double(widths[passed]), failed: Double(widths[failed]),
                seedError: CriticalWidth.seedError(thresholds(trials)),
                otherError: step > 0 ? log(step) : 0),
            returns: returns.map { widths[$0.key] }.sorted())
    }

    /// Adds the trial of a width; what stands in the way of it, or of any width, where that is so.
    private func look(
        _ index: Int, _ over: [SweepAxis], _ indices: [Int], _ trials: inout [Int: Trial]
    ) -> Outcome? {
        let cells = cells(width: target.widths[index], over, indices)
        let states = cells.map { directory.state(of: $0) }
        if let failure = zip(cells, states).compactMap({ failure($0, $1) }).first { return .failed(failure) }
        let missing = zip(cells, states).filter { !$0.1.isFinal }.map(\.0)
        guard missing.isEmpty else { return .needs(missing) }
        let trial = trial(target.widths[index], cells, states)
        trials[index] = trial
        if trial.runs.contains(where: { $0.measurement?.boundsGradient == false }) {
            return .failed(
                "the kernel that was followed is not the whole one: set tracking.kernel.samples to the number of training "
                    + "samples, and tracking.kernel.outputs: full")
        }
        if trial.hasTwins, let reason = trial.singularity { return .singular(reason) }
        guard trial.passes == nil else { return nil }
        return .failed(
            "at width \(trial.width) λ_min(Θ_0) is not above its error, or that leaves open whether the gradient keeps its floor"
        )
    }

    /// ln of the width that is just enough for each seed: the middle of its widest that failed and its next that
    /// passed, or half a step beyond the widths that were tried.
    private func thresholds(_ trials: [Int: Trial]) -> [Double] {
        let tried = trials.sorted { $0.key < $1.key }.map(\.value)
        guard let first = tried.first, let last = tried.last else { return [] }
        let half = log(target.ratio) / 2
        // A seed that is open at a width tells no width.
        let told = first.runs.indices.filter { seed in tried.allSatisfy { $0.runs[seed].passes != nil } }
        return told.map { seed in
            let failed = tried.last { $0.runs[seed].passes == false }
            let passed = tried.first { $0.runs[seed].passes == true && $0.width > failed?.width ?? 0 }
            guard let failed else { return log(Double(first.width)) - half }
            guard let passed else { return log(Double(last.width)) + half }
            return (log(Double(failed.width)) + log(Double(passed.width))) / 2
        }
    }

    /// What went wrong with a cell that is not to be tried again.
    private func failure(_ cell: SweepCell, _ state: CellState) -> String? {
        switch state {
        case .failed: tried?.contains(cell.id) ?? true ? state.problem : nil
        case .bad: state.problem
        case .interrupted, .waiting:
            tried?.contains(cell.id) ?? false ? "\(cell.label) was run and is not complete" : nil
        case .done, .diverged, .running: nil
        }
    }

    private func trial(_ width: Int, _ cells: [SweepCell], _ states: [CellState]) -> Trial {
        let stop = SweepConfiguration.Stop(lossRatio: target.reach, steps: nil)
        let runs = zip(cells, states).map { cell, state in
            (cell: cell, state: state, measurement: directory.measurement(of: cell, state, stop: stop))
        }
        return Trial(width, runs, needed: Int((target.share * Double(cells.count) - 1e-9).rounded(.up)))
    }

    /// The runs of a width: one for each seed, the other axes at their first values.
    package func cells(width: Int, _ over: [SweepAxis], _ indices: [Int]) -> [SweepCell] {
        let fixed = plan.sweep.axes.filter { axis in
            axis.key != SweepAxis.width && axis.key != SweepAxis.seed && !over.contains { $0.key == axis.key }
        }
        let common =
            fixed.compactMap { axis in axis.values.first.map { Override(axis, $0) } }
            + zip(over, indices).map { Override($0, $0.values[$1]) }
            + [
                Override(SweepAxis.width, "\(width)"), Override("training.stop.loss_ratio", "\(target.reach)"),
                Override("training.stop.steps", "\(target.within)"),
            ]
        let place = ([SweepPlan.label(over, indices)] + ["width=\(width)"]).filter { !$0.isEmpty }.joined(
            separator: " ")
        guard let seeds = plan.sweep.axes.first(where: { $0.key == SweepAxis.seed }) else {
            return [plan.cell(place, common)]
        }
        return seeds.values.map { plan.cell("\(place) seed=\($0.text)", common + [Override(seeds, $0)]) }
    }
}
