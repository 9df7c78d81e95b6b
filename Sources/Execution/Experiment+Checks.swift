import Configurations
import Datasets
import Files
import HDF5
import LinearAlgebra
import Networks
import Populations
import Runs
import TangentKernels
import Training

/// What a run can't be: configuration, data, this machine's memory and files against one another.
extension Experiment {
    /// - Throws: `LabError` where the data is not of the kind that loss, goal or tracking need.
    static func check(_ configuration: Configuration, _ train: Samples<S>) throws {
        try checkTracking(configuration, train)
        if configuration.training.stop.accuracy != nil, train.labels == nil {
            throw LabError("training.stop.accuracy: needs class labels, found real targets")
        }
        let encoding = configuration.data.preprocessing.encoding
        switch configuration.loss.targets {
        case .real: break
        case .oneHot where train.labels != nil && encoding == .oneHot: break
        case .sign where train.labels != nil && encoding == .sign: break
        case .oneHot, .sign:
            throw LabError(
                "loss.kind: \(configuration.loss.rawValue) needs class labels with data.encoding: "
                    + "\(configuration.loss.targets == .oneHot ? "one-hot" : "sign"), found "
                    + (train.labels == nil ? "real targets" : "data.encoding: \(encoding.rawValue)"))
        }
    }

    /// - Throws: `LabError` where a kernel cannot be tracked or a descent cannot be predicted.
    private static func checkTracking(_ configuration: Configuration, _ train: Samples<S>) throws {
        let probes = configuration.tracking.probes
        let limit = KernelSpectrum.fullLimit
        let outputs = train.targets.columns
        let rows = min(probes.kernel.samples, train.count) * probes.kernel.outputs.rows(outputs)
        guard rows <= limit else {
            throw LabError(
                "tracking.kernel: \(rows) rows, more than the \(limit) whose eigenvalues are followed: choose fewer "
                    + "samples or outputs: trace, or use `ntklab ntk` on a checkpoint")
        }
        guard !configuration.tracking.landscape.isMeasured || configuration.training.form.isNetwork else {
            throw LabError(
                "tracking.landscape: needs the network itself, found training.linearized or training.lazy_scale")
        }
        let training = configuration.training
        for (key, isAsked) in [("minimum", probes.minimum), ("minimum_units", probes.minimumUnits)] where isAsked {
            try refuse(
                "tracking.\(key)",
                [
                    (configuration.loss == .squared, "loss.kind: squared", configuration.loss.rawValue),
                    (
                        training.form.isNetwork, "the network itself", "training.linearized or training.lazy_scale"
                    ),
                    (
                        train.count * outputs <= limit, "at most \(limit) samples times outputs",
                        "\(train.count * outputs)"
                    ),
                ])
        }
        guard probes.prediction else { return }
        try refuse(
            "tracking.prediction",
            [
                (configuration.loss == .squared, "loss.kind: squared", configuration.loss.rawValue),
                (training.batch == nil, "training.batch: full", "\(training.batch ?? 0)"),
                (!training.optimizer.isAdam, "training.optimizer.kind: sgd", "adam"),
                (training.elimination == nil, "training.elimination: none", training.elimination?.kind.rawValue ?? ""),
                (training.optimizer.isPlain, "training.momentum: 0", "\(training.optimizer.momentum.factor)"),
                (train.count * outputs <= limit, "at most \(limit) samples times outputs", "\(train.count * outputs)"),
            ])
    }

    /// - Throws: `LabError` where the network is not one whose weights are compared with a population.
    static func checkPopulation(_ configuration: Configuration, _ model: Model) throws {
        guard let selection = configuration.tracking.probes.population else { return }
        guard let network = PlainNetwork(recognizing: model) else {
            throw LabError(
                "population: needs dense layers without biases, all of them trained, with model.parametrization: standard"
            )
        }
        guard selection.options.samples == nil else { return }
        guard PopulationRisk.hasClosedForm(network, try selection.population()) else {
            throw LabError(
                "population.samples: closed-form needs a linear network and a linear teacher, found "
                    + (network.kind == .linear ? "data.teacher.kind: sigmoid" : "activations")
                    + ": give the size of a fresh sample, such as 1000000")
        }
    }

    /// - Throws: `LabError` for the first need of a key that is not given.
    private static func refuse(_ key: String, _ needs: [(isGiven: Bool, needed: String, found: String)]) throws {
        for (isGiven, needed, found) in needs where !isGiven {
            throw LabError("\(key): needs \(needed), found \(found)")
        }
    }

    /// - Throws: `LabError` where tracking would measure more than a file can hold.
    private func checkMetricCount() throws {
        let count = ProbeKinds.columns(model, configuration.tracking.probes)
        guard count <= MetricHistory.columnLimit else {
            throw LabError(
                "tracking: \(count) metrics are more than the \(MetricHistory.columnLimit) that a file holds: set "
                    + "tracking.drift: false or tracking.pattern_samples: 0")
        }
    }

    /// - Throws: `LabError` where the run does not fit into this machine's memory or its files.
    package func checkSize() throws {
        try checkMetricCount()
        let peakBytes = try peakBytes()
        guard Memory.holds(peakBytes, bytesEach: 1) else {
            throw LabError(
                "model: the run needs \(Int(peakBytes / 1e6)) MB, and this process may hold "
                    + "\(Memory.limit / 1_000_000) MB: choose a smaller width, depth or batch")
        }
    }

    /// - Throws: `LabError` where the data is not what a run began with.
    package func refuseOtherData(than record: RunRecord, of run: String) throws {
        guard dataDigest == record.dataDigest else {
            throw LabError(
                "\(run): the data is not what the run began with: expected digest \(record.dataDigest), found "
                    + dataDigest)
        }
    }
}
