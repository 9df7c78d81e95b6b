import Datasets
import HDF5
import LinearAlgebra
import Networks
import Sampling
import TangentKernels
import Training

/// A configuration made real in one precision: data, model and objective.
struct Experiment<S: Scalar & HDF5Element> {
    let configuration: Configuration
    let model: Model
    let train: Samples<S>
    let test: Samples<S>?
    let objective: Objective

    /// - Throws: an error that names what in data or model is wrong.
    init(_ configuration: Configuration) throws {
        self.configuration = configuration
        (train, test) = try configuration.data.samples(as: S.self)
        try Self.check(configuration, train)
        model = try configuration.model.model(inputs: train.inputs.columns, outputs: train.targets.columns)
        objective = Objective(configuration.loss, configuration.reduction)
    }

    /// The weights at initialization, a function of the seed.
    /// - Throws: `LabError` where the run does not fit into this machine's memory.
    func initialParameters() throws -> ParameterVector<S> {
        guard Memory.holds(Double(memoryBytes), bytesEach: 1) else {
            throw LabError(
                "model: the run needs \(memoryBytes / 1_000_000) MB, and this machine has "
                    + "\(Memory.physical / 1_000_000) MB: choose a smaller width, depth or batch")
        }
        return ParameterVector(model.layout, initializedFrom: configuration.seed)
    }

    private static func check(_ configuration: Configuration, _ train: Samples<S>) throws {
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

    var sampler: BatchSampler {
        BatchSampler(
            samples: train.count, batch: configuration.training.batch ?? train.count,
            order: configuration.training.batch == nil ? .shuffle : configuration.training.order,
            seed: configuration.seed)
    }

    /// Rows of the workspace: a batch, and at least what makes evaluation efficient.
    var workspaceRows: Int { max(sampler.batch, min(train.count, 256)) }

    /// Factor of each sample's gradient in a batch of `rows`.
    func gradientScale(rows: Int) -> Double {
        guard objective.reduction == .sum else { return 1 / Double(rows) }
        return configuration.training.isUnbiased ? Double(train.count) / Double(rows) : 1
    }

    /// λ_max(Θ₀) by Lanczos with Jacobian products only.
    func kernelLambdaMax(_ workspace: Workspace<S>, at start: ParameterVector<S>) -> LargestEigenvalue {
        let kernel = TangentKernelOperator(workspace, start, inputs: train.inputs)
        let stream = RandomStream(seed: configuration.seed, "lanczos/start")
        let vector = (0..<kernel.dimension).map { S(stream.normal($0)) }
        return largestEigenvalue(of: kernel, start: vector, tolerance: 1e-3, maximumSteps: 60)
    }

    /// Bytes a run takes: parameters now and at the start, scratch, velocity, activations, data.
    var memoryBytes: Int {
        let momentum = configuration.training.momentum
        let vectors = 3 + (momentum.factor > 0 ? (momentum.isNesterov ? 2 : 1) : 0)
        let samples = train.count + (test?.count ?? 0)
        let numbers =
            vectors * model.layout.count + model.workspaceCount(rows: workspaceRows)
            + (samples + sampler.batch) * (model.inputCount + model.outputCount)
        return numbers * MemoryLayout<S>.stride
    }
}
