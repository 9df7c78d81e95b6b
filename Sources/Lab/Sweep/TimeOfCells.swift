import Foundation
import LinearAlgebra

/// How long the cells of a sweep will take, from what they cost and how long those took that are done.
///
/// A cell's seconds are its counted work times the seconds that a unit of work took in cells of its size. Cells end earlier
/// than their last step by much the same share at much the same size, so that this is counted in.
package struct TimeOfCells {
    /// Until all are done; nil where none is left, or none is done.
    package let secondsLeft: Double?

    init(_ cells: [(cell: SweepCell, state: CellState)], in directory: SweepDirectory) {
        var costs = CellCosts()
        let known = cells.map { cell, state -> (cost: CellCost, state: CellState, seconds: Double?) in
            guard case .success(let configuration) = cell.configuration else { return (.unknown, state, nil) }
            return (costs.expectedCost(of: configuration), state, state.record?.wallSeconds)
        }
        let done = known.compactMap { cost, _, seconds in seconds.map { (work: cost.work, seconds: $0) } }
        let open = zip(cells, known).filter { !$0.1.state.isFinal }
        guard !done.isEmpty, !open.isEmpty else {
            secondsLeft = nil
            return
        }
        let times = open.map { cell, known -> (seconds: Double, takesTurns: Bool) in
            let whole = known.cost.work * Self.secondsPerWork(known.cost.work, done)
            let spent = directory.secondsSpent(cell.cell, known.state)
            return (max(whole - spent, 0), SweepScheduler.takesTurns(known.cost))
        }
        let beside = times.filter { !$0.takesTurns }.map(\.seconds)
        let inTurns = times.filter(\.takesTurns).reduce(0) { $0 + $1.seconds }
        let slots = Double(max(min(SweepScheduler.cores, beside.count), 1))
        secondsLeft = max(beside.reduce(0, +) / slots, beside.max() ?? 0) + inTurns
    }

    /// The mean over the cells that are done, those of nearly the same work first.
    package static func secondsPerWork(_ work: Double, _ done: [(work: Double, seconds: Double)]) -> Double {
        var (sum, weights) = (0.0, 0.0)
        for cell in done {
            let distance = log(cell.work / work)
            let weight = 1 / (0.01 + distance * distance)
            (sum, weights) = (sum + weight * cell.seconds / cell.work, weights + weight)
        }
        return sum / weights
    }
}

extension RunRecord {
    /// From loading the data to the end, of a run that was never interrupted.
    fileprivate var wallSeconds: Double? {
        guard let seconds, resumed.isEmpty else { return seconds }
        return seconds + (setupSeconds ?? 0)
    }
}

extension SweepDirectory {
    /// What a cell that is not done has taken so far; zero where that is not known.
    fileprivate func secondsSpent(_ cell: SweepCell, _ state: CellState) -> Double {
        guard case .running = state else { return 0 }
        do { return max(Date().timeIntervalSince(try RunRecord(reading: self.cell(cell.id)).started), 0) } catch {
            // It is about to begin.
            return 0
        }
    }
}
