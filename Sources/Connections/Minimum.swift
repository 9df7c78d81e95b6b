import Configurations
import Datasets
import Execution
import Files
import HDF5
import LinearAlgebra
import Networks
import RunFolders
import Runs
import Training

/// A run's weights after some step, in float64, with all that its loss is made of.
struct Minimum {
    let run: String
    let step: Int
    let configuration: Configuration
    let model: Model
    let objective: Objective
    let train: Samples<Double>
    let test: Samples<Double>?
    let dataDigest: String
    /// η at step 0.
    let learningRate: Double
    let rows: Int
    let weights: ParameterVector<Double>
    /// The weights before the first step.
    let initial: ParameterVector<Double>

    /// - Throws: an error that names run, step or file.
    init(_ run: String, step: Int?) throws {
        let configuration = try Configuration(file: RunFile.configuration.path(of: run))
        try self.init(run, step, configuration, configuration.precision.storedScalar)
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    private init<S: Scalar & HDF5Element>(
        _ run: String, _ wanted: Int?, _ configuration: Configuration, _ type: S.Type
    ) throws {
        let record = try RunRecord(reading: run)
        let experiment = try Experiment<S>(configuration)
        try experiment.refuseOtherData(than: record, of: run)
        try Self.refuseOtherForms(configuration, run)
        step = try RunWeights<S>.step(wanted, of: run, keepsNone: configuration.checkpoints.keep == 0)
        // Weights, starts, both aligned, curves and gradients of two runs.
        guard Memory.holds(Double(experiment.model.layout.count) * 24, bytesEach: MemoryLayout<Double>.stride) else {
            throw LabError("\(run): two such networks do not fit into the memory that this process may hold")
        }
        let stored = RunWeights(run: run, experiment: experiment)
        weights = try stored.parameters(at: step).widened("\(run): the weights of step \(step)")
        initial = try stored.start().widened("\(run): the weights of step 0")
        (self.run, self.configuration, model, objective) = (run, configuration, experiment.model, experiment.objective)
        (train, test) = (Self.widened(experiment.train), experiment.test.map(Self.widened))
        (dataDigest, learningRate, rows) = (experiment.dataDigest, record.learningRate, experiment.workspaceRows)
    }

    /// The lazy form and the linearization are functions of weights and starts, of which two runs have two.
    private static func refuseOtherForms(_ configuration: Configuration, _ run: String) throws {
        let form = configuration.training.form
        guard !form.isNetwork else { return }
        throw LabError(
            "\(run): expected a run that trains the network itself, found "
                + (form.isLinearized ? "training.linearized: true" : "training.lazy_scale: \(form.lazyScale ?? 0)"))
    }

    private static func widened<S: Scalar>(_ samples: Samples<S>) -> Samples<Double> {
        Samples(
            inputs: samples.inputs.widened(), targets: samples.targets.widened(), labels: samples.labels,
            shape: samples.shape)
    }
}

extension Minimum {
    /// - Throws: `LabError` that says in what another run differs, where the two have no loss in common.
    func refuseOther(_ other: Minimum) throws {
        func differ(_ what: String, _ expected: String, _ found: String) -> LabError {
            LabError("\(other.run): \(what): expected \(expected) as in \(run), found \(found)")
        }
        if let (key, expected, found) = difference(from: other) { throw differ(key, expected, found) }
        guard configuration.precision == other.configuration.precision else {
            throw differ("precision", configuration.precision.rawValue, other.configuration.precision.rawValue)
        }
        guard dataDigest == other.dataDigest else {
            let key = ["data.source", "data.samples", "data.test_samples", "seed"].first {
                configuration.values[$0] != other.configuration.values[$0]
            }
            let cause = key.map {
                " (\($0): \(configuration.values[$0] ?? "none") and \(other.configuration.values[$0] ?? "none"))"
            }
            throw differ("data digest", dataDigest, other.dataDigest + (cause ?? ""))
        }
        guard objective.kind == other.objective.kind else {
            throw differ("loss.kind", objective.kind.rawValue, other.objective.kind.rawValue)
        }
        guard objective.reduction == other.objective.reduction else {
            throw differ("loss.reduction", objective.reduction.rawValue, other.objective.reduction.rawValue)
        }
    }

    /// In what the networks differ: the first key of `model` with another value, or the layer itself.
    private func difference(from other: Minimum) -> (what: String, expected: String, found: String)? {
        func description(_ model: Model) -> [String] {
            ["inputs \(model.shapes[0])"] + model.stageDescriptions
                + model.layout.entries.map { "\($0.tensor.label) \($0.tensor.shape) \($0.tensor.isTrained)" }
        }
        let (mine, others) = (description(model), description(other.model))
        guard mine != others else { return nil }
        let (own, found) = (configuration.values, other.configuration.values)
        let keys = Set(own.keys).union(found.keys).filter { $0.hasPrefix("model.") && own[$0] != found[$0] }
        if let key = keys.filter({ !$0.hasPrefix("model.initialize_from") }).min() {
            return (key, own[key] ?? "none", found[key] ?? "none")
        }
        let first = zip(mine, others).first { $0 != $1 }
        return ("the network", first?.0 ?? "\(mine.count) parts", first?.1 ?? "\(others.count) parts")
    }
}
