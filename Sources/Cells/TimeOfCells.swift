import Foundation
import Runs

/// How long the cells of a sweep will take, from what they cost and how long those took that are done.
///
/// A cell's seconds are its counted work times the seconds that a unit of work took in cells of its size. Cells end earlier
/// than their last step by much the same share at much the same size, so that this is counted in.
package struct TimeOfCells {
    /// Until all are done; nil where none is left, none is done, or what they cost can't be counted.
    package let secondsLeft: Double?
    /// Why their cost can't be counted, as where their data is gone; nil where it can.
    package let problem: String?

    /// A cell that is left: its work, the seconds that went into it so far, and whether it runs alone.
    package typealias Open = (work: Double, spent: Double, takesTurns: Bool)

    /// - Parameter workers: processes that work on cells now, on any host; where there is none, as many as there would be here.
    package init(_ cells: [(cell: SweepCell, state: CellState)], in directory: SweepDirectory, workers: Int) {
        var costs = CellCosts()
        let share = MachineShare()
        costs.count(cells.map(\.cell))
        var done: [(work: Double, seconds: Double)] = []
        var open: [Open] = []
        var problem: String?
        for (cell, state) in cells {
            guard case .success(let configuration) = cell.configuration else { continue }
            do {
                // What failed for its data or network fails again, at once.
                let cost = try costs.cost(of: configuration)
                if let seconds = state.record?.wallSeconds {
                    done.append((cost.work, seconds))
                } else if !state.isFinal {
                    open.append(
                        (cost.work, directory.secondsSpent(cell), share.takesTurns(cost)))
                }
            } catch {
                if !state.isFinal { problem = problem ?? "\(error)" }
            }
        }
        self.problem = problem
        secondsLeft =
            problem == nil ? Self.secondsLeft(open, done, processes: max(workers, share.cores)) : nil
    }

    /// Until all are done: side by side those that may, then one after another those that take turns.
    package static func secondsLeft(
        _ open: [Open], _ done: [(work: Double, seconds: Double)], processes: Int
    ) -> Double? {
        guard !done.isEmpty, !open.isEmpty else { return nil }
        let times = open.map { max($0.work * secondsPerWork($0.work, done) - $0.spent, 0) }
        let beside = zip(open, times).filter { !$0.0.takesTurns }.map(\.1)
        let inTurns = zip(open, times).filter(\.0.takesTurns).reduce(0) { $0 + $1.1 }
        let slots = Double(max(min(processes, beside.count), 1))
        return max(beside.reduce(0, +) / slots, beside.max() ?? 0) + inTurns
    }

    /// What went into a run that is not done: the wall time since it began, or, of one that went on from a checkpoint or
    /// is to, that of its steps by its record. The days in between are none of it.
    package static func secondsSpent(by record: RunRecord, isRunning: Bool, now: Date) -> Double {
        guard isRunning, record.resumed.isEmpty else { return record.seconds ?? 0 }
        return max(now.timeIntervalSince(record.started), 0)
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
    /// What a cell that is not done has taken so far, in the folder in which it is made; zero where that is not known.
    fileprivate func secondsSpent(_ cell: SweepCell) -> Double {
        let folder = workplace(of: cell)
        // One that is to run again begins with nothing.
        if folder == self.cell(cell.id), case .again = work(for: cell) { return 0 }
        do {
            return TimeOfCells.secondsSpent(
                by: try RunRecord(reading: folder), isRunning: isHeld(cell), now: Date())
        } catch {
            // It is about to begin.
            return 0
        }
    }
}
