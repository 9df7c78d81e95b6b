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
    private static func begin(
        _ configuration: Configuration, _ progress: Progress, folder: () throws -> RunDirectory
    ) throws -> TrainedRun {
        switch configuration.precision {
        case .float32: try begin(configuration, Float.self, progress, folder)
        case .float64: try begin(configuration, Double.self, progress, folder)
        }
    }

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

    /// What `--set` may begin with.
    private static let maySet = Configuration.mayChangeOnResume + [StartingWeights.key + "="]

    /// Goes on with a run from its newest sound checkpoint, or begins the run of a folder that holds its
    /// configuration and an empty `checkpoints`.
    ///
    /// - Parameter overrides: may change `training.stop` and `checkpoints`; anything else would be
    ///   another run, but for where its data lies.
    package static func resume(
        _ path: String, overrides: [String], quiet: Bool, say: @escaping @Sendable (String) -> Void
    ) throws -> TrainedRun {
        for override in overrides where !maySet.contains(where: override.hasPrefix) {
            throw LabError(
                "--set \(override): resume can change training.stop, checkpoints and where data and weights lie only; anything "
                    + "else is a new run")
        }
        if RunFile.hasBegun(path) { _ = try RunRecord(reading: path) }
        let configuration = try Configuration(file: RunFile.configuration.path(of: path), overrides: overrides)
        try refuseOtherWeights(configuration, overrides, of: path)
        let progress = Progress(isQuiet: quiet, say: say)
        let directory = try RunDirectory(opening: path)
        // Looked at again: another process may have begun it before this one had the lock.
        guard RunFile.hasBegun(path) else {
            if let other = overrides.first(where: { override in
                DataPath.keys.contains(where: override.hasPrefix) && !override.hasPrefix(StartingWeights.key)
            }) {
                throw LabError("--set \(other): the run has not begun: there is nothing to compare that with")
            }
            return try begin(configuration, progress) { directory }
        }
        let record = try RunRecord(reading: path)
        return switch configuration.precision {
        case .float32: try resume(configuration, Float.self, directory, record, progress)
        case .float64: try resume(configuration, Double.self, directory, record, progress)
        }
    }

    /// Weights at step 0 can be elsewhere now, and no others.
    private static func refuseOtherWeights(
        _ configuration: Configuration, _ overrides: [String], of run: String
    ) throws {
        guard let override = overrides.first(where: { $0.hasPrefix(StartingWeights.key) }) else { return }
        guard let begun = try Configuration(file: RunFile.configuration.path(of: run)).model.start,
            let now = configuration.model.start
        else { throw LabError("--set \(override): the weights at step 0 of \(run) are drawn from its seed") }
        guard now == begun.moved(to: now.path) else {
            throw LabError("--set \(override): resume can change where the file lies only")
        }
        try now.refuseOtherFile()
    }

    private static func resume<S: Scalar & HDF5Element>(
        _ configuration: Configuration, _ type: S.Type, _ directory: RunDirectory, _ old: RunRecord,
        _ progress: Progress
    ) throws -> TrainedRun {
        let experiment = try progress.during("data") { try Experiment<S>(configuration) }
        var record = old
        try experiment.refuseOtherData(than: old, of: directory.path)
        let start = try experiment.initialParameters(ofRun: directory.path, say: progress.say)
        let checkpoint = try newestCheckpoint(experiment, initialDigest: start.digest, directory, progress.say)
        if checkpoint == nil, let end = try whole(configuration, directory, old) {
            progress.say("resume    \(directory.path) has completed and kept no checkpoint: nothing is left to do")
            return end
        }
        if checkpoint == nil, old.status == .completed, try keepsNone(directory) {
            progress.say(
                "warning   \(CheckpointConfiguration.noneKept) to go on from its end; it begins again at step 0, to the same bits"
            )
        }
        warnAboutEnvironment(old.environment, record: &record, progress.say)
        record.resumed.append(checkpoint?.step ?? 0)
        record.process = Int(getpid())
        record.status = .running
        record.stopped = nil
        let workspace = Workspace<S>(experiment.model, rows: experiment.workspaceRows)
        record.describe(experiment, workspace, start)
        progress.say("resume    \(directory.path) from step \(checkpoint?.step ?? 0)")
        return try execute(experiment, workspace, start, directory, record, from: checkpoint, progress)
    }

    /// Whether a run is configured to keep no checkpoint of its end.
    private static func keepsNone(_ directory: RunDirectory) throws -> Bool {
        try Configuration(file: directory.configuration).checkpoints.keep == 0
    }

    /// How a run ended that would only make again what it has: completed as it is configured, its metrics sound.
    private static func whole(
        _ configuration: Configuration, _ directory: RunDirectory, _ record: RunRecord
    ) throws -> TrainedRun? {
        guard record.status == .completed, isStored(configuration, in: directory),
            RecordedMetrics.isSound(ofRun: directory.path, through: record.step)
        else { return nil }
        let metrics = try RecordedMetrics.table(directory.metrics)
        return TrainedRun(path: directory.path, record: record, scores: Scores(metrics))
    }

    private static func isStored(_ configuration: Configuration, in directory: RunDirectory) -> Bool {
        // Not there yet, at the beginning.
        do {
            let stored = try PlainFile.read(directory.configuration, limit: ConfigText.mostBytes)
            return stored == Array(configuration.resolvedText.utf8)
        } catch { return false }
    }

    /// The newest checkpoint that can be trusted; those that cannot are named. Nil where a run was
    /// killed before its first one: it then begins again, to the same bits.
    private static func newestCheckpoint<S: Scalar & HDF5Element>(
        _ experiment: Experiment<S>, initialDigest: String, _ directory: RunDirectory, _ say: (String) -> Void
    ) throws -> Checkpoint<S>? {
        let steps = try directory.checkpointSteps()
        let momentum = experiment.configuration.training.momentum
        for step in steps {
            do {
                let checkpoint = try Checkpoint<S>(
                    reading: directory.checkpoint(at: step), layout: experiment.model.layout,
                    hasVelocity: momentum.factor > 0, dataDigest: experiment.dataDigest)
                guard checkpoint.step == step else {
                    throw HDF5Error(
                        file: directory.checkpoint(at: step), object: "/",
                        "step: expected \(step) as in its name, found \(checkpoint.step)")
                }
                guard checkpoint.initialDigest == initialDigest else {
                    throw HDF5Error(
                        file: directory.checkpoint(at: step), object: "/",
                        "initial_parameters_digest: expected \(initialDigest), found \(checkpoint.initialDigest)"
                    )
                }
                try experiment.configuration.refuseOther(checkpoint.configText, in: directory.checkpoint(at: step))
                return checkpoint
            } catch let error as HDF5Error {
                say("refused   \(error)")
            }
        }
        guard steps.isEmpty else { throw LabError("\(directory.checkpoints): no sound checkpoint to resume from") }
        return nil
    }

    /// Says what keeps the resumed run from the bits of an uninterrupted one.
    private static func warnAboutEnvironment(
        _ old: RunRecord.Environment, record: inout RunRecord, _ say: (String) -> Void
    ) {
        let now = RunRecord.Environment()
        guard !old.givesTheBits(of: now) else { return }
        say(
            "warning   the run began with \(old.summary), now it is \(now.summary): results will differ from an "
                + "uninterrupted run in their last bits")
        record.otherEnvironments.append(now)
    }

    private static func execute<S: Scalar & HDF5Element>(
        _ experiment: Experiment<S>, _ workspace: Workspace<S>, _ start: ParameterVector<S>, _ directory: RunDirectory,
        _ record: RunRecord,
        from checkpoint: Checkpoint<S>?, _ progress: Progress
    ) throws -> TrainedRun {
        let configuration = experiment.configuration
        // A new run can begin again from its configuration alone. One that goes on has its record first: that holds the number of
        // threads, without which it would have other bits.
        let isNew = access(directory.configuration, F_OK) != 0
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
}
