import Certificates
import Configurations
import Console
import Foundation
import HDF5
import LinearAlgebra
import Measurements
import Networks
import Runs
import Training

/// The loop of a run: step, measure, save, until something says stop.
final class TrainingLoop<S: Scalar & HDF5Element> {
    private let experiment: Experiment<S>
    private let directory: RunDirectory
    private let header: FileHeader
    private let descent: Descent<S>
    private let probes: Probes<S>
    private let snapshots: SnapshotWriter<S>
    private let origin: RunOrigin<S>
    private let progress: Progress
    private var journal: Journal
    private let learningRate: Double
    private let initialDigest: String
    private let batch: (x: MatrixBuffer<S>, y: MatrixBuffer<S>)?
    private var record: RunRecord
    private var history: MetricHistory
    private var step: Int
    private var permutation: (epoch: Int, order: [Int])?
    private var rows: [Int] = []
    private var firstLoss = Double.nan
    private var lastLoss = Double.nan
    private var lastCheckpoint = -1
    /// Whether the run stands where an earlier part of it was saved, with all that its end may have measured.
    private var isAtEarlierEnd: Bool
    private var sinceCheckpoint = Stopwatch()
    private var sinceHeartbeat = Stopwatch()
    private let clock = Stopwatch()
    private let secondsBefore: Double

    private var training: TrainingConfiguration { experiment.configuration.training }

    /// - Parameter checkpoint: where to go on from; nil for the start.
    init(
        _ experiment: Experiment<S>, in directory: RunDirectory, record: RunRecord, header: FileHeader,
        workspace: Workspace<S>, start: ParameterVector<S>, from checkpoint: Checkpoint<S>?, progress: Progress
    ) throws {
        self.experiment = experiment
        self.directory = directory
        self.record = record
        self.progress = progress
        secondsBefore = checkpoint == nil ? 0 : record.seconds ?? 0
        self.header = header
        learningRate = checkpoint?.learningRate ?? record.learningRate
        initialDigest = start.digest
        let function = TrainedFunction(workspace, experiment.configuration.training.form, start: start)
        let rate = learningRate
        let schedule = experiment.configuration.training.schedule
        probes = try progress.during(experiment.configuration.tracking.probes.kernel.samples > 0 ? "kernel" : "metrics")
        {
            try Probes(
                function, experiment.objective, train: experiment.train, test: experiment.test, start: start,
                rate: { rate * schedule.factor(at: $0) }, experiment.probeSelection)
        }
        let parameters = ParameterVector<S>(experiment.model.layout)
        parameters.assign(checkpoint?.parameters ?? start)
        let momentum = experiment.configuration.training.momentum
        descent = Descent(function, parameters, experiment.objective, momentum)
        if let velocity = checkpoint?.velocity { descent.velocity?.assign(velocity) }
        step = checkpoint?.step ?? 0
        history = checkpoint?.history ?? MetricHistory()
        isAtEarlierEnd = checkpoint != nil
        firstLoss = history.column(.trainLoss).first ?? .nan
        lastLoss = checkpoint?.lastLoss ?? .nan
        journal = try Journal(directory.journal, containing: history)
        let sampler = experiment.sampler
        batch =
            sampler.isFullBatch
            ? nil
            : (
                MatrixBuffer(sampler.batch, experiment.model.inputCount),
                MatrixBuffer(sampler.batch, experiment.model.outputCount)
            )
        origin = RunOrigin(experiment: experiment, directory: directory, header: header)
        try progress.during("files") { [origin] in try origin.begin(start, learningRate: rate) }
        snapshots = try SnapshotWriter(
            experiment, directory, header, probes, workspace, start, rate: { rate * schedule.factor(at: $0) })
        if let checkpoint { try snapshots.resume(history, from: checkpoint.step, say: progress.say) }
    }

    /// Runs to the end and returns the record as it was written last.
    func run() throws -> RunRecord {
        do {
            let (status, outcome) = try reasonToStop() ?? descend()
            try finish(status, outcome)
            progress.end()
            return record
        } catch {
            // The disk may be full: the record is small and worth a try, the first error is what counts.
            record.status = .failed
            record.outcome = .failure("\(error)")
            record.stopped = Date()
            do { try record.write(to: directory.path) } catch {}
            throw error
        }
    }

    /// Takes steps until something says stop.
    private func descend() throws -> (RunRecord.Status, StopReason) {
        if isAtEarlierEnd { try leaveEarlierEnd() }
        let stop = training.stop
        let goal = max(stop.loss, stop.lossRatio * firstLoss)
        progress.beginSteps(goal: goal > 0 ? goal : nil, steps: stop.steps, minutes: stop.minutes)
        while true {
            try advance()
            if isCheckpointDue { try saveCheckpoint() }
            progress.show(step: step, loss: lastLoss, ratio: lastLoss / firstLoss)
            try beat()
            if let end = try reasonToStop() { return end }
        }
    }

    /// Measures where due, and says whether the run ends before the next step.
    private func reasonToStop() throws -> (RunRecord.Status, StopReason)? {
        if isTracked, history.lastStep != step { try measure() }
        if let divergence { return (.diverged, divergence) }
        if let goal = reachedGoal() { return (.completed, .goal(goal)) }
        if Interruption.isRequested { return (.interrupted, .signal) }
        if let minutes = training.stop.minutes, clock.seconds >= 60 * minutes {
            return (.completed, .goal(.minutes))
        }
        return nil
    }

    var scores: Scores { Scores(history, end: step) }
    private var lastAccuracy: Double? { history.column(.trainAccuracy).last }

