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
    /// What there is to say of how the data was read.
    let remarks: [Remark]

    /// - Throws: an error that names what in data or model is wrong.
    init(_ configuration: Configuration) throws {
        try self.init(configuration, configuration.data.samples(as: S.self))
    }

    init(_ configuration: Configuration, _ samples: PreparedSamples<S>) throws {
        self.configuration = configuration
        (train, test) = (samples.train, samples.test)
        try Self.check(configuration, train)
        model = try configuration.model.model(inputShape: train.shape, outputs: train.targets.columns)
        objective = configuration.objective
        remarks = configuration.remarks + samples.remarks + Self.remarks(configuration, model, train)
    }

    private static func remarks(_ configuration: Configuration, _ model: Model, _ train: Samples<S>) -> [Remark] {
        var remarks: [Remark] = []
        if let batch = configuration.training.batch, batch > train.count {
            remarks.append(
                Remark(
                    "training.batch: \(batch) samples are more than the \(train.count) there are: all are taken",
                    isWarning: true))
        }
        let followsUnits =
            configuration.tracking.probes.patternSamples > 0 && !ActivationPatterns.rectifiers(of: model).isEmpty
        if configuration.training.form.isLinearized, followsUnits {
            remarks.append(
                Remark(
                    "training.linearized: the units of the linearization stay those of its start: pattern_flips are 0",
                    isWarning: false))
        }
        return remarks
    }

    /// - Throws: `LabError` where tracking would measure more than a file can hold.
    private func checkMetricCount() throws {
        let probes = configuration.tracking.probes
        let tensors = model.layout.trained.count
        let followed = (probes.patternSamples > 0 ? 1 : 0) + (probes.backwardSamples > 0 ? 1 : 0)
        let rectifiers = followed > 0 ? followed * ActivationPatterns.rectifiers(of: model).count : 0
        let kernels = (probes.kernel.samples > 0 ? 13 + model.layout.trained.count : 0) + (probes.prediction ? 5 : 0)
        let contraction = configuration.tracking.contractionBatches > 0 ? 3 : 0
        let count = 9 + contraction + (probes.drift ? 4 * tensors : 0) + rectifiers + kernels
        guard count <= MetricHistory.columnLimit else {
            throw LabError(
                "tracking: \(count) metrics are more than the \(MetricHistory.columnLimit) that a file holds: set "
                    + "tracking.drift: false or tracking.pattern_samples: 0")
        }
    }

    /// The weights at initialization, a function of the seed.
    /// - Throws: `LabError` where the run does not fit into this machine's memory.
    func initialParameters() throws -> ParameterVector<S> {
        try checkSize()
        return ParameterVector(model.layout, initializedFrom: configuration.seed)
    }

    /// - Throws: `LabError` where the run does not fit into this machine's memory or its files.
    func checkSize() throws {
        try checkMetricCount()
        guard Memory.holds(peakBytes, bytesEach: 1) else {
            throw LabError(
                "model: the run needs \(Int(peakBytes / 1e6)) MB, and this process may hold "
                    + "\(Memory.limit / 1_000_000) MB: choose a smaller width, depth or batch")
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
        guard probes.prediction else { return }
        let training = configuration.training
        let needs: [(Bool, String, String)] = [
            (configuration.loss == .squared, "loss.kind: squared", configuration.loss.rawValue),
            (training.batch == nil, "training.batch: full", "\(training.batch ?? 0)"),
            (training.momentum.factor == 0, "training.momentum: 0", "\(training.momentum.factor)"),
            (train.count * outputs <= limit, "at most \(limit) samples times outputs", "\(train.count * outputs)"),
        ]
        for (isGiven, needed, found) in needs where !isGiven {
            throw LabError("tracking.prediction: needs \(needed), found \(found)")
        }
    }

    private static func check(_ configuration: Configuration, _ train: Samples<S>) throws {
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

    /// Digest of all data that the run sees, of the training and the test samples.
    var dataDigest: String { memoryDigest(of: train.digest + (test?.digest ?? "")) }

    /// - Throws: `LabError` where the data is not what a run began with.
    func refuseOtherData(than record: RunRecord, of run: String) throws {
        guard dataDigest == record.dataDigest else {
            throw LabError(
                "\(run): the data is not what the run began with: expected digest \(record.dataDigest), found "
                    + dataDigest)
        }
    }

    var sampler: BatchSampler { configuration.sampler(samples: train.count) }

    /// Rows of the workspace: a batch, and at least what makes evaluation efficient.
    var workspaceRows: Int { max(sampler.batch, evaluationRows) }

    /// Rows that are evaluated at once: up to 256, fewer where they would take more than 64 MB.
    var evaluationRows: Int {
        let row = model.workspaceCount(rows: 1) * MemoryLayout<S>.stride
        return min(train.count, 256, max(64_000_000 / max(row, 1), 1))
    }

    /// What is measured of the run, with the mini-batches of its contraction.
    var probeSelection: ProbeSelection {
        var probes = configuration.tracking.probes
        let count = configuration.tracking.contractionBatches
        if count > 0, !sampler.isFullBatch {
            let (configuration, samples) = (configuration, train.count)
            probes.batches = BatchSelection(count: count, sampler: sampler) { rows in
                configuration.gradientScale(rows: rows, samples: samples)
            }
        }
        return probes
    }

    func gradientScale(rows: Int) -> Double { configuration.gradientScale(rows: rows, samples: train.count) }

    /// Rows of the workspace in which λ_max is found, gone when it is.
    private var lanczosRows: Int { evaluationRows }
    private var lanczosSteps: Int { 60 }

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

    /// Bytes that a run takes at most beside what it holds once its data is loaded: parameters now, at
    /// the start and scratch, velocity, a batch, activations; and before the first step, where the
    /// learning rate is found, what Lanczos needs.
    var memoryBytes: Double {
        let momentum = configuration.training.momentum
        let form = configuration.training.form
        let vectors = (momentum.factor == 0 ? 3 : momentum.isNesterov ? 5 : 4) + (form.isLinearized ? 1 : 0)
        let parameters = Double(model.layout.count)
        func workspace(_ rows: Int) -> Double { Double(rows) * Double(model.workspaceCount(rows: 1)) }
        let batch = sampler.isFullBatch ? 0 : sampler.batch * (model.inputCount + model.outputCount)
        let training =
            Double(vectors) * parameters + Double(batch)
            + workspace(workspaceRows) * (form.isLinearized ? 2 : 1)
        let krylov = Double(lanczosSteps + 3) * Double(train.count * model.outputCount)
        let lanczos = 2 * parameters + 2 * workspace(lanczosRows) + krylov
        let isAuto = configuration.training.learningRate == nil
        let each = Double(MemoryLayout<S>.stride)
        // The norms at the start are measured beside the training workspace, when what Lanczos needed is gone.
        let most = max(training * each + initializationBytes, isAuto ? lanczos * each : 0)
        return trackingBytes + most + Double(model.scratchBytes(S.self)) + Self.machineryBytes
    }

    /// Bytes of the kernel and the prediction that are followed.
    private var trackingBytes: Double {
        let probes = configuration.tracking.probes
        var bytes = 0.0
        if probes.kernel.samples > 0 {
            let samples = min(probes.kernel.samples, train.count)
            let plan = KernelPlan(model, probes.kernel.outputs, samples: samples)
            let side = Double(samples * probes.kernel.outputs.rows(model.outputCount))
            let isDouble = (probes.kernel.precision ?? S.precision) == .float64
            bytes += plan.bytes(model, samples: samples, isDouble ? .float64 : .float32)
            bytes += 8 * (8 * side * side + Double(model.layout.count))
        }
        if probes.prediction {
            let side = Double(train.count * model.outputCount)
            let others = Double((test?.count ?? 0) * model.outputCount)
            let plan = KernelPlan(model, .full, samples: train.count)
            bytes += plan.bytes(model, samples: train.count + (test?.count ?? 0), .float64)
            bytes += 8 * (side * (3 * side + others) + Double(model.layout.count))
        }
        return bytes + landscapeBytes + contractionBytes + backwardBytes + driftBytes + outputBytes
    }

    /// K numbers for each ReLU unit and sample, at the start and now, and the reverse passes.
    private var backwardBytes: Double {
        let samples = min(configuration.tracking.probes.backwardSamples, train.count)
        guard samples > 0 else { return 0 }
        let units = ActivationPatterns.rectifiers(of: model).reduce(0) { $0 + model.size($1.index + 1) }
        let vectors = 2 * samples * units * model.outputCount * MemoryLayout<S>.stride
        return Double(vectors + InitializationNorms.backwardBytes)
    }

    /// The spectral norm of the tensor that takes most.
    private var driftBytes: Double {
        guard configuration.tracking.probes.drift else { return 0 }
        let shapes = model.layout.trained.map(\.tensor.matrixShape)
        return Double(shapes.reduce(0) { max($0, SpectralNorm.bytes(rows: $1.rows, columns: $1.columns)) })
    }

    /// Workspace with tangents and samples in float64, and vectors of parameters.
    private var landscapeBytes: Double {
        let tracking = configuration.tracking
        guard tracking.landscape.isMeasured else { return 0 }
        let samples = Double(train.count * (model.inputCount + model.outputCount))
        let vectors = Double(LandscapeProbe<S>.vectorCount(tracking.landscape) * model.layout.count)
        return 8 * (samples + vectors + 2 * Double(evaluationRows) * Double(model.workspaceCount(rows: 1)))
    }

    /// The outputs at the end.
    private var outputBytes: Double {
        Double((train.count + (test?.count ?? 0)) * model.outputCount * MemoryLayout<S>.stride)
    }

    private var contractionBytes: Double {
        guard probeSelection.batches != nil else { return 0 }
        let batch = sampler.batch * (model.inputCount + model.outputCount)
        return Double((model.layout.count + batch) * MemoryLayout<S>.stride)
    }

    /// Directions of the widest layer in float64 with their Gram matrix and pairs; when those are gone, the reverse passes.
    private var initializationBytes: Double {
        let samples = Double(min(configuration.tracking.initializationSamples, train.count, workspaceRows))
        let widest = Double((0...model.stages.count).map(model.size).max() ?? 0)
        return samples > 0 ? max(Double(InitializationNorms.backwardBytes), 8 * samples * (widest + 3 * samples)) : 0
    }

    /// What libhdf5, OpenBLAS's packing buffers and the writing of records take, measured.
    private static var machineryBytes: Double { 8e6 }

    /// The run's peak, as the process stands with its data loaded.
    var peakBytes: Double { max(Double(ProcessMemory.now) + memoryBytes, Double(ProcessMemory.peak)) }
}
