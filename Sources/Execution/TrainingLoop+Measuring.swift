import Configurations
import Console
import HDF5
import LinearAlgebra
import Measurements
import Runs
import Training

/// The rows of a run's history.
extension TrainingLoop {
    /// - Parameter isLast: whether the run ends here: all is measured whatever the step.
    func measure(isLast: Bool = false) throws {
        let parts: ProbeParts = isLast ? .all : experiment.configuration.tracking.parts(at: step)
        let rate = learningRate * training.schedule.factor(at: step)
        let metrics =
            [Metric(.step, Double(step)), Metric(.learningRate, rate)]
            + measured(parts)
        try snapshots.write(metrics, at: step)
        if experiment.configuration.tracking.hasLandscape(at: step) { try writeLandscape() }
        history.append(metrics)
        // A measurement that only the end of the run asked for decides nothing later.
        if isTracked { lastLoss = metrics.first { $0.name == MetricFamily.trainLoss.name }?.value ?? .nan }
        if firstLoss.isNaN { firstLoss = lastLoss }
        try journal.append(history.line(history.rows.count - 1))
    }

    private func measured(_ parts: ProbeParts) -> [Metric] {
        let due = probes.parts.intersection(parts)
        return progress.during(due.contains(.hessian) ? "hessian" : due.contains(.kernel) ? "kernel" : "metrics") {
            probes.measure(descent.parameters, step: step, parts)
        }
    }

    func writeLandscape() throws {
        try progress.during("landscape") { try snapshots.writeLandscape(descent.parameters, at: step) }
    }

    /// Measures what the last row lacks: the end of a run is known whole, whatever was tracked there.
    /// - Returns: whether it lacked anything.
    func completeLastRow() throws -> Bool {
        let missing = probes.parts.subtracting(experiment.configuration.tracking.parts(at: step))
        guard !missing.isEmpty else { return false }
        history.completeLastRow(measured(missing))
        try snapshots.write(history.lastRow, at: step)
        journal = try Journal(directory.journal, containing: history)
        return true
    }

    /// Forgets what only the end of an earlier part measured, which is not of a run that goes on from there.
    func leaveEarlierEnd() throws {
        let tracking = experiment.configuration.tracking
        let always: Set = ["step", "learning_rate"]
        history.keep(tracking.isTracked)
        history.restrict { always.contains($1) || probes.measures($1, tracking.parts(at: $0)) }
        journal = try Journal(directory.journal, containing: history)
        isAtEarlierEnd = false
    }
}
