import Configurations
import Files
import Measurements
import RunFolders
import Runs
import TangentKernels
import Theory

/// A run as far as it can be read: finished, interrupted, still going, or with files that are damaged.
///
/// Nothing is trained and nothing in the folder is written. What cannot be read is named in `evidence.damage`.
package struct RecordedRun {
    package let path: String
    package let record: RunRecord?
    package let configuration: Configuration?
    package private(set) var evidence: RunEvidence

    /// - Throws: `LabError` where the folder holds neither a record, nor a configuration, nor metrics.
    package init(reading path: String) throws {
        guard Disk.isFolder(path) else {
            throw LabError("\(path): is not a run directory: no such folder")
        }
        var damage: [String] = []
        func attempt<T>(_ read: () throws -> T) -> T? {
            do { return try read() } catch {
                damage.append("\(error)")
                return nil
            }
        }
        self.path = path
        record = attempt { try RunRecord(reading: path) }
        let stored =
            attempt { try Configuration(file: RunFile.configuration.path(of: path)) }
            ?? Self.storedConfiguration(of: path)
        configuration =
            if let stored, let samples = record?.samples, let outputs = record?.outputs {
                stored.resolved(samples: samples, outputs: outputs)
            } else {
                stored
            }
        let journal = RecordedMetrics(reading: path)
        let history = journal.history
        guard record != nil || configuration != nil || !history.isEmpty else {
            throw LabError("\(path): is not a run directory: " + (damage + journal.damage).joined(separator: "; "))
        }
        damage += journal.damage
        var columns: [String: [Double]] = [:]
        for name in history.columns where name != "step" { columns[name] = history.column(name) }
        evidence = RunEvidence(series: MetricSeries(steps: history.steps, columns: columns))
        let landscapes = SnapshotReader.landscapes(of: path)
        evidence.landscapes = landscapes.found
        evidence.initialization = attempt { try InitializationEvidence(ofRun: path) } ?? nil
        damage += landscapes.damage
        damage += SnapshotReader.missing(of: path, evidence.series, configuration?.tracking)
        evidence.damage = damage
        evidence.setting = setting()
        evidence.references = references
        if let training = configuration?.training, let rate = record?.learningRate {
            evidence.times = evidence.series.steps.map { rate * training.schedule.time(at: $0) }
        }
    }

    /// What was known of the least loss before training.
    private var references: RunEvidence.References? {
        guard let record, let found = record.references, let outputs = record.outputs else { return nil }
        return RunEvidence.References(
            bestConstant: found.bestConstant, zeroOutput: found.zeroOutput, zeroWeights: found.zeroWeights,
            leastPossible: found.leastPossible, contradictorySamples: found.contradictorySamples,
            isAffine: found.isAffine,
            hasEnoughWeights: Double(record.trainedParameterCount) >= Double(found.distinctInputs) * Double(outputs))
    }

    /// The verdicts on this run, with what the run's own configuration does not have yet.
    package var certificates: [Certificate] {
        guard let configuration else { return certify(evidence) }
        // No memory takes the spectrum of a kernel beyond that.
        let isFeasible = record.map { $0.kernelRows <= Double(KernelSpectrum.fullLimit) } ?? true
        return certify(evidence).map { certificate in
            certificate.keeping { missing in
                // Another form than the network has no landscape.
                let hasLandscape = configuration.training.form.isNetwork
                return !configuration.has(Remedy(missing)) && (isFeasible || !missing.needsSpectrum)
                    && (hasLandscape || !missing.needsLandscape)
            }
        }
    }

    /// The configuration as `metrics.h5` keeps it.
    private static func storedConfiguration(of path: String) -> Configuration? {
        do {
            let file = try SoundFile.open(RunFile.metrics.path(of: path))
            guard let text = try file.string("config", of: "/") else { return nil }
            return try Configuration(text: text, source: RunFile.metrics.path(of: path))
        } catch {
            return nil
        }
    }

    private func setting() -> RunEvidence.Setting {
        var setting = RunEvidence.Setting()
        setting.ending = ending
        setting.isClassification = !evidence.series.known(.trainAccuracy).isEmpty
        guard let configuration else {
            setting.isKnown = false
            return setting
        }
        let (training, tracking) = (configuration.training, configuration.tracking)
        let samples = record?.samples ?? configuration.values["data.samples"].flatMap { Int($0) }
        setting.samples = samples ?? Int.max
        let start = evidence.series.known(.trainLoss).first?.value ?? .nan
        setting.lossRatio =
            training.stop.lossRatio > 0
            ? training.stop.lossRatio
            : training.stop.loss > 0 ? training.stop.loss / start : RunEvidence.Setting.defaultLossRatio
        setting.stopsAtLoss = training.stop.loss > 0
        setting.isSquaredLoss = configuration.loss == .squared
        setting.roundoff = configuration.precision.unitRoundoff
        setting.reductionWeight = configuration.objective.reductionWeight(samples: setting.samples)
        setting.objectiveScale = configuration.objective.scale
        setting.isLinearized = training.form.isLinearized
        let sampler = configuration.sampler(samples: setting.samples)
        setting.isFullBatch = sampler.isFullBatch
        setting.drawsWithReplacement = sampler.order == .replacement
        setting.stepsPerEpoch = samples == nil ? 1 : sampler.stepsPerEpoch
        setting.hasConstantRate = training.schedule == .constant
        setting.momentum = training.optimizer.momentum.factor
        setting.isNesterov = training.optimizer.momentum.isNesterov
        setting.isAdaptive = training.optimizer.isAdam
        setting.isAugmented = training.elimination != nil
        setting.contractionBatches = tracking.contractionBatches
        setting.kernel = tracking.probes.kernel.extent(outputs: record?.outputs)
        setting.hasTestSamples = !evidence.series.known(.testLoss).isEmpty
        setting.hasRectifiers = record?.rectifiers != 0
        setting.startIsDrawn = configuration.model.start == nil
        setting.hasEqualInputs = record?.hasEqualInputs ?? false
        setting.directionSeparation = record?.directionSeparation ?? .nan
        setting.kernelIsDouble = configuration.kernelPrecision == .float64
        return setting
    }

    private var ending: RunEvidence.Ending {
        switch record?.status {
        case .running: RunDirectory.isHeld(path) ? .running : .interrupted
        case .completed: .completed
        case .diverged: .diverged
        case .failed: .failed
        case .interrupted, nil: .interrupted
        }
    }
}
