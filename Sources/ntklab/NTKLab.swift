import ArgumentParser
import Console
import Execution
import Foundation
import HDF5
import Runs

/// The command line: parsing, printing, exit codes.
///
/// 0 done, 1 numbers differ (`verify`), a statement fails (`certify`) or a cell (`sweep`), 2 bad input, 3 diverged, 4 a statement can't be
/// told (`certify`), 130 stopped by a signal.
@main
struct NTKLab: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ntklab",
        abstract: "Train wide ReLU networks and see whether, and why, they converge to a global minimum.",
        version: ntklabVersion,
        subcommands: [
            Train.self, Resume.self, Export.self, SweepCommand.self, WorkerCommand.self, CellLoopCommand.self,
            StudyCommand.self, NTK.self, SpectrumCommand.self, SharpnessCommand.self, StationaryCommand.self,
            Certify.self, ListCommand.self, CompareCommand.self, ConnectCommand.self,
            Report.self, Inspect.self, DataCommand.self, Verify.self, Bench.self, ShowConfig.self,
        ])

    static func main() {
        Interruption.prepare()
        ReadingGuard.endProcess { _exit(2) }
        if let problem = missing {
            note("error: \(problem)")
            Foundation.exit(2)
        }
        Foundation.exit(work())
    }

    /// What the runtime of Swift needs of the system, and would trap for or do without in silence.
    private static var missing: String? {
        // The arguments are read there, and are none where it is missing.
        let arguments = "/proc/self/cmdline"
        guard access(arguments, R_OK) == 0 else {
            return "\(arguments): cannot be read: \(String(cString: strerror(errno))): is /proc mounted?"
        }
        for (name, clock) in [
            ("time", CLOCK_REALTIME), ("time since the start", CLOCK_BOOTTIME), ("steady time", CLOCK_MONOTONIC),
        ] {
            var now = timespec()
            guard clock_gettime(clock, &now) == 0 else {
                return "the system's clock of \(name) cannot be read: \(String(cString: strerror(errno)))"
            }
        }
        return nil
    }

    /// Does what was asked for, and returns the exit code once its results are out.
    private static func work() -> Int32 {
        do {
            var command = try parseAsRoot()
            do { try command.run() } catch let code as ExitCode {
                try StandardOutput.finish()
                return code.rawValue
            }
            try StandardOutput.finish()
            return 0
        } catch {
            return report(error)
        }
    }

    /// Prints help that was asked for, or the message of an error.
    private static func report(_ error: any Error) -> Int32 {
        guard exitCode(for: error) == .success else {
            note(error is CleanExit ? fullMessage(for: error) : problem(error))
            return 2
        }
        print(fullMessage(for: error))
        do { try StandardOutput.finish() } catch {
            note(problem(error))
            return 2
        }
        return 0
    }

    /// One clear message: our own errors speak for themselves, wrong flags come with the usage.
    private static func problem(_ error: any Error) -> String {
        exitCode(for: error) == .validationFailure ? fullMessage(for: error) : "error: \(words(of: error))"
    }
}

/// Threads and BLAS kernels, for every command that computes.
struct MachineOptions: ParsableArguments {
    @Option(help: "Threads; by default one for each core that the process may use.")
    var threads: Int?

    @Option(
        help:
            "OpenBLAS kernels: auto for the processor's best whatever OPENBLAS_CORETYPE says, or a name such as Haswell.",
        completion: .list(["auto", "Haswell", "SkylakeX", "Zen"]))
    var blasCore: String?

    func validate() throws {
        if let threads, !(1...256).contains(threads) {
            throw ValidationError("--threads: expected 1 to 256, found \(threads)")
        }
        if let blasCore, blasCore.isEmpty {
            throw ValidationError("--blas-core: expected auto or a name such as Haswell, found nothing")
        }
    }

    /// Sets the machine up; starts the program anew once where OpenBLAS has to load differently.
    /// - Parameter defaultThreads: used where `--threads` is not given; all cores if nil.
    func apply(defaultThreads: Int? = nil) throws {
        try Machine.use(threads: threads ?? defaultThreads, blasCore: blasCore)
        if let advice = Machine.weakCoreAdvice { note(advice) }
    }
}

extension ArgumentHelp {
    /// What stands for a run.
    static var run: ArgumentHelp { "The run directory, its name, or `latest`." }
}

/// OpenBLAS's kernels where there is no option for them; child processes inherit the choice.
func useStrongestCore() throws {
    try Machine.use(blasCore: nil)
    note("machine   \(Machine.core)")
    if let advice = Machine.weakCoreAdvice { note(advice) }
}
