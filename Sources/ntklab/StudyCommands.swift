import ArgumentParser
import Reporting
import Studies

struct StudyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study", abstract: "The experiments of papers, beside what they published.",
        discussion: helpOf(Run.self, "ntklab study run <name>", "goes on with, or starts, a study"),
        subcommands: [List.self, Run.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the studies.")

        @OptionGroup var results: ResultOptions

        func run() throws {
            try results.show(Study.all.map(\.json)) { columns in Study.all.flatMap { $0.lines(columns: columns) } }
        }
    }

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a study, or go on with it, and print measured beside published numbers.",
            discussion: "Minutes on two cores; with --full the published sizes. Exit code 1 where a cell failed.")

        @Argument(help: "Its name; `ntklab study list` shows all.", completion: .studies) var name: String
        @Flag(help: "The published sizes, which take hours.") var full = false
        @Option(help: "Folder for runs and sweeps.", completion: .directory) var out = "runs"
        @Option(help: "Processes at once; chosen from flops and memory by default.") var jobs: Int?
        @Flag(help: "Print the cells, how they stand and what they cost, and stop.") var dryRun = false
        @Flag(help: "No progress line.") var quiet = false
        @OptionGroup var results: ResultOptions

        func validate() throws {
            if let jobs, !(1...256).contains(jobs) {
                throw ValidationError("--jobs: expected 1 to 256, found \(jobs)")
            }
        }

        func run() throws {
            let study = try Study.named(name)
            if dryRun {
                let forecast = try StudyRun.Forecast(study, isFull: full, out: out, jobs: jobs)
                try results.show(forecast, lines: forecast.lines)
                if !forecast.isSound { throw ExitCode(1) }
                return
            }
            try useStrongestCore()
            guard
                let run = try StudyRun.run(study, isFull: full, out: out, jobs: jobs, quiet: quiet, say: note)
            else { throw ExitCode(130) }
            try results.show(run.json) { run.lines(columns: $0) + ["study directory: \(run.path)"] }
            note("report    \(try StudyReport.write(run.path, to: nil, withPDF: false, say: note))")
            if run.parts.contains(where: { $0.results.failures > 0 }) { throw ExitCode(1) }
        }
    }
}
