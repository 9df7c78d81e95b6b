import ArgumentParser
import Cells
import Configurations
import Execution
import RunFolders
import Sweeps

struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Run a grid of configurations side by side, and fit how what they show grows.",
        usage: "ntklab sweep <config> [<options>]\nntklab sweep <subcommand>",
        discussion: helpOf(Run.self, "ntklab sweep <config>", "starts a sweep, or goes on with it"),
        subcommands: [Run.self, Status.self, Fit.self], defaultSubcommand: Run.self)

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start a sweep, or go on with what is missing of it.",
            discussion:
                "Exit code 0: every cell has run; 1: some failed or were not run; 3: none failed, but some diverged; 130: stopped by a signal."
        )

        @Argument(
            help: "The configuration, YAML, with a section `sweep`; `ntklab config sweep` lists its keys.",
            completion: .yaml)
        var config: String
        @Option(
            name: .customLong("set"), help: "Override a key: --set sweep.stop_at.loss_ratio=1e-2. May be repeated.",
            completion: .keys)
        var overrides: [String] = []
        @Option(help: "Folder for runs and sweeps.", completion: .directory) var out = "runs"
        @Option(help: "Processes at once; chosen from flops and memory by default.") var jobs: Int?
        @Flag(help: "Go on when a cell fails or diverges (the default), or stop at the first that does.")
        var failures = Failures.keepGoing
        @OptionGroup var launch: LaunchOptions
        @Option(
            help:
                "The OpenBLAS core that every worker has to have, such as Haswell or SkylakeX: then all cells have the bits of one machine.",
            completion: .list(["Haswell", "SkylakeX", "Zen"]))
        var requireCore: String?
        @Flag(help: "Print the cells, how they stand and what they cost, and stop.") var dryRun = false
        @Flag(help: "No progress line.") var quiet = false
        @OptionGroup var results: ResultOptions

        enum Failures: String, EnumerableFlag { case keepGoing, failFast }

        func validate() throws {
            if let jobs, !(1...256).contains(jobs) {
                throw ValidationError("--jobs: expected 1 to 256, found \(jobs)")
            }
            try launch.refuseWorkers()
            if launch.isElsewhere, jobs != nil || failures == .failFast {
                throw ValidationError(
                    "--\(jobs != nil ? "jobs" : "fail-fast"): goes with --launcher local, found --launcher \(launch.launcher.rawValue)"
                )
            }
        }

        func run() throws {
            let plan = try SweepPlan(file: config, overrides: overrides)
            if dryRun {
                let forecast = try SweepForecast(plan, out: out, jobs: jobs)
                try results.show(forecast, lines: forecast.lines)
                if !forecast.isSound { throw ExitCode(1) }
                return
            }
            if launch.isElsewhere { return try start(plan) }
            try useStrongestCore()
            let share = MachineShare(jobs: jobs, stopsAtFailure: failures == .failFast, isQuiet: quiet)
            let outcome = try Sweep.run(plan, out: out, share, requiredCore: requireCore, say: note)
            try results.show(outcome.results.summary) {
                outcome.results.lines(columns: $0) + ["sweep directory: \(outcome.path)"]
            }
            let counts = outcome.results.counts
            if outcome.bySignal { throw ExitCode(130) }
            if counts.failed + counts.open > 0 { throw ExitCode(1) }
            if counts.diverged > 0 { throw ExitCode(3) }
        }

        /// Has workers make the cells.
        private func start(_ plan: SweepPlan) throws {
            try launch.check("\(out)/\(plan.name)")
            let prepared = try Sweep.prepare(plan, out: out, requiredCore: requireCore, say: note)
            guard prepared.open > 0 else { return note("sweep     nothing is left to do") }
            try launch.start(workersOf: prepared.path, pieces: prepared.open, ["--quiet"], results)
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How the cells of a sweep stand, and how long those take that are left.",
            discussion:
                "done, diverged, failed (tried again by the next call) or bad (its configuration is none); running; interrupted: "
                + "begun, but no process works on it; queued: to be begun by the sweep that runs; waiting: never begun."
        )
        @Argument(help: "The sweep's directory, its name, or `latest`.", completion: .sweep) var directory: String
        @OptionGroup var results: ResultOptions

        func run() throws {
            let status = try SweepStatus(of: RunLocator.find(directory, .sweep))
            try results.show(status, lines: status.lines)
        }
    }

    struct Fit: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the tables and fits of a sweep anew from its cells, and print the fits.")
        @Argument(help: "The sweep's directory, its name, or `latest`.", completion: .sweep) var directory: String
        @OptionGroup var results: ResultOptions

        func run() throws {
            let fitted = try SweepResults(directory: RunLocator.find(directory, .sweep))
            try fitted.write()
            try results.show(fitted.summary, lines: fitted.lines)
        }
    }
}

/// What a sweep starts for its cells.
struct CellLoopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep-worker", abstract: "Run the cells that standard input names.", shouldDisplay: false)
    @OptionGroup var machine: MachineOptions

    func run() throws {
        // The sweep has said what there is to say of it.
        try Machine.use(threads: machine.threads, blasCore: machine.blasCore)
        if try CellLoop.run() { throw ExitCode(130) }
    }
}
