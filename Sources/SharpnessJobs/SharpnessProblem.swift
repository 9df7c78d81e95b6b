import Configurations
import Execution
import Files
import HDF5
import Landscape
import LinearAlgebra
import Networks
import RunFolders
import Runs
import Sharpness

/// The training loss of a run at some step, in float64.
struct SharpnessProblem {
    let step: Int
    /// Of the random directions.
    let seed: UInt64
    /// F there, with its rounding and the accuracy.
    let value: LossValue
    /// p of the random subspaces.
    let dimension: Int
    let surface: LossSurface<Double>

    /// - Throws: an error that names run, step, file or option.
    init(_ request: SharpnessRequest) throws {
        let configuration = try Configuration(file: RunFile.configuration.path(of: request.run))
        try self.init(request, configuration, configuration.precision.storedScalar)
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    private init<S: Scalar & HDF5Element>(
        _ request: SharpnessRequest, _ configuration: Configuration, _ type: S.Type
    ) throws {
        let run = request.run
        let experiment = try Experiment<S>(configuration)
        try experiment.refuseOtherData(than: RunRecord(reading: run), of: run)
        step = try RunWeights<S>.step(request.step, of: run, keepsNone: configuration.checkpoints.keep == 0)
        let (model, train) = (experiment.model, experiment.train)
        let trained = model.layout.trainedCount
        guard trained > 0 else { throw LabError("\(run): nothing is trained: its loss has no sharpness") }
        if let wanted = request.samples, wanted > train.count {
            throw LabError("--samples: expected 1 to \(train.count), the run's, found \(wanted)")
        }
        if let wanted = request.dimension, wanted > trained {
            throw LabError("--subspace: expected 1 to \(trained), the run's trained weights, found \(wanted)")
        }
        let samples = request.samples ?? train.count
        dimension = request.dimension ?? min(trained, Self.usualDimension)
        let rows = Self.rows(model, samples: samples)
        try Self.checkMemory(model, samples: samples, rows: rows, dimension: dimension)
        let stored = RunWeights(run: run, experiment: experiment)
        let w = try stored.parameters(at: step).widened("\(run): the weights of step \(step)")
        let form = configuration.training.form
        let start = form.isNetwork ? nil : try stored.start().widened("\(run): the weights of step 0")
        func first(_ matrix: MatrixBuffer<S>) -> MatrixBuffer<Double> {
            let wide = MatrixBuffer<Double>(samples, matrix.columns)
            convert(wide.count, matrix.base, wide.base)
            return wide
        }
        let (x, y) = (first(train.inputs), first(train.targets))
        let function = TrainedFunction(Workspace<Double>(model, rows: rows), form, start: start)
        value = SampleLoss(function, experiment.objective, x, y, labels: train.labels.map { Array($0.prefix(samples)) })
            .value(at: w)
        guard value.loss.isFinite else {
            throw LabError("\(run): the training loss of step \(step): expected a finite number, found \(value.loss)")
        }
        seed = configuration.seed
        surface = LossSurface(function, experiment.objective, x, y)
        surface.move(to: w)
    }

    /// p of Keskar et al. 2017.
    private static let usualDimension = 100

    /// Rows of a pass: all samples where those of 1 GiB are enough.
    private static func rows(_ model: Model, samples: Int) -> Int {
        let row = LossSurface<Double>.count(model) * MemoryLayout<Double>.stride
        return min(samples, max((1 << 30) / max(row, 1), 1))
    }

    /// What is largest of the search's vectors, those of Lanczos, and a subspace.
    private static func checkMemory(_ model: Model, samples: Int, rows: Int, dimension: Int) throws {
        let steps = min(LargestEigenvalue.mostSteps, model.layout.trainedCount) + 4
        let count = SharpnessMeter.numbers(
            model, samples: samples, rows: rows, directions: max(dimension, steps - 1))
        guard !Memory.holds(count, bytesEach: MemoryLayout<Double>.stride) else { return }
        throw LabError(
            "expected at most \(Memory.limit >> 20) MiB, the memory that this process may hold, found "
                + "\(Int(count) >> 17) MiB for \(model.layout.trainedCount) trained weights and \(samples) samples; "
                + "a smaller --subspace or fewer --samples take less")
    }
}
