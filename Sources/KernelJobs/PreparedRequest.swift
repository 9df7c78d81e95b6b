import Configurations
import Execution
import Files
import HDF5
import LinearAlgebra
import Networks
import RunFolders
import Runs
import TangentKernels

/// A request in some pair of precisions.
protocol PreparedKernel {
    /// Makes the kernel, with others or alone.
    func compute(_ limit: Double, say: (String) -> Void) throws -> KernelOutcome
    /// Makes the folder of the job, and no tile.
    func begin() throws -> (folder: String, tiles: Int)
    /// Works in the folder of a job.
    func work(for job: KernelIdentity, in folder: JobFolder, say: (String) -> Void) throws -> WorkerOutcome
    func forecast(workers: Int) throws -> KernelForecast
}

/// A request with its network and data: a run in precision `S`, a kernel in precision `P`.
struct PreparedRequest<S: Scalar & HDF5Element, P: Scalar & HDF5Element>: PreparedKernel {
    let request: KernelRequest
    let configuration: Configuration
    let experiment: Experiment<S>
    let step: Int
    let trainSamples: Int
    let testSamples: Int
    let plan: KernelPlan
    let memory: KernelMemory
    let grid: TileGrid

    init(_ request: KernelRequest, _ configuration: Configuration) throws {
        self.request = request
        self.configuration = configuration
        experiment = try Experiment<S>(configuration)
        try experiment.refuseOtherData(than: RunRecord(reading: request.run), of: request.run)
        step = try RunWeights<S>.step(
            request.step, of: request.run, keepsNone: configuration.checkpoints.keep == 0)
        let test = experiment.test?.count ?? 0
        if request.isAgainstTest, test == 0 {
            throw LabError("--against test: the run \(request.run) has no test samples")
        }
        let most = max(experiment.train.count, request.isAgainstTest ? test : 0)
        if let wanted = request.samples, wanted > most {
            throw LabError("--samples: expected 1 to \(most), the samples of the run, found \(wanted)")
        }
        trainSamples = min(request.samples ?? .max, experiment.train.count)
        testSamples = min(request.samples ?? .max, test)
        let model = experiment.model
        guard model.layout.trainedCount > 0 else { throw LabError("\(request.run): nothing is trained: no kernel") }
        plan = try KernelPlan(model, request.outputs, samples: trainSamples)
        memory = KernelMemory(
            plan: plan, model: model, precision: P.precision, budget: request.memory,
            fixed: Self.fixedBytes(experiment, trainSamples + (request.isAgainstTest ? testSamples : 0)))
        grid = try memory.grid(
            rows: request.isAgainstTest ? testSamples : trainSamples, columns: trainSamples,
            isSymmetric: !request.isAgainstTest)
    }

    /// The process, the run's data and weights, the copies in the kernel's precision. Counted, not measured: the same
    /// request has the same tiles.
    private static func fixedBytes(_ experiment: Experiment<S>, _ samples: Int) -> Int {
        let sets = [experiment.train] + (experiment.test.map { [$0] } ?? [])
        let data = sets.reduce(0) { $0 + $1.inputs.count + $1.targets.count } * MemoryLayout<S>.stride
        let weights = experiment.model.layout.count
        let copies = (weights + samples * experiment.model.inputCount) * MemoryLayout<P>.stride
        return (48 << 20) + data + 2 * weights * MemoryLayout<S>.stride + copies
    }

    /// The weights at the step, in the run's precision: for the linearization those of its start.
    func parameters() throws -> ParameterVector<S> {
        let weights = RunWeights(run: request.run, experiment: experiment)
        return try configuration.training.form.isLinearized ? weights.start() : weights.parameters(at: step)
    }

    var out: String {
        let against = request.isAgainstTest ? "-test" : ""
        let samples = request.isAgainstTest ? "\(testSamples)x\(trainSamples)" : "\(trainSamples)"
        let name =
            "ntk-step-\(step)-\(request.outputs.rawValue)\(against)-\(samples)-\(P.precision.rawValue)"
            + (request.keepsSpectrumOnly ? "-spectrum.h5" : ".h5")
        return request.out ?? "\(RunFile.kernels.path(of: request.run))/\(name)"
    }

    /// The first samples of a set in the kernel's precision.
    func inputs(_ samples: MatrixBuffer<S>, _ count: Int) -> MatrixBuffer<P> {
        let result = MatrixBuffer<P>(count, samples.columns)
        convert(result.count, samples.base, result.base)
        return result
    }

    /// Weights in the kernel's precision.
    func converted(_ w: ParameterVector<S>) -> ParameterVector<P> {
        let own = ParameterVector<P>(experiment.model.layout)
        convert(own.count, w.base, own.base)
        return own
    }

    func identity(_ w: ParameterVector<S>) -> KernelIdentity {
        KernelIdentity(
            parameters: w.digest, data: experiment.dataDigest, outputs: request.outputs.rawValue,
            against: request.isAgainstTest ? "test" : "train", step: step, precision: P.precision.rawValue, grid: grid,
            environment: RunRecord.Environment().summary)
    }

    func job(_ w: ParameterVector<S>, _ identity: KernelIdentity, in folder: JobFolder, isOneOfMany: Bool) -> KernelJob<
        P
    > {
        let model = experiment.model
        let train = inputs(experiment.train.inputs, trainSamples)
        let test = request.isAgainstTest ? experiment.test.map { inputs($0.inputs, testSamples) } : nil
        let store = TileStore<P>(folder, identity, rowsEach: request.outputs.rows(model.outputCount))
        return KernelJob(
            model: model, plan: plan, memory: memory, grid: grid, store: store, w: converted(w), rows: test ?? train,
            columns: train, isOneOfMany: isOneOfMany)
    }

    var kernel: KernelDescription {
        KernelDescription(
            step: step, outputs: request.outputs, precision: P.precision,
            parametrization: configuration.model.parametrization.rawValue, classes: experiment.model.outputCount,
            rows: request.isAgainstTest ? ("test", testSamples) : ("train", trainSamples),
            columns: ("train", trainSamples))
    }
}
