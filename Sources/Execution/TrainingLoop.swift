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
    let experiment: Experiment<S>
    let directory: RunDirectory
    let header: FileHeader
    let descent: Descent<S>
    let probes: Probes<S>
    let snapshots: SnapshotWriter<S>
    let origin: RunOrigin<S>
    let progress: Progress
    var journal: Journal
    let learningRate: Double
    let initialDigest: String
    private let batch: (x: MatrixBuffer<S>, y: MatrixBuffer<S>)?
    var record: RunRecord
    var history: MetricHistory
    private(set) var step: Int
    private var permutation: (epoch: Int, order: [Int])?
    private var rows: [Int] = []
    var firstLoss = Double.nan
    var lastLoss = Double.nan
    var lastCheckpoint = -1
    /// Whether the run stands where an earlier part of it was saved, with all that its end may have measured.
    var isAtEarlierEnd: Bool
    var sinceCheckpoint = Stopwatch()
    private var sinceHeartbeat = Stopwatch()
    let clock = Stopwatch()
    private let secondsBefore: Double

    var training: TrainingConfiguration { experiment.configuration.training }

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
        let training = experiment.configuration.training
        let function = TrainedFunction(workspace, training.form, start: start)
        let rate = learningRate
        let schedule = training.schedule
        let eliminator = experiment.eliminator
        probes = try progress.during(experiment.configuration.tracking.probes.kernel.samples > 0 ? "kernel" : "metrics")
        {
            try Probes(
                function, experiment.objective, train: experiment.train, test: experiment.test, start: start,
                rate: { training.descendsGradient ? rate * schedule.factor(at: $0) : .nan }, experiment.probeSelection,
                eliminator: eliminator)
        }
        let parameters = ParameterVector<S>(experiment.model.layout)
        parameters.assign(checkpoint?.parameters ?? start)
        descent = Descent(function, parameters, experiment.objective, training.optimizer, eliminator: eliminator)
        if let checkpoint { descent.resume(checkpoint.state.map(\.vector), after: checkpoint.step) }
        step = checkpoint?.step ?? 0
        history = checkpoint?.history ?? MetricHistory()
        isAtEarlierEnd = checkpoint != nil
        firstLoss = history.column(.trainLoss).first ?? .nan
        lastLoss = checkpoint?.lastLoss ?? .nan
        journal = try Journal(directory.journal, containing: history)
        batch = Self.batchMemory(experiment)
        origin = RunOrigin(experiment: experiment, directory: directory, header: header)
        try progress.during("files") { [origin] in
            try origin.begin(start, learningRate: rate, added: experiment.addedStart)
        }
        snapshots = try SnapshotWriter(
            experiment, directory, header, probes, workspace, start, rate: { rate * schedule.factor(at: $0) })
        if let checkpoint { try snapshots.resume(history, from: checkpoint.step, say: progress.say) }
    }

    /// Inputs and targets of a mini-batch; nil for descent on all samples.
    private static func batchMemory(_ experiment: Experiment<S>) -> (x: MatrixBuffer<S>, y: MatrixBuffer<S>)? {
        let (sampler, model) = (experiment.sampler, experiment.model)
        guard !sampler.isFullBatch else { return nil }
        return (MatrixBuffer(sampler.batch, model.inputCount), MatrixBuffer(sampler.batch, model.outputCount))
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

    var scores: Scores { Scores(history, end: step) }
    var isTracked: Bool { experiment.configuration.tracking.isTracked(step) }

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

    private func beat() throws {
        if sinceHeartbeat.seconds >= 5 { try writeRecord() }
    }

    func writeRecord() throws {
        record.step = step
        record.heartbeat = Date()
        sinceHeartbeat.restart()
        record.seconds = secondsBefore + clock.seconds
        try record.write(to: directory.path)
    }
}
