import Claims
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
    private let launch: Launch
    private let hands: Hands
    private let say: (String) -> Void
    private var progress: SweepProgress
    private var costs = CellCosts()
    private var waiting: [Waiting] = []
    private var workers: [CellWorker] = []
    private let bell: Doorbell
    private var isStopping = false
    private var isTold = false
    /// Cells that failed while this scheduler ran them.
    package private(set) var failures = 0

    /// What is worked on, for which call, by what, and whom to tell.
    package struct Call {
        package let directory: SweepDirectory
        let launch: Launch
        let hands: Hands
        package let say: (String) -> Void

        package init(
            _ directory: SweepDirectory, _ launch: Launch, _ hands: Hands, say: @escaping (String) -> Void
        ) {
            (self.directory, self.launch, self.hands, self.say) = (directory, launch, hands, say)
        }
    }

    /// - Throws: `LabError` where the system has no room for it.
    package init(_ call: Call) throws {
        (directory, launch, hands, say) = (call.directory, call.launch, call.hands, call.say)
        progress = SweepProgress(isQuiet: hands.isQuiet)
        bell = try Doorbell()
    }

    /// Whether a signal, a failure with `--fail-fast`, or a newer call of `ntklab sweep` ended it before its end.
    package var wasStopped: Bool { isStopping }

    private struct Waiting {
        let cell: SweepCell
        let cost: CellCost
    }

    /// Runs those cells that are not done; the same cell twice is one run.
    /// - Parameter leaves: whether it ends where all that is left is being worked on by others, in place of waiting for them.
    package func run(_ cells: [SweepCell], leaves: Bool = false) throws {
        var (small, large): ([Waiting], [Waiting]) = ([], [])
        for waiting in try toDo(cells) {
            hands.takesTurns(waiting.cost) ? large.append(waiting) : small.append(waiting)
        }
        try run(small, slots: hands.slots, threads: hands.threadsEach, leaves: leaves)
        try run(large, slots: 1, threads: hands.cores, leaves: leaves)
        progress.end()
    }

    /// Cells for which there is work; says what there is to say of all of them.
    private func toDo(_ cells: [SweepCell]) throws -> [Waiting] {
        var known: Set<String> = []
        var works: [CellWork] = []
        var elsewhere: [RunRecord.Environment] = []
        var found: [Waiting] = []
        costs.count(cells.filter { !directory.state(of: $0).isFinal })
        for cell in cells where cell.id.isEmpty || known.insert(cell.id).inserted {
            let state = directory.state(of: cell)
            let work = directory.work(for: cell)
            works.append(work)
            if work != .nothing, let other = directory.otherEnvironment(of: cell) { elsewhere.append(other) }
            progress.found(state)
            if isOver(cell, state) {
                report(cell, state)
                if hands.stopsAtFailure, state.problem != nil { isStopping = true }
                // What a kill left of a cell that is done is tidied up like a cell.
                guard state.isFinal, directory.hasRest(of: cell) else { continue }
            }
            guard case .success(let configuration) = cell.configuration else { continue }
            let waiting = Waiting(cell: cell, cost: costs.expectedCost(of: configuration))
            progress.expect(work: waiting.cost.work)
            found.append(waiting)
        }
        for remark in costs.remarks { say(remark.line) }
        if let remark = CellWork.remark(works, areEqual: elsewhere.isEmpty) { say(remark) }
        if let first = elsewhere.first {
            say(
                "warning   \(elsewhere.count) of these cells were made with another environment (\(first.summary)); now it is "
                    + "\(RunRecord.Environment().summary): what goes on or runs again differs in its last bits")
        }
        return found
    }

    /// Longest first, so that no long one is left for the end.
    private func run(_ cells: [Waiting], slots: Int, threads: Int, leaves: Bool) throws {
        waiting = cells.sorted { $0.cost.flops > $1.cost.flops }
        var vigil = Vigil()
        while workers.contains(where: { $0.cell != nil }) || !(isStopping || waiting.isEmpty) {
            let isIdle = try !fill(slots, threads: threads)
            if leaves, isIdle, try vigil.allLive(waiting.map(\.cell.id), in: directory.claims) { break }
            bell.wait(milliseconds: 200)
            try collect()
            progress.show(running: workers.count { $0.cell != nil })
            if Interruption.isRequested { stop() }
        }
        for worker in workers { try worker.close() }
        workers = []
    }

    /// Gives cells to idle workers. What another process holds waits.
    /// - Returns: whether any worker works.
    private func fill(_ slots: Int, threads: Int) throws -> Bool {
        var held: [Waiting] = []
        while !isStopping, !waiting.isEmpty, let worker = try idleWorker(slots, threads: threads) {
            guard try Launch(reading: directory.path) == launch else {
                say("sweep     a newer call has begun: its workers go on")
                isStopping = true
                break
            }
            let next = waiting.removeFirst()
            let state = directory.state(of: next.cell)
            if isOver(next.cell, state), !directory.hasRest(of: next.cell) {
                end(next, state)
            } else if case .running = state {
                held.append(next)
            } else if case .success(let configuration) = next.cell.configuration {
                let job = CellJob(
                    sweep: directory.path, id: next.cell.id, label: next.cell.label,
                    configuration: configuration.resolvedText, threads: threads, launch: launch.token,
                    limit: directory.limit)
                try worker.run(next.cell, next.cost, job)
            }
        }
        waiting += held
        return workers.contains { $0.cell != nil }
    }

    private func idleWorker(_ slots: Int, threads: Int) throws -> CellWorker? {
        if let idle = workers.first(where: { $0.cell == nil && !$0.hasEnded }) { return idle }
        guard workers.count < slots else { return nil }
        let worker = try CellWorker(threads: threads, whenDone: { [bell] in bell.ring() })
        workers.append(worker)
        return worker
    }

    /// Looks at the cells that have ended, and at workers that have.
    private func collect() throws {
        for worker in workers where worker.isDone {
            let hasEnded = worker.hasEnded
            if let (cell, answer) = worker.collect() {
                try collect(Waiting(cell: cell, cost: worker.cost), answer, worker)
            }
            if hasEnded { workers.removeAll { $0 === worker } }
        }
    }

    private func collect(_ done: Waiting, _ answer: CellJob.Answer?, _ worker: CellWorker) throws {
        var answer = answer
        // What ended the process itself is the cell's failure, unless it was asked to stop.
        if answer == nil, !isStopping {
            answer = try directory.recordFailure(of: done.cell, worker.ending, launch) ? .ended : .taken
        }
        if answer == .taken {
            waiting.append(done)
            return
        }
        let state = directory.state(of: done.cell)
        if case .failed = state { failures += 1 }
        end(done, state)
        if hands.stopsAtFailure, state.problem != nil { stop() }
    }

    /// Whether nothing is to be done for a cell in this call.
    private func isOver(_ cell: SweepCell, _ state: CellState) -> Bool {
        guard case .failed = state else { return state.isFinal }
        return CellFailure(of: directory.cell(cell.id))?.launch == launch.token
    }

    private func end(_ done: Waiting, _ state: CellState) {
        report(done.cell, state)
        progress.ended(state, work: done.cost.work)
    }

    private func report(_ cell: SweepCell, _ state: CellState) {
        guard let problem = state.problem else { return }
        progress.clear()
        say("cell      \(cell.label): \(problem)")
    }

    /// Starts no more cells, and has those that run write a checkpoint and stop.
    private func stop() {
        isStopping = true
        guard !isTold else { return }
        isTold = true
        workers.forEach { $0.stop() }
    }
}
