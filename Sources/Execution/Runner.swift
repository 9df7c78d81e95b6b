import Certificates
import Configurations
import Console
import Files
import Foundation
import HDF5
import LinearAlgebra
import Networks
import RunFolders
import Runs

/// Starts and resumes runs.
package enum Runner {
    /// Trains a configuration in a new run directory below `out`.
    /// - Parameter say: shows a line to the user.
    package static func train(
        _ configuration: Configuration, out: String, quiet: Bool, say: @escaping @Sendable (String) -> Void
    ) throws -> TrainedRun {
        try begin(configuration, Progress(isQuiet: quiet, say: say)) {
            try RunDirectory.create(in: out, name: configuration.name, configText: configuration.resolvedText)
        }
    }

    /// - Parameter folder: makes or opens the run's directory, once nothing is wrong with the configuration.
    static func begin(
        _ configuration: Configuration, _ progress: Progress, folder: () throws -> RunDirectory
    ) throws -> TrainedRun {
        try begin(configuration, configuration.precision.storedScalar, progress, folder)
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    private static func begin<S: Scalar & HDF5Element>(
        _ configuration: Configuration, _ type: S.Type, _ progress: Progress,
        _ folder: () throws -> RunDirectory
    ) throws -> TrainedRun {
        let clock = Stopwatch()
        let experiment = try progress.during("data") { try Experiment<S>(configuration) }
        for remark in experiment.remarks { progress.say(remark.line) }
        let start = try experiment.initialParameters(say: progress.say)
        var record = RunRecord(of: experiment)
        record.learningRate = try progress.during("λ_max") {
            try experiment.learningRate(at: start, &record, progress.say)
        }
        let workspace = Workspace<S>(experiment.model, rows: experiment.workspaceRows)
        record.describe(experiment, workspace, start)
        if let remark = try experiment.remarkOnForm(workspace, start) { progress.say(remark.line) }
        progress.sayUnlessQuiet(experiment.foresight)
        record.setupSeconds = clock.seconds
        let directory = try folder()
        progress.say("run       \(directory.path)")
        return try execute(experiment, workspace, start, directory, record, from: nil, progress)
    }

    static func execute<S: Scalar & HDF5Element>(
        _ experiment: Experiment<S>, _ workspace: Workspace<S>, _ start: ParameterVector<S>, _ directory: RunDirectory,
        _ record: RunRecord,
        from checkpoint: Checkpoint<S>?, _ progress: Progress
    ) throws -> TrainedRun {
        let configuration = experiment.configuration
        // A new run can begin again from its configuration alone. One that goes on has its record first: that holds the number of
        // threads, without which it would have other bits.
        let isNew = !Disk.exists(directory.configuration)
        if !isNew { try record.write(to: directory.path) }
        if isNew || !isStored(configuration, in: directory) {
            try RunDirectory.write(configuration.resolvedText, to: directory.configuration)
        }
        if isNew { try record.write(to: directory.path) }
        let header = FileHeader(
            configText: configuration.resolvedText, seed: configuration.seed, precision: S.precision,
            dataDigest: record.dataDigest, environment: RunRecord.Environment(),
            hasGivenStart: configuration.model.start != nil)
        Interruption.listen()
        let loop = try TrainingLoop(
            experiment, in: directory, record: record, header: header, workspace: workspace, start: start,
            from: checkpoint, progress: progress)
        let final = try loop.run()
        return TrainedRun(path: directory.path, record: final, scores: loop.scores)
    }

    /// Whether the configuration of a run is there, as it is now.
    static func isStored(_ configuration: Configuration, in directory: RunDirectory) -> Bool {
        // Not there yet, at the beginning.
        do {
            let stored = try PlainFile.read(directory.configuration, limit: ConfigText.mostBytes)
            return stored == Array(configuration.resolvedText.utf8)
        } catch { return false }
    }
}
