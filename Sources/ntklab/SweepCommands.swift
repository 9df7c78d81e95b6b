import ArgumentParser
import Lab

struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Run a grid of configurations side by side, and fit how what they show grows.",
        subcommands: [Run.self, Status.self, Fit.self], defaultSubcommand: Run.self)

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start a sweep, or go on with what is missing of it.",
            discussion:
                "Exit code 0: every cell has run; 1: some failed or were not run; 3: none failed, but some diverged; 130: stopped by a signal."
        )

        @Argument(help: "The configuration, YAML, with a section `sweep`; `ntklab config` lists its keys.")
        var config: String
        @Option(name: .customLong("set"), help: "Override a key: --set sweep.stop_at.loss_ratio=1e-2. May be repeated.")
        var overrides: [String] = []
        @Option(help: "Folder for runs and sweeps.") var out = "runs"
        @Option(help: "Processes at once; chosen from flops and memory by default.") var jobs: Int?
        @Flag(help: "Go on when a cell fails or diverges (the default), or stop at the first that does.")
        var failures = Failures.keepGoing
        @Flag(help: "Print the cells, how they stand and what they cost, and stop.") var dryRun = false
        @Flag(help: "No progress line.") var quiet = false

        enum Failures: String, EnumerableFlag { case keepGoing, failFast }

        func validate() throws {
            if let jobs, !(1...256).contains(jobs) {
                throw ValidationError("--jobs: expected 1 to 256, found \(jobs)")
            }
        }

        func run() throws {
            let plan = try SweepPlan(file: config, overrides: overrides)
            if dryRun {
                let description = try Sweep.describe(plan, out: out, jobs: jobs)
                description.lines.forEach { print($0) }
                if !description.isSound { throw ExitCode(1) }
                return
            }
            try useStrongestCore()
            let outcome = try Sweep.run(
                plan, out: out, jobs: jobs, stopsAtFailure: failures == .failFast, quiet: quiet, say: note)
            outcome.results.lines.forEach { print($0) }
            print("sweep directory: \(outcome.path)")
            let counts = outcome.results.counts
            if outcome.bySignal { throw ExitCode(130) }
            if counts.failed + counts.open > 0 { throw ExitCode(1) }
            if counts.diverged > 0 { throw ExitCode(3) }
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "How the cells of a sweep stand.")
        @Argument(help: "The sweep's directory, its name, or `latest`.") var directory: String

        func run() throws { try Sweep.status(RunLocator.find(directory, .sweep)).forEach { print($0) } }
    }

    struct Fit: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the tables and fits of a sweep anew from its cells, and print the fits.")
        @Argument(help: "The sweep's directory, its name, or `latest`.") var directory: String
        @Flag(help: "Print one JSON object in place of the table.") var json = false

        func run() throws {
            let results = try SweepResults(directory: RunLocator.find(directory, .sweep))
            try results.write()
            json ? print(try results.json()) : results.lines.forEach { print($0) }
        }
    }
}

/// What a sweep starts for its cells.
struct SweepWorker: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep-worker", abstract: "Run the cells that standard input names.", shouldDisplay: false)
    @OptionGroup var machine: MachineOptions

    func run() throws {
        // The sweep has said what there is to say of it.
        try Machine.use(threads: machine.threads, blasCore: machine.blasCore)
        if CellLoop.run() { throw ExitCode(130) }
    }
}
