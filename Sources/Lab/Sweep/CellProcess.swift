import Foundation

/// `ntklab resume` on the folder of a cell, in a process of its own.
final class CellProcess {
    let cell: SweepCell
    let cost: CellCost
    private let process = Process()
    private let log: String

    /// Starts it; what it says goes to the cell's log.
    /// - Parameters:
    ///   - folder: the run's, holding its configuration at least.
    ///   - whenDone: called on some thread when it has ended.
    init(
        _ cell: SweepCell, _ cost: CellCost, folder: String, log: String, threads: Int,
        whenDone: @escaping @Sendable () -> Void
    ) throws {
        self.cell = cell
        self.cost = cost
        self.log = log
        guard FileManager.default.createFile(atPath: log, contents: nil), let file = FileHandle(forWritingAtPath: log)
        else { throw LabError(RunDirectory.systemMessage(log)) }
        process.executableURL = URL(fileURLWithPath: "/proc/\(getpid())/exe").resolvingSymlinksInPath()
        process.arguments = ["resume", folder, "--quiet", "--threads", "\(threads)"]
        // The pool of ours is the only one that works: threads of OpenBLAS would spin beside it.
        process.environment = ProcessInfo.processInfo.environment.merging(["OPENBLAS_NUM_THREADS": "1"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = file
        process.terminationHandler = { _ in whenDone() }
        do {
            try process.run()
        } catch {
            throw LabError("a process for \(cell.label) cannot be started: \(reason(error))")
        }
        try file.close()
    }

    var isRunning: Bool { process.isRunning }
    /// Whether it stopped since it was told to.
    var wasInterrupted: Bool { process.terminationReason == .exit && process.terminationStatus == 130 }

    /// Asks it to write a checkpoint and stop.
    func stop() { process.terminate() }

    /// Once it has ended: leaves a log only where something went wrong that the run itself could not record.
    func finish(isFinal: Bool) throws {
        if isFinal || wasInterrupted {
            unlink(log)
        } else if process.terminationReason == .uncaughtSignal {
            let signal = process.terminationStatus
            let guess = signal == SIGKILL ? " (out of memory?)" : ""
            let said = FileManager.default.contents(atPath: log) ?? Data()
            let line = "error: ended by signal \(signal), \(String(cString: strsignal(signal)))\(guess)\n"
            try RunDirectory.write(String(decoding: said, as: UTF8.self) + line, to: log)
        }
    }
}