    private var divergence: StopReason? {
        guard lastLoss.isFinite else { return .lossNotFinite(step: step) }
        guard lastLoss > training.divergenceRatio * firstLoss else { return nil }
        return .lossGrew(from: firstLoss, to: lastLoss, step: step)
    }

    private func reachedGoal() -> StopReason.Goal? {
        let stop = training.stop
        if step >= stop.steps { return .steps }
        if let goal = lossGoal(at: lastLoss) {
            if isTracked, history.lastStep == step { return goal }
            // That of the weights before the last step, which may have gone up since. The loss of now decides nothing but
            // this: a run that goes on from here to a lower goal ends where one that never stopped does.
            if let goal = lossGoal(at: probes.loss(descent.parameters)) { return goal }
        }
        guard isTracked, history.lastStep == step else { return nil }
        if stop.gradientNorm > 0, let norm = history.column(.gradientNorm).last, norm <= stop.gradientNorm {
            return .gradientNorm
        }
        if let wanted = stop.accuracy, let accuracy = lastAccuracy, accuracy >= wanted {
            return .accuracy
        }
        return nil
    }

    /// The goal that a loss is down to; nil where it is above both.
    private func lossGoal(at loss: Double) -> StopReason.Goal? {
        let stop = training.stop
        return loss <= stop.loss ? .loss : loss <= stop.lossRatio * firstLoss ? .lossRatio : nil
    }

    private var isTracked: Bool { experiment.configuration.tracking.isTracked(step) }

    /// - Parameter isLast: whether the run ends here: all is measured whatever the step.
    private func measure(isLast: Bool = false) throws {
        let parts: ProbeParts = isLast ? [.network, .kernel] : experiment.configuration.tracking.parts(at: step)
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
        progress.during(probes.kernel != nil && parts.contains(.kernel) ? "kernel" : "metrics") {
            probes.measure(descent.parameters, step: step, parts)
        }
    }

    private func writeLandscape() throws {
        try progress.during("landscape") { try snapshots.writeLandscape(descent.parameters, at: step) }
    }

    /// Measures what the last row lacks: the end of a run is known whole, whatever was tracked there.
    /// - Returns: whether it lacked anything.
    private func completeLastRow() throws -> Bool {
        let missing = ProbeParts([.network, .kernel]).subtracting(experiment.configuration.tracking.parts(at: step))
        guard !missing.isEmpty, probes.kernel != nil || missing != .kernel else { return false }
        history.completeLastRow(measured(missing))
        try snapshots.write(history.lastRow, at: step)
        journal = try Journal(directory.journal, containing: history)
        return true
    }

    /// Forgets what only the end of an earlier part measured, which is not of a run that goes on from there.
    private func leaveEarlierEnd() throws {
        let tracking = experiment.configuration.tracking
        let always: Set = ["step", "learning_rate"]
        history.keep(tracking.isTracked)
        history.restrict { always.contains($1) || probes.measures($1, tracking.parts(at: $0)) }
        journal = try Journal(directory.journal, containing: history)
        isAtEarlierEnd = false
    }

    /// One step of descent. In full-batch descent its loss, that of the weights before it, is free.
    private func advance() throws {
        let rate = learningRate * training.schedule.factor(at: step)
        let sampler = experiment.sampler
        if let batch {
            sampler.fill(&rows, at: step, permutation: &permutation)
            S.gatherRows(batch.x.columns, experiment.train.inputs.base, rows, batch.x.base)
            S.gatherRows(batch.y.columns, experiment.train.targets.base, rows, batch.y.base)
            let loss = descent.step(
                batch.x.base, batch.y.base, rows: rows.count, learningRate: rate,
                scale: experiment.gradientScale(rows: rows.count))
            if !loss.isFinite { lastLoss = loss }
        } else {
            let count = experiment.train.count
            let total = descent.step(
                experiment.train.inputs.base, experiment.train.targets.base, rows: count, learningRate: rate,
                scale: experiment.gradientScale(rows: count))
            lastLoss = total * experiment.objective.weight(samples: count)
        }
        step += 1
    }

    private var isCheckpointDue: Bool {
        let checkpoints = experiment.configuration.checkpoints
        if checkpoints.steps?.contains(step) == true { return true }
        return sinceCheckpoint.seconds >= 60 * checkpoints.minutes
    }

    /// Saves the state, then what is derived from it; the newest sound checkpoint always stays.
    /// - Parameter rotating: whether older ones go; not for weights that diverged.
    private func saveCheckpoint(rotating: Bool = true) throws {
        // The state after step t holds the measurement of step t, if there is one.
        if isTracked, history.lastStep != step { try measure() }
        try journal.sync()
        let checkpoint = Checkpoint(
            step: step, parameters: descent.parameters, velocity: descent.velocity, learningRate: learningRate,
            lastLoss: lastLoss, history: history, initialDigest: initialDigest)
        try checkpoint.write(to: directory.checkpoint(at: step), header)
        let checkpoints = experiment.configuration.checkpoints
        try directory.keep(rotating ? max(checkpoints.keep, 1) : .max, newest: step, always: checkpoints.alwaysStays)
        try snapshots.removeMatrices(checkpoints: directory.checkpointSteps())
        try history.writeFile(to: directory.metrics, header)
        lastCheckpoint = step
        sinceCheckpoint.restart()
    }

    private func finish(_ status: RunRecord.Status, _ outcome: StopReason) throws {
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

    private func beat() throws {
        if sinceHeartbeat.seconds >= 5 { try writeRecord() }
    }

    private func writeRecord() throws {
        record.step = step
        record.heartbeat = Date()
        sinceHeartbeat.restart()
        record.seconds = secondsBefore + clock.seconds
        try record.write(to: directory.path)
    }
}
