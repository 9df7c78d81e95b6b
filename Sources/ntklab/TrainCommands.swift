import ArgumentParser
import Certificates
import Configurations
import Console
import Exchange
import Execution
import Files
import Foundation
import RunFolders
import Runs

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Train a network from a config file.")

    @Argument(help: "The configuration, YAML; `ntklab config` lists its keys.", completion: .yaml)
    var config: String

    @Option(
        name: .customLong("set"), help: "Override a key: --set model.width=4096. May be repeated.", completion: .keys)
    var overrides: [String] = []

    @Option(help: "Folder for runs.", completion: .directory)
    var out = "runs"

    @Flag(help: "Print parameters, memory and flops, and stop.")
    var dryRun = false

    @Flag(help: "No progress line.")
    var quiet = false

    @OptionGroup var results: ResultOptions
    @OptionGroup var machine: MachineOptions

    func run() throws {
        try machine.apply()
        let configuration = try Configuration(file: config, overrides: overrides)
        if dryRun {
            let dryRun = try DryRun(configuration)
            return try results.show(dryRun, lines: dryRun.lines)
        }
        note("machine   \(Machine.description)")
        try report(Runner.train(configuration, out: out, quiet: quiet, say: note), as: results)
    }
}

struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go on with a run from its newest sound checkpoint, to the same bits as if it had never stopped.")

    @Argument(help: .run, completion: .run)
    var directory: String

    @Option(
        name: .customLong("set"),
        help:
            "Override training.stop.*, checkpoints.*, or where files lie: data.path, model.initialize_from. May be repeated.",
        completion: .keys)
    var overrides: [String] = []

    @Flag(help: "No progress line.")
    var quiet = false

    @OptionGroup var results: ResultOptions
    @OptionGroup var machine: MachineOptions

    func run() throws {
        let directory = try RunLocator.find(directory)
        // The run's own number of threads, so that its bits stay the same.
        try machine.apply(
            defaultThreads: RunFile.hasBegun(directory) ? RunRecord(reading: directory).environment.threads : nil)
        note("machine   \(Machine.description)")
        try report(Runner.resume(directory, overrides: overrides, quiet: quiet, say: note), as: results)
    }
}

/// Prints how a run ended; the run's status decides the exit code.
private func report(_ result: TrainedRun, as results: ResultOptions) throws {
    let record = result.record
    let summary = try VerdictFile.write(result.path, record)
    try results.show(summary) { columns in
        wrapped("\(record.status.rawValue) at step \(record.step): \(record.outcome.words)", columns: columns)
            + result.scores.lines + [summary.verdicts, "run directory: \(result.path)"]
    }
    switch record.status {
    case .diverged: throw ExitCode(3)
    case .interrupted: throw ExitCode(130)
    case .completed, .running, .failed: break
    }
}

struct ShowConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Print the configuration keys with type, default and meaning.")

    @Argument(
        help: "A section or key, such as data, training.stop or model.width; all by default.", completion: .sections)
    var section: String?

    @Flag(help: "Print tables of Markdown.") var markdown = false
    @OptionGroup var results: ResultOptions

    func validate() throws {
        if markdown, results.json { throw ValidationError("--markdown and --json: expected one of them") }
    }

    func run() throws {
        let reference = try ConfigReference(section)
        if markdown { return print(reference.markdown) }
        try results.show(reference, lines: reference.lines)
    }
}

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what is in a run directory or an HDF5 file, as a tree.")

    @Argument(help: "A run directory, its name, `latest`, or an HDF5 file.", completion: .runOrFile)
    var path: String

    @OptionGroup var results: ResultOptions

    func run() throws {
        let inspection = try Inspection(of: Disk.isFile(path) ? path : RunLocator.find(path, .either))
        try results.show(inspection) { _ in inspection.lines }
    }
}
