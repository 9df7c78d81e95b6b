import ArgumentParser
import Cells
import Claims
import Execution
import KernelJobs
import RunFolders
import Sweeps

struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Take work from a sweep or a kernel job until none is left, beside other workers, on any host.",
        discussion:
            "The folder has to be one that all hosts share. A worker leaves when others work on all that is left, and takes over what "
            + "dead ones left. On SIGTERM it writes checkpoints, frees what it has and ends; others go on with it. "
            + "Exit code 0: it is done, or was stopped by a signal; 1: cells failed.\n\n"
            + helpOf(Work.self, "ntklab worker <directory>", "takes work"),
        subcommands: [Work.self, Status.self], defaultSubcommand: Work.self)

    struct Work: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take work.", shouldDisplay: false)
        @Argument(
            help: "The directory of a sweep, its name, or `latest`; or that of a kernel job, NAME.h5.tiles.",
            completion: .sweep)
        var directory: String
        @Option(help: "Cores that it may use; by default all that the process may.") var cores: Int?
        @Option(help: "Seconds without a sign of life after which others may take over what it has.")
        var takeoverAfter = ClaimFolder.usualLimit
        @Option(
            help: "OpenBLAS kernels: auto for the processor's best, or a name such as Haswell.",
            completion: .list(["auto", "Haswell", "SkylakeX", "Zen"]))
        var blasCore: String?
        @Flag(help: "No progress line.") var quiet = false
        @OptionGroup var results: ResultOptions

        func validate() throws {
            if let cores, !(1...4096).contains(cores) {
                throw ValidationError("--cores: expected 1 to 4096, found \(cores)")
            }
            guard (1...86_400).contains(takeoverAfter) else {
                throw ValidationError("--takeover-after: expected 1 to 86400 seconds, found \(takeoverAfter)")
            }
        }

        func run() throws {
            // A batch system may stop it at any moment.
            Interruption.listen()
            let sweep = KernelRunner.isNamedAsJob(directory) ? nil : try RunLocator.find(directory, .sweep)
            try Machine.use(blasCore: blasCore)
            if let advice = Machine.weakCoreAdvice { note(advice) }
            guard let sweep else { return try workOnKernel() }
            note("machine   \(Machine.core)")
            try workOnSweep(sweep)
        }

        private func workOnSweep(_ folder: String) throws {
            let outcome = try SweepWorker.run(
                in: folder, MachineShare(cores: cores, isQuiet: quiet), limit: takeoverAfter, say: note)
            try results.show(outcome) { _ in [outcome.words] }
            if outcome.failures > 0 { throw ExitCode(1) }
        }

        private func workOnKernel() throws {
            switch try KernelRunner.work(in: directory, cores: cores, takeoverAfter: takeoverAfter, say: note) {
            case .joined(let summary):
                try results.show(summary) { summary.lines(columns: $0) + ["file      \(summary.file)"] }
            case .finished: try show("finished", "nothing is left to do")
            case .interrupted(let tiles, let total):
                try show("interrupted", "stopped with \(tiles) of \(total) tiles done", tiles, total)
            case .leftToOthers(let tiles, let total):
                try show("left to others", "\(tiles) of \(total) tiles are done; others make the rest", tiles, total)
            }
        }

        private struct Left: Encodable {
            let status: String
            let tilesDone, tiles: Int?
        }

        private func show(_ status: String, _ line: String, _ tiles: Int? = nil, _ total: Int? = nil) throws {
            try results.show(Left(status: status, tilesDone: tiles, tiles: total)) { _ in [line] }
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What is done of a sweep or a kernel job, and which process works on what.")
        @Argument(
            help: "The directory of a sweep, its name, or `latest`; or that of a kernel job, NAME.h5.tiles.",
            completion: .sweep)
        var directory: String
        @OptionGroup var results: ResultOptions

        func run() throws {
            guard KernelRunner.isNamedAsJob(directory) else {
                let status = try SweepStatus(of: RunLocator.find(directory, .sweep))
                return try results.show(status, lines: status.lines)
            }
            let status = try KernelStatus(of: directory)
            try results.show(status, lines: status.lines)
        }
    }
}
