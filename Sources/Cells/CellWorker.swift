import Console
import Execution
import Files
import Foundation
import LinearAlgebra
import RunFolders
import Runs
import Synchronization

/// A process that runs one cell after another, `ntklab sweep-worker`, seen from the sweep.
///
/// A line on its input names the folder of a run, a line on its output says that this run has ended. What it says of a
/// cell goes to the cell's log. When the sweep dies, the worker finishes its cell and ends.
final class CellWorker {
    /// The cell that it works on.
    private(set) var cell: SweepCell?
    private(set) var cost = CellCost.unknown
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    /// Cells that it has answered for.
    private let answered = Answers()
    private var asked = 0

    private final class Answers: Sendable {
        let count = Mutex(0)
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
        output.fileHandleForReading.readabilityHandler = { [answered] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            let lines = data.count { $0 == UInt8(ascii: "\n") }
            answered.count.withLock { $0 += lines }
            if lines > 0 { whenDone() }
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
    var isDone: Bool { hasEnded || answered.count.withLock { $0 } == asked }

    /// Has it begin a cell, or go on with it.
    func run(_ cell: SweepCell, _ cost: CellCost, folder: String) throws {
        (self.cell, self.cost) = (cell, cost)
        asked += 1
        // One that has just died is found out when its end is collected.
        do { try input.fileHandleForWriting.write(contentsOf: Data((folder + "\n").utf8)) } catch {}
    }

    /// Asks it to write a checkpoint and stop.
    func stop() { process.terminate() }

    /// Has it end once its cell is done.
    func close() throws { try input.fileHandleForWriting.close() }

    /// Takes its cell from it; what ended the worker itself is recorded as the cell's failure.
    /// - Parameters:
    ///   - folder: where it made the cell.
    ///   - isStopping: whether it was asked to stop, so that its end says nothing of the cell.
    func collect(folder: String, isStopping: Bool) throws -> SweepCell? {
        defer { cell = nil }
        if hasEnded, !isStopping, answered.count.withLock({ $0 }) < asked {
            try CellFailure(reason: ending, printed: CellFailure.printed(of: folder)).write(of: folder)
        }
        return cell
    }

    /// How the process ended, in words.
    private var ending: String {
        let status = process.terminationStatus
        guard process.terminationReason == .uncaughtSignal else { return "its process ended with exit code \(status)" }
        let guess = status == SIGKILL ? " (out of memory?)" : ""
        return "ended by signal \(status), \(String(cString: strsignal(status)))\(guess)"
    }
}

/// The worker itself.
package enum CellLoop {
    /// Runs the cells that standard input names, one after another, until it ends or a signal comes.
    /// - Returns: whether a signal ended it.
    package static func run() -> Bool {
        Interruption.listen()
        let threads = BLAS.threadCount
        while let folder = readLine() {
            let log = CellFailure.log(of: folder)
            let file = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            if file >= 0 {
                dup2(file, STDERR_FILENO)
                close(file)
            }
            do {
                try WholeFile.remove(CellFailure.path(of: folder))
                // The number of threads belongs to the cell, once it has begun: its bits depend on it.
                let begun = [folder, SweepDirectory.place(ofBeside: folder)].compactMap { $0 }.first(
                    where: RunFile.hasBegun)
                try Machine.start(threads: begun.map { try RunRecord(reading: $0).environment.threads } ?? threads)
                _ = try Runner.resume(folder, overrides: [], quiet: true) { Diagnostics.line($0) }
                // What happened is in the run's record.
                unlink(log)
            } catch {
                Diagnostics.line("error: \(error)")
                // Where that can't be written, the sweep finds a process that ended, and says so.
                do { try CellFailure(reason: "\(error)").write(of: folder) } catch { exit(2) }
            }
            print("done")
            fflush(nil)
            if Interruption.isRequested { return true }
        }
        return false
    }

}
