import ArgumentParser
import Foundation
import Lab

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Train a network from a config file.")

    @Argument(help: "The configuration, YAML; `ntklab config` lists its keys.")
    var config: String

    @Option(name: .customLong("set"), help: "Override a key: --set model.width=4096. May be repeated.")
    var overrides: [String] = []

    @Option(help: "Folder for runs.")
    var out = "runs"

    @Flag(help: "Print parameters, memory and flops, and stop.")
    var dryRun = false

    @Flag(help: "No progress line.")
    var quiet = false

    @OptionGroup var machine: MachineOptions

    func run() throws {
        try machine.apply()
        let configuration = try Configuration(file: config, overrides: overrides)
        if dryRun { return print(try DryRun.describe(configuration)) }
        note("machine   \(Machine.description)")
        try report(Runner.train(configuration, out: out, quiet: quiet, say: note))
    }
}

struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go on with a run from its newest sound checkpoint, to the same bits as if it had never stopped.")

    @Argument(help: .run)
    var directory: String

    @Option(
        name: .customLong("set"),
        help:
            "Override training.stop.*, checkpoints.*, or where files lie: data.path, model.initialize_from. May be repeated."
    )
    var overrides: [String] = []

    @Flag(help: "No progress line.")
    var quiet = false

    @OptionGroup var machine: MachineOptions

    func run() throws {
        let directory = try RunLocator.find(directory)
        // The run's own number of threads, so that its bits stay the same.
        try machine.apply(
            defaultThreads: Runner.hasBegun(directory) ? RunRecord(reading: directory).environment.threads : nil)
        note("machine   \(Machine.description)")
        try report(Runner.resume(directory, overrides: overrides, quiet: quiet, say: note))
    }
}

/// Prints how a run ended; the run's status decides the exit code.
private func report(_ result: Runner.Result) throws {
    let record = result.record
    print("\(record.status.rawValue) at step \(record.step): \(record.outcome)")
    result.scores.lines.forEach { print($0) }
    print(try VerdictFile.write(result.path))
    print("run directory: \(result.path)")
    switch record.status {
    case .diverged: throw ExitCode(3)
    case .interrupted: throw ExitCode(130)
    case .completed, .running, .failed: break
    }
}

struct ShowConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Print every configuration key with type, default and meaning.")

    func run() { print(Configuration.reference) }
}

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what is in a run directory or an HDF5 file, as a tree.")

    @Argument(help: "A run directory, its name, `latest`, or an HDF5 file.")
    var path: String

    func run() throws {
        print(try Inspection.describe(RunLocator.isFile(path) ? path : RunLocator.find(path, .either)))
    }
}
