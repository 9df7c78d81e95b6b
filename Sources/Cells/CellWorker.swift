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
    private(set) var cell: SweepCell?
    private(set) var cost = CellCost.unknown
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let said = Said()
    private var asked = 0

    /// The lines that it has answered.
    private final class Said: Sendable {
        let text = Mutex("")
        var answers: [CellJob.Answer] {
            text.withLock {
                $0.split(separator: "\n", omittingEmptySubsequences: false).dropLast().compactMap {
                    .init(rawValue: String($0))
                }
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
            said.text.withLock { $0 += String(decoding: data, as: UTF8.self) }
            if data.contains(UInt8(ascii: "\n")) { whenDone() }
        }
        do {
            try process.run()
        } catch {
            throw LabError("a process for cells cannot be started: \(reason(error))")
        }
    }

    /// Whether it can be given no more cells.
    var hasEnded: Bool { !process.isRunning }
    /// Whether its cell has come to an end, in one way or another.
    var isDone: Bool { hasEnded || said.answers.count == asked }

    /// Has it begin a cell, or go on with it.
    func run(_ cell: SweepCell, _ cost: CellCost, _ job: CellJob) throws {
        (self.cell, self.cost) = (cell, cost)
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
    func collect() -> (cell: SweepCell, answer: CellJob.Answer?)? {
        defer { cell = nil }
        let answers = said.answers
        return cell.map { ($0, answers.count < asked ? nil : answers.last) }
    }

    /// How the process ended, in words.
    var ending: String {
        let status = process.terminationStatus
        guard process.terminationReason == .uncaughtSignal else { return "its process ended with exit code \(status)" }
        let guess = status == SIGKILL ? " (out of memory?)" : ""
        return "ended by signal \(status), \(String(cString: strsignal(status)))\(guess)"
    }
}
