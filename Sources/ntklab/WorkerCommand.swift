import ArgumentParser
import Cells
import Claims
import RunFolders
import Sweeps

struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Take work from a sweep until none is left, beside any number of other workers, on any host.",
        discussion:
            "The folder has to be one that all hosts share. A worker leaves when all that is left is being worked on by others, "
            + "and takes over what dead ones left. On SIGTERM it writes checkpoints and ends; what it had goes on elsewhere. "
            + "Exit code 0: it is done, or was stopped by a signal; 1: cells failed here.")

    @Argument(help: "The sweep's directory, its name, or `latest`.", completion: .sweep) var directory: String
    @Option(help: "Cores that it may use; by default all that the process may.") var cores: Int?
    @Option(
        help: "Seconds without a sign of life after which others may take over what it works on.")
    var takeoverAfter = ClaimFolder.usualLimit
    @Flag(help: "No progress line.") var quiet = false

    func validate() throws {
        if let cores, cores < 1 { throw ValidationError("--cores: expected at least 1, found \(cores)") }
        guard (1...86_400).contains(takeoverAfter) else {
            throw ValidationError("--takeover-after: expected 1 to 86400 seconds, found \(takeoverAfter)")
        }
    }

    func run() throws {
        let folder = try RunLocator.find(directory, .sweep)
        try useStrongestCore()
        let outcome = try SweepWorker.run(
            in: folder, Hands(cores: cores, isQuiet: quiet), limit: takeoverAfter, say: note)
        let left = outcome.open == 0 ? "every cell has ended" : "\(outcome.open) cells are left"
        note("worker    \(outcome.bySignal ? "stopped by a signal, " : "")\(left)")
        if outcome.failures > 0 { throw ExitCode(1) }
    }
}
