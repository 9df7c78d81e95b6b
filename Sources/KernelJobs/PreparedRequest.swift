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
    func compute(say: (String) -> Void) throws -> KernelOutcome
    func forecast() throws -> KernelForecast
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

    private func inputs(_ samples: MatrixBuffer<S>, _ count: Int) -> MatrixBuffer<P> {
        let result = MatrixBuffer<P>(count, samples.columns)
        convert(result.count, samples.base, result.base)
        return result
    }

    func job(_ w: ParameterVector<S>) throws -> KernelJob<P> {
        let model = experiment.model
        let own = ParameterVector<P>(model.layout)
        convert(own.count, w.base, own.base)
        let train = inputs(experiment.train.inputs, trainSamples)
        let test = request.isAgainstTest ? experiment.test.map { inputs($0.inputs, testSamples) } : nil
        let environment = RunRecord.Environment()
        let identity = KernelIdentity(
            parameters: w.digest, data: experiment.dataDigest, outputs: request.outputs.rawValue,
            against: request.isAgainstTest ? "test" : "train", step: step, precision: P.precision.rawValue, grid: grid,
            environment: environment.summary)
        if request.out == nil { try RunDirectory.makeFolder("kernels", of: request.run) }
        let store = try TileStore<P>(
            out + ".tiles", grid, rowsEach: request.outputs.rows(model.outputCount), identity: identity)
        return KernelJob(
            model: model, plan: plan, memory: memory, grid: grid, store: store, w: own, rows: test ?? train,
            columns: train)
    }

    var kernel: KernelDescription {
        KernelDescription(
            step: step, outputs: request.outputs, precision: P.precision,
            parametrization: configuration.model.parametrization.rawValue, classes: experiment.model.outputCount,
            rows: request.isAgainstTest ? ("test", testSamples) : ("train", trainSamples),
            columns: ("train", trainSamples))
    }

    func forecast() throws -> KernelForecast {
        let rows = plan.outputs.rows(experiment.model.outputCount)
        let shape = [grid.rows * rows, grid.columns * rows]
        return KernelForecast(
            layers: plan.costs(rows: grid.rows, columns: grid.columns, isSymmetric: grid.isSymmetric, P.precision),
            shape: shape, bytes: Double(shape[0]) * Double(shape[1]) * Double(MemoryLayout<P>.stride),
            passFlops: plan.passFlops * Double(grid.isSymmetric ? grid.rows : grid.rows + grid.columns),
            tiles: grid.tiles.count, tileSamples: grid.side, strip: grid.strip, memoryBytes: request.memory)
    }
}
