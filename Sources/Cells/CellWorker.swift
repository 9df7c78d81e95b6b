import Console
import Execution
import Files
import Foundation
import Synchronization

/// A process that runs one cell after another, `ntklab sweep-worker`, seen from the sweep.
///
/// A line on its input is a cell (`CellJob`), a line on its output says that it is done with it. It claims the cell itself, so
/// that the claim ends with the process that works. What it says of a cell goes to the cell's log. When the sweep dies, the
/// worker finishes its cell and ends.
final class CellWorker {
    /// The cell that it works on.
    private(set) var cell: WaitingCell?
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let said = Said()
    private var asked = 0
    /// When it was first seen to have ended.
    private var endedBefore: ContinuousClock.Instant?

    /// What it has answered.
    private final class Said: Sendable {
        struct State {
            var rest = ""
            var count = 0
            var last: CellJob.Answer?
            var isAtEnd = false
        }
        let state = Mutex(State())

        /// - Returns: whether there is something to look at.
        func hear(_ data: Data) -> Bool {
            state.withLock { state in
                state.isAtEnd = data.isEmpty
                let lines = (state.rest + String(decoding: data, as: UTF8.self)).split(
                    separator: "\n", omittingEmptySubsequences: false)
                state.rest = String(lines.last ?? "")
                for line in lines.dropLast() {
                    state.count += 1
                    state.last = CellJob.Answer(rawValue: String(line))
                }
                return state.isAtEnd || lines.count > 1
            }
        }
    }

    /// Starts a worker.
    /// - Parameter whenDone: called on some thread when it has answered or ended.
    init(threads: Int, whenDone: @escaping @Sendable () -> Void) throws {
        process.executableURL = URL(fileURLWithPath: "/proc/\(getpid())/exe").resolvingSymlinksInPath()
        process.arguments = ["sweep-worker", "--threads", "\(threads)"]
        // The pool of ours is the only one that works: threads of OpenBLAS would spin beside it.
        process.environment = ProcessInfo.processInfo.environment.merging(["OPENBLAS_NUM_THREADS": "1"]) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.terminationHandler = { _ in whenDone() }
        output.fileHandleForReading.readabilityHandler = { [said] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            if said.hear(data) { whenDone() }
        }
        do {
            try process.run()
        } catch {
            throw LabError("a process for cells cannot be started: \(reason(error))")
        }
    }

    /// Whether it can be given no more cells, and all that it said was heard: to its end, or for a second, because the end of a
    /// pipe is not always told.
    var hasEnded: Bool {
        guard !isRunning else { return false }
        let ended = endedBefore ?? .now
        endedBefore = ended
        return said.state.withLock(\.isAtEnd) || ContinuousClock.now - ended > .seconds(1)
    }

    /// Whether there is such a process. Foundation is not always told of its end.
    var isRunning: Bool {
        process.isRunning && (kill(process.processIdentifier, 0) == 0 || errno != ESRCH)
    }

    /// Whether its cell has come to an end, in one way or another.
    var isDone: Bool { hasEnded || said.state.withLock { $0.count == asked } }

    /// Has it begin a cell, or go on with it.
    func run(_ cell: WaitingCell, _ job: CellJob) throws {
        self.cell = cell
        asked += 1
        let line = try JSONEncoder().encode(job) + Data("\n".utf8)
        // One that has just died is found out when its end is collected.
        do { try input.fileHandleForWriting.write(contentsOf: line) } catch {}
    }

    /// Asks it to write a checkpoint and stop.
    func stop() { if process.isRunning { kill(process.processIdentifier, Interruption.ownSignal) } }

    /// Has it end once its cell is done.
    func close() throws { try input.fileHandleForWriting.close() }

    /// Takes its cell from it.
    /// - Returns: the cell; what it answered, or nil where the process ended without an answer.
    func collect() -> (cell: WaitingCell, answer: CellJob.Answer?)? {
        defer { cell = nil }
        let (count, last) = said.state.withLock { ($0.count, $0.last) }
        return cell.map { ($0, count < asked ? nil : last) }
    }

    /// Whether the process ended because a signal asked it to, before it had begun with its cell, or nobody can say how it ended:
    /// neither speaks of the cell.
    var wasStopped: Bool { process.isRunning || process.terminationReason == .exit && process.terminationStatus == 130 }

    /// How the process ended, in words.
    /// - Precondition: it was not just stopped (`wasStopped`).
    var ending: String {
        let status = process.terminationStatus
        guard process.terminationReason == .uncaughtSignal else { return "its process ended with exit code \(status)" }
        let guess = status == SIGKILL ? " (out of memory?)" : ""
        return "ended by signal \(status), \(String(cString: strsignal(status)))\(guess)"
    }
}
