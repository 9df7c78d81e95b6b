import Configurations
import Console
import Foundation
import HDF5
import LinearAlgebra
import Measurements
import Runs
import Training

/// What a run saves on its way and at its end.
extension TrainingLoop {
    var isCheckpointDue: Bool {
        let checkpoints = experiment.configuration.checkpoints
        if checkpoints.steps?.contains(step) == true { return true }
        return sinceCheckpoint.seconds >= 60 * checkpoints.minutes
    }

    /// Saves the state, then what is derived from it; the newest sound checkpoint always stays.
    /// - Parameter rotating: whether older ones go; not for weights that diverged.
    func saveCheckpoint(rotating: Bool = true) throws {
        // The state after step t holds the measurement of step t, if there is one.
        if isTracked, history.lastStep != step { try measure() }
        try journal.sync()
        let checkpoint = Checkpoint(
            step: step, parameters: descent.parameters, state: descent.namedState, learningRate: learningRate,
            lastLoss: lastLoss, history: history, initialDigest: initialDigest)
        try checkpoint.write(to: directory.checkpoint(at: step), header)
        let checkpoints = experiment.configuration.checkpoints
        try directory.keep(rotating ? max(checkpoints.keep, 1) : .max, newest: step, always: checkpoints.alwaysStays)
        try snapshots.removeMatrices(checkpoints: directory.checkpointSteps())
        try history.writeFile(to: directory.metrics, header)
        lastCheckpoint = step
        sinceCheckpoint.restart()
    }

    func finish(_ status: RunRecord.Status, _ outcome: StopReason) throws {
        let isUnmeasured = status != .interrupted && history.lastStep != step
        if isUnmeasured { try measure(isLast: true) }
        let isCompleted = try status != .interrupted && !isUnmeasured && completeLastRow()
        if status != .interrupted {
            try writeLandscape()
            try origin.end(descent, at: step)
        }
        if status == .completed, experiment.configuration.checkpoints.keep == 0 {
            try journal.sync()
            try history.writeFile(to: directory.metrics, header)
            try directory.removeCheckpoints()
            try snapshots.removeMatrices(checkpoints: [])
        } else if isUnmeasured || isCompleted || lastCheckpoint != step {
            try saveCheckpoint(rotating: status != .diverged)
        }
        if status != .interrupted { try snapshots.removeOthers(rows: Set(history.steps), end: step) }
        record.status = status
        record.outcome = outcome
        record.stopped = Date()
        try writeRecord()
    }
}
