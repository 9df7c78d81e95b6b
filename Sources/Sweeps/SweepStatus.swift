import Cells
import Claims
import Console
import Foundation
import Launchers
import Statistics

/// How the cells of a sweep stand, seen from outside: while it runs, and once it has stopped.
package struct SweepStatus: Encodable, Sendable {
    struct Cell: Encodable, Sendable {
        let id: String
        let label: String
        let status: String
        let problem: String?
    }

    package let sweep: String
    /// Whether a process starts cells.
    package let isLive: Bool
    let cells: [Cell]
    /// Cells by their status.
    package let counts: [String: Int]
    /// Until the cells of the grid are done; nil where no cell has ended that would tell, or none is left.
    package let secondsLeft: Double?
    /// Why that can't be told, where the data of cells is gone.
    let timeProblem: String?
    /// Where the search for critical widths stands.
    package let critical: [String]
    /// Who works on which cell.
    package let workers: WorkerTable
    /// What the queue of a batch system says of workers that were submitted.
    let queue: SlurmQueue
    /// On what the cells were made that are done.
    let machines: CellMachines

    /// - Throws: an error where the folder is no sweep's, or can't be read.
    package init(of path: String) throws {
        let plan = try SweepPlan(directory: path)
        let directory = SweepDirectory(reading: path)
        workers = try WorkerTable(directory.workers())
        (sweep, isLive) = (path, workers.live > 0 || SweepDirectory.isHeld(path))
        let states = plan.cells.map { directory.state(of: $0) }
        let isLive = isLive
        cells = zip(plan.cells, states).map { cell, state in
            let work = directory.work(for: cell)
            return Cell(
                id: cell.id, label: cell.label, status: Self.word(state, work, isLive: isLive), problem: state.problem)
        }
        counts = Dictionary(grouping: cells, by: \.status).mapValues(\.count)
        queue = SlurmQueue(of: path)
        machines = CellMachines(states.compactMap(\.record))
        let time = TimeOfCells(zip(plan.cells, states).map { ($0, $1) }, in: directory, workers: workers.live)
        (secondsLeft, timeProblem) = (time.secondsLeft, time.problem)
        critical = CriticalSearch.lines(plan, directory)
    }

    /// A cell that waits is in a queue while something takes cells from it, and one that had ended and is to go deeper or
    /// to record more waits like one that was never begun.
    private static func word(_ state: CellState, _ work: CellWork, isLive: Bool) -> String {
        switch (state, work) {
        case (.waiting, _), (.interrupted, .extend), (.interrupted, .again): isLive ? "queued" : "waiting"
        default: state.word
        }
    }

    private static let words = [
        "done", "diverged", "failed", "bad", "running", "interrupted", "queued", "waiting",
    ]

    /// Counts, the time that is left, and a line for each cell that is not well.
    package func lines(columns: Int) -> [String] {
        let parts = Self.words.compactMap { word in counts[word].map { "\($0) \(word)" } }
        let shown = cells.isEmpty ? "none on a grid" : "\(cells.count): \(parts.joined(separator: ", "))"
        let problems = cells.compactMap { cell in cell.problem.map { "cell      \(cell.label): \($0)" } }
        return (["cells     \(shown)"] + time + problems + critical + machines.lines).flatMap {
            wrapped($0, columns: columns, indent: 10)
        } + queue.lines(columns: columns) + workers.lines(columns: columns)
    }

    private var time: [String] {
        let isOpen = ["failed", "running", "interrupted", "queued", "waiting"].contains { counts[$0] != nil }
        guard isOpen else { return [] }
        let unknown = timeProblem.map { "not known: \($0)" } ?? "not known before a cell has ended"
        let left = secondsLeft.map { "about \(duration($0))" } ?? unknown
        return [
            "left      \(left)\(isLive ? "" : "; no process works on it: call `ntklab sweep` again, or start workers")"
        ]
    }
}
