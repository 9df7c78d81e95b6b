import Execution
import Foundation
import LinearAlgebra
import Runs

/// Runs cells in processes of their own: small ones side by side with one thread each, large ones in turns with all.
///
/// Side by side is 1.05 to 1.6 times as fast as in turns, the more so the smaller the network (measured on two cores,
/// widths 4096 to 256), so cells take turns only where their memory, or the time of a single step, asks for it.
package final class SweepScheduler {
    private let directory: SweepDirectory
    /// Processes at once, and threads of each, where that is forced.
    private let jobs: Int?
    private let stopsAtFailure: Bool
    private let say: (String) -> Void
    private var progress: SweepProgress
    private var costs = CellCosts()
    private var waiting: [Waiting] = []
    private var workers: [CellWorker] = []
    private let ended = DispatchSemaphore(value: 0)
    /// The cell whose folder was made ready last.
    private var prepared = ""
    private var isStopping = false
    private var isTold = false

    package init(
        _ directory: SweepDirectory, jobs: Int?, stopsAtFailure: Bool, quiet: Bool, say: @escaping (String) -> Void
    ) {
        self.directory = directory
        self.jobs = jobs
        self.stopsAtFailure = stopsAtFailure
        self.say = say
        progress = SweepProgress(isQuiet: quiet)
    }

    package static var cores: Int { Machine.processors }

    /// Whether a cell takes its turn with all threads.
    package static func takesTurns(_ cost: CellCost) -> Bool {
        // A step of a second on one core: nothing is lost by threads, and results come one after another.
        cost.stepFlops > 5e10 || cost.bytes * Double(cores) > 0.7 * Double(Memory.limit)
    }

    /// Whether a signal, or a failure with `--fail-fast`, ended it before its end.
    package var wasStopped: Bool { isStopping }

    /// Runs those cells that are not done; the same cell twice is one run.
    package func run(_ cells: [SweepCell]) throws {
        var (small, large): ([Waiting], [Waiting]) = ([], [])
        var known: Set<String> = []
        var works: [CellWork] = []
        costs.count(cells.filter { !directory.state(of: $0).isFinal })
        var elsewhere: [RunRecord.Environment] = []
        for cell in cells where cell.id.isEmpty || known.insert(cell.id).inserted {
            let state = try state(of: cell)
            let work = directory.work(for: cell)
            works.append(work)
            if work != .nothing, let other = directory.otherEnvironment(of: cell) { elsewhere.append(other) }
            progress.found(state)
            if state.isFinal {
                report(cell, state)
                if stopsAtFailure, state.problem != nil { isStopping = true }
            }
            guard !state.isFinal, case .success(let configuration) = cell.configuration else { continue }
            let waiting = Waiting(cell: cell, cost: costs.expectedCost(of: configuration))
            progress.expect(work: waiting.cost.work)
            Self.takesTurns(waiting.cost) && jobs == nil ? large.append(waiting) : small.append(waiting)
        }
        for remark in costs.remarks { say(remark.line) }
        if let remark = CellWork.remark(works, areEqual: elsewhere.isEmpty) { say(remark) }
        if let first = elsewhere.first {
            say(
                "warning   \(elsewhere.count) of these cells were made with another environment (\(first.summary)); now it is "
                    + "\(RunRecord.Environment().summary): what goes on or runs again differs in its last bits")
        }
        let slots = jobs ?? Self.cores
        try run(small, slots: slots, threads: max(Self.cores / slots, 1))
        try run(large, slots: 1, threads: Self.cores)
        progress.end()
    }

    private struct Waiting {
        let cell: SweepCell
        let cost: CellCost
    }

    /// Longest first, so that no long one is left for the end.
    private func run(_ cells: [Waiting], slots: Int, threads: Int) throws {
        waiting = cells.sorted { $0.cost.flops > $1.cost.flops }
        while workers.contains(where: { $0.cell != nil }) || !(isStopping || waiting.isEmpty) {
            try fill(slots, threads: threads)
            // What the next cell needs on disk is made while the others compute.
            if let next = waiting.first, !isStopping, next.cell.id != prepared {
                try directory.prepare(next.cell)
                prepared = next.cell.id
            }
            _ = ended.wait(timeout: .now() + 0.2)
            try collect()
            progress.show(running: workers.count { $0.cell != nil })
            if Interruption.isRequested { stop() }
        }
        for worker in workers { try worker.close() }
        workers = []
    }

    /// Gives cells to idle workers. What another process holds, a cluster's or an orphan of a killed sweep, waits.
    private func fill(_ slots: Int, threads: Int) throws {
        var held: [Waiting] = []
        while !isStopping, !waiting.isEmpty, let worker = try idleWorker(slots, threads: threads) {
            let next = waiting.removeFirst()
            if directory.isHeld(next.cell) {
                held.append(next)
            } else if case let state = try state(of: next.cell), state.isFinal {
                progress.ended(state, work: next.cost.work)
            } else {
                try directory.prepare(next.cell)
                try worker.run(next.cell, next.cost, folder: directory.workplace(of: next.cell))
            }
        }
        waiting += held
    }

    private func idleWorker(_ slots: Int, threads: Int) throws -> CellWorker? {
        if let idle = workers.first(where: { $0.cell == nil && !$0.hasEnded }) { return idle }
        guard workers.count < slots else { return nil }
        let worker = try CellWorker(threads: threads, whenDone: { [ended] in ended.signal() })
        workers.append(worker)
        return worker
    }

    /// How a cell stands, a run that was made beside its earlier one in that one's place.
    private func state(of cell: SweepCell) throws -> CellState {
        try directory.settle(cell)
        return directory.state(of: cell)
    }

    /// Looks at the cells that have ended, and at workers that have.
    private func collect() throws {
        for worker in workers where worker.isDone {
            let hasEnded = worker.hasEnded
            if let current = worker.cell,
                let cell = try worker.collect(
                    folder: directory.workplace(of: current), isStopping: isStopping)
            {
                try collect(cell, worker.cost)
            }
            if hasEnded { workers.removeAll { $0 === worker } }
        }
    }

    private func collect(_ cell: SweepCell, _ cost: CellCost) throws {
        let state = try state(of: cell)
        if case .running = state {
            // Another process was there first.
            waiting.append(Waiting(cell: cell, cost: cost))
            return
        }
        report(cell, state)
        if stopsAtFailure, state.problem != nil { stop() }
        progress.ended(state, work: cost.work)
    }

    private func report(_ cell: SweepCell, _ state: CellState) {
        guard let problem = state.problem else { return }
        progress.clear()
        say("cell      \(cell.label): \(problem)")
    }

    /// Starts no more cells, and has those that run write a checkpoint and stop.
    private func stop() {
        isStopping = true
        // Once: a second signal would end them without a checkpoint.
        guard !isTold else { return }
        isTold = true
        workers.forEach { $0.stop() }
    }
}
