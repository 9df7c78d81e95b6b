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
    private var call: SweepCall
    private let share: MachineShare
    private let say: (String) -> Void
    private var progress: SweepProgress
    private var waiting: [WaitingCell] = []
    private var workers: [CellWorker] = []
    private let bell: Doorbell
    private var isStopping = false
    private var isTold = false

    /// What is worked on, for which call, by what, and whom to tell.
    package struct Assignment {
        package let directory: SweepDirectory
        let call: SweepCall
        let share: MachineShare
        package let say: (String) -> Void

        package init(
            _ directory: SweepDirectory, _ call: SweepCall, _ share: MachineShare, say: @escaping (String) -> Void
        ) {
            (self.directory, self.call, self.share, self.say) = (directory, call, share, say)
        }
    }

    /// - Throws: `LabError` where the system has no room for it.
    package init(_ assignment: Assignment) throws {
        (directory, call, share, say) = (
            assignment.directory, assignment.call, assignment.share, assignment.say
        )
        progress = SweepProgress(isQuiet: share.isQuiet)
        bell = try Doorbell()
    }

    /// Whether a signal, a failure with `--fail-fast`, or a newer call of `ntklab sweep` ended it before its end.
    package var wasStopped: Bool { isStopping }

    /// Runs those cells that are not done; the same cell twice is one run.
    /// - Parameter leaves: whether it ends where all that is left is being worked on by others, in place of waiting for them.
    package func run(_ cells: [SweepCell], leaves: Bool = false) throws {
        let list = CellsToDo(cells, in: directory, isOver: isOver)
        for line in list.remarks { say(line) }
        for (cell, state) in list.found {
            progress.found(state)
            if isOver(cell, state) {
                report(cell, state)
                if share.stopsAtFailure, state.problem != nil { isStopping = true }
            }
        }
        for waiting in list.waiting { progress.expect(work: waiting.cost.work) }
        let (small, large) = (
            list.waiting.filter { !share.takesTurns($0.cost) }, list.waiting.filter { share.takesTurns($0.cost) }
        )
        try run(small, slots: share.slots, threads: share.threadsEach, leaves: leaves)
        try run(large, slots: 1, threads: share.cores, leaves: leaves)
        progress.end()
    }

    /// Longest first, so that no long one is left for the end.
    private func run(_ cells: [WaitingCell], slots: Int, threads: Int, leaves: Bool) throws {
        waiting = cells.sorted { $0.cost.flops > $1.cost.flops }
        var vigil = Vigil()
        var pause = Pause()
        while workers.contains(where: { $0.cell != nil }) || !(isStopping || waiting.isEmpty) {
            if Interruption.isRequested { stop() }
            if try fill(slots, threads: threads) { pause = Pause() }
            if leaves, !workers.contains(where: { $0.cell != nil }),
                try areLeftToOthers(&vigil)
            {
                break
            }
            progress.show(running: workers.count { $0.cell != nil })
            // Cells of this process ring, and signals end the wait.
            bell.wait(milliseconds: pause.next())
            if Interruption.isRequested { stop() }
            if try collect() { pause = Pause() }
        }
        for worker in workers { try worker.close() }
        workers = []
    }

    /// Gives cells to idle workers. What another process holds waits.
    /// - Returns: whether any was given.
    private func fill(_ slots: Int, threads: Int) throws -> Bool {
        guard !isStopping, !waiting.isEmpty, try idleWorker(slots, threads: threads) != nil, try isOfThisCall() else {
            return false
        }
        let held = Set(try directory.claims.claimed().filter { !$0.isAbandoned }.map(\.name))
        let now = ContinuousClock.now
        var (left, isGiven) = ([WaitingCell](), false)
        for (index, next) in waiting.enumerated() {
            guard let worker = try idleWorker(slots, threads: threads) else {
                left += waiting[index...]
                break
            }
            guard next.notBefore <= now, !held.contains(next.cell.id) else {
                left.append(next)
                continue
            }
            let state = directory.state(of: next.cell)
            if isOver(next.cell, state), !directory.needsTidying(next.cell, state) {
                end(next, state)
            } else if case .running = state {
                left.append(next)
            } else if case .success(let configuration) = next.cell.configuration {
                let job = CellJob(
                    sweep: directory.path, id: next.cell.id, label: next.cell.label,
                    configuration: configuration.resolvedText, threads: threads, call: call.token,
                    limit: directory.limit)
                try worker.run(next, job)
                isGiven = true
            }
        }
        waiting = left
        return isGiven
    }

    /// Whether all that waits is held by other processes that have shown that they live.
    private func areLeftToOthers(_ vigil: inout Vigil) throws -> Bool {
        let ids = Set(waiting.map(\.cell.id))
        let claims = try directory.claims.claimed().filter { ids.contains($0.name) }
        return vigil.allLive(claims) && claims.count == ids.count
    }

    /// Whether the sweep is still that of this scheduler's call, or of one that its workers can go on for.
    private func isOfThisCall() throws -> Bool {
        let last = try SweepCall(reading: directory.path)
        if last != call, !last.takesOver(call) {
            say("sweep     a newer call has another configuration: its workers go on")
            isStopping = true
        }
        call = last
        return !isStopping
    }

    private func idleWorker(_ slots: Int, threads: Int) throws -> CellWorker? {
        if let idle = workers.first(where: { $0.cell == nil && $0.isRunning }) { return idle }
        guard workers.count < slots else { return nil }
        let worker = try CellWorker(threads: threads, whenDone: { [bell] in bell.ring() })
        workers.append(worker)
        return worker
    }

    /// Looks at the cells that have ended, and at workers that have.
    /// - Returns: whether any cell has.
    private func collect() throws -> Bool {
        var isAny = false
        for worker in workers where worker.isDone {
            let hasEnded = worker.hasEnded
            if let (cell, answer) = worker.collect() {
                isAny = true
                try collect(cell, answer, worker)
            }
            if hasEnded { workers.removeAll { $0 === worker } }
        }
        return isAny
    }

    private func collect(_ done: WaitingCell, _ answer: CellJob.Answer?, _ worker: CellWorker) throws {
        var answer = answer
        // What ended the process itself is the cell's failure, unless it was asked to stop.
        if answer == nil, worker.wasStopped { answer = .taken }
        if answer == nil, !isStopping {
            answer = try directory.recordFailure(of: done.cell, worker.ending, call) ? .ended : .taken
        }
        let state = directory.state(of: done.cell)
        // One that is not at its end though nobody stopped us was stopped alone, and goes on.
        if answer == .taken || !isStopping && !state.isFinal && state.problem == nil {
            waiting.append(done.later())
            return
        }
        end(done, state)
        if share.stopsAtFailure, state.problem != nil { stop() }
    }

    /// Whether nothing is to be done for a cell in this call.
    private func isOver(_ cell: SweepCell, _ state: CellState) -> Bool {
        guard case .failed = state else { return state.isFinal }
        return CellFailure(of: directory.cell(cell.id))?.call == call.token
    }

    private func end(_ done: WaitingCell, _ state: CellState) {
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
