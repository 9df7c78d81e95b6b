import Configurations
import Datasets
import Files
import HDF5
import LinearAlgebra
import Networks
import Runs
import Sampling
import TangentKernels
import Training

/// A configuration made real in one precision: data, model and objective.
package struct Experiment<S: Scalar & HDF5Element> {
    package let configuration: Configuration
    package let model: Model
    package let train: Samples<S>
    package let test: Samples<S>?
    package let objective: Objective
    /// What there is to say of how the data was read.
    package let remarks: [Remark]

    /// - Throws: an error that names what in data or model is wrong.
    package init(_ configuration: Configuration) throws {
        try self.init(configuration, configuration.data.samples(as: S.self))
    }

    package init(_ configuration: Configuration, _ samples: PreparedSamples<S>) throws {
        (train, test) = (samples.train, samples.test)
        let configuration = configuration.resolved(samples: train.count, outputs: train.targets.columns)
        self.configuration = configuration
        try Self.check(configuration, train)
        model = try configuration.model.model(inputShape: train.shape, outputs: train.targets.columns)
        try Self.checkPopulation(configuration, model)
        objective = configuration.objective
        remarks = configuration.remarks + samples.remarks + Self.remarks(configuration, model, train)
    }

    /// Digest of all data that the run sees, of the training and the test samples.
    package var dataDigest: String { memoryDigest(of: train.digest + (test?.digest ?? "")) }

    package var sampler: BatchSampler { configuration.sampler(samples: train.count) }

    /// Rows of the workspace: a batch, and at least what makes evaluation efficient.
    package var workspaceRows: Int { max(sampler.batch, evaluationRows) }

    /// Rows that are evaluated at once: up to 256, fewer where they would take more than 64 MB.
    var evaluationRows: Int {
        let row = model.workspaceCount(rows: 1) * MemoryLayout<S>.stride
        return min(train.count, 256, max(64_000_000 / max(row, 1), 1))
    }

    /// What is measured of the run, with the mini-batches of its contraction.
    var probeSelection: ProbeSelection {
        var probes = configuration.tracking.probes
        probes.seed = configuration.seed
        let count = configuration.tracking.contractionBatches
        if count > 0, !sampler.isFullBatch {
            let (configuration, samples) = (configuration, train.count)
            probes.batches = BatchSelection(count: count, sampler: sampler) { rows in
                configuration.gradientScale(rows: rows, samples: samples)
            }
        }
        return probes
    }

    /// Where the parameters of `training.elimination` lie; nil without it.
    var addedLayout: ParameterLayout? {
        configuration.training.elimination?.layout(inputs: model.inputCount, outputs: model.outputCount)
    }

    /// How they start.
    var addedStart: ParameterVector<S>? {
        addedLayout.map { ParameterVector($0, initializedFrom: configuration.seed) }
    }

    /// What trains them.
    var eliminator: Eliminator<S>? {
        guard let elimination = configuration.training.elimination, let added = addedStart else { return nil }
        return Eliminator(elimination, added, objective, model, samples: train.count, rows: workspaceRows)
    }

    package func gradientScale(rows: Int) -> Double { configuration.gradientScale(rows: rows, samples: train.count) }

    /// Rows of the workspace in which λ_max is found, gone when it is.
    var lanczosRows: Int { evaluationRows }
    package var lanczosSteps: Int { 60 }

    /// Both ends of the spectrum of Θ₀ by Lanczos with Jacobian products only, λ_max to 0.1 %.
    func kernelEnds(at start: ParameterVector<S>) -> ExtremeEigenvalues {
        let workspace = Workspace<S>(model, rows: lanczosRows)
        let kernel = TangentKernelOperator(workspace, start, inputs: train.inputs)
        let stream = RandomStream(seed: configuration.seed, "lanczos/start")
        let vector = (0..<kernel.dimension).map { S(stream.normal($0)) }
        return extremeEigenvalues(of: kernel, start: vector, maximumSteps: lanczosSteps) {
            $0.largest.residual <= 1e-3 * $0.largest.value
        }
    }
}
