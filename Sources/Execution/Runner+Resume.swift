import Certificates
import Configurations
import Files
import Foundation
import HDF5
import LinearAlgebra
import Networks
import RunFolders
import Runs

/// Goes on with runs.
extension Runner {
    /// Goes on with a run from its newest sound checkpoint, or begins the run of a folder that holds its
    /// configuration and an empty `checkpoints`.
    ///
    /// - Parameter overrides: may change `training.stop` and `checkpoints`; anything else would be
    ///   another run, but for where its data lies.
    package static func resume(
        _ path: String, overrides: [String], quiet: Bool, say: @escaping @Sendable (String) -> Void
    ) throws -> TrainedRun {
        try ResumeChanges.refuseOthers(overrides)
        if RunFile.hasBegun(path) { _ = try RunRecord(reading: path) }
        let configuration = try Configuration(file: RunFile.configuration.path(of: path), overrides: overrides)
        try ResumeChanges.refuseOtherWeights(configuration, overrides, of: path)
        let progress = Progress(isQuiet: quiet, say: say)
        let directory = try RunDirectory(opening: path)
        // Looked at again: another process may have begun it before this one had the lock.
        guard RunFile.hasBegun(path) else {
            try ResumeChanges.refuseOtherData(overrides)
            return try begin(configuration, progress) { directory }
        }
        let record = try RunRecord(reading: path)
        return try resume(configuration, configuration.precision.storedScalar, directory, record, progress)
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    private static func resume<S: Scalar & HDF5Element>(
        _ configuration: Configuration, _ type: S.Type, _ directory: RunDirectory, _ old: RunRecord,
        _ progress: Progress
    ) throws -> TrainedRun {
        let experiment = try progress.during("data") { try Experiment<S>(configuration) }
        var record = old
        try experiment.refuseOtherData(than: old, of: directory.path)
        let start = try experiment.initialParameters(ofRun: directory.path, say: progress.say)
        let checkpoint = try Checkpoint<S>.newest(of: experiment, initialDigest: start.digest, directory, progress.say)
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
}
