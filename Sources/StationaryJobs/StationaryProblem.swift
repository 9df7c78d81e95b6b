import Configurations
import Datasets
import Execution
import Files
import HDF5
import LinearAlgebra
import Networks
import RunFolders
import Runs
import Sampling
import StationaryPoints

/// What is searched: the training loss of a run or a configuration in float64, with its ridge and its constraint.
struct StationaryProblem {
    typealias Function = Constrained<Ridged<TrainingLoss>>

    let configuration: Configuration
    let model: Model
    let objective: Objective
    let dataDigest: String
    let x: MatrixBuffer<Double>
    let y: MatrixBuffer<Double>
    /// The weights before the first step: w₀ of the forms that have one, and what frozen tensors are.
    let initial: ParameterVector<Double>
    /// Weights that the run recorded and searches begin at, newest last.
    let recorded: [(step: Int, weights: ParameterVector<Double>)]
    /// λᵢ, [n], from the seed of the configuration, so that other starts search the same function; zeros without a
    /// ridge.
    let ridge: [Double]
    let blocks: [HeldBlock]

    /// - Throws: an error that names run, file or option.
    init(_ request: StationaryRequest) throws {
        let path =
            switch request.subject {
            case .run(let run): RunFile.configuration.path(of: run)
            case .configuration(let file): file
            }
        let configuration = try Configuration(file: path)
        try self.init(request, configuration, configuration.precision.storedScalar)
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    private init<S: Scalar & HDF5Element>(
        _ request: StationaryRequest, _ configuration: Configuration, _ type: S.Type
    ) throws {
        let experiment = try Experiment<S>(configuration)
        let name = request.subject.name
        let available = experiment.train.count
        if let wanted = request.samples, wanted > available {
            throw LabError("--samples: expected 1 to \(available), those of \(name), found \(wanted)")
        }
        let layout = experiment.model.layout
        guard layout.trainedCount > 0 else {
            throw LabError("\(name): nothing is trained: its loss has no stationary points")
        }
        switch request.subject {
        case .configuration:
            initial = try experiment.initialParameters { _ in }.widened("\(name): the initial weights")
            recorded = []
        case .run(let run):
            try experiment.refuseOtherData(than: RunRecord(reading: run), of: run)
            let stored = RunWeights(run: run, experiment: experiment)
            initial = try stored.start().widened("\(run): the weights of step 0")
            let steps = try RunFile.checkpointSteps(of: run).filter { $0 > 0 }.sorted()
            let (first, origin) = (initial, request.origin)
            recorded =
                (origin == .trajectory ? [(0, first)] : [])
                + (try steps.suffix(origin == .random ? 0 : origin == .minimum ? 1 : steps.count).map {
                    ($0, try stored.parameters(at: $0).widened("\(run): the weights of step \($0)"))
                })
        }
        (self.configuration, model, objective) = (configuration, experiment.model, experiment.objective)
        dataDigest = experiment.dataDigest
        let rows = request.samples ?? available
        x = Self.widened(experiment.train.inputs, rows)
        y = Self.widened(experiment.train.targets, rows)
        let draws = RandomStream(seed: configuration.seed, "stationary/ridge")
        ridge = (0..<layout.trainedCount).map { i in request.ridge.map { $0 * (0.5 + draws.uniform(i)) } ?? 0 }
        blocks = try request.constraint.map { try Self.blocks(layout, $0) } ?? []
    }

    var form: FunctionForm { configuration.training.form }
    /// n.
    var dimension: Int { ridge.count }
    var hasRidge: Bool { ridge.contains { $0 > 0 } }

    /// An instance for one thread.
    func function() -> Function {
        let loss = TrainingLoss(
            model, objective, form, start: form.isNetwork ? nil : initial, frozen: initial, x: x, y: y)
        return Constrained(Ridged(loss, coefficients: ridge), blocks)
    }

    /// A block for each layer with trained weights, in the trained coordinates.
    private static func blocks(
        _ layout: ParameterLayout, _ constraint: StationaryRequest.Constraint
    ) throws -> [HeldBlock] {
        var layers: [(name: String, range: Range<Int>)] = []
        for (entry, range) in zip(layout.trained, TrainedCoordinates(layout).ranges) {
            if let last = layers.last, last.name == entry.tensor.layer {
                layers[layers.count - 1].range = last.range.lowerBound..<range.upperBound
            } else {
                layers.append((entry.tensor.layer, range))
            }
        }
        return try layers.map { layer in
            switch constraint {
            case .ball(let radius): return HeldBlock(layer.range, radius: radius, on: .ball)
            case .sphere(let radius):
                guard layer.range.count > 1 else {
                    throw LabError("--sphere: layer \(layer.name): expected 2 trained weights or more, found 1")
                }
                return HeldBlock(layer.range, radius: radius, on: .sphere)
            }
        }
    }

    /// The first rows.
    private static func widened<S: Scalar>(_ matrix: MatrixBuffer<S>, _ rows: Int) -> MatrixBuffer<Double> {
        let wide = MatrixBuffer<Double>(rows, matrix.columns)
        convert(wide.count, matrix.base, wide.base)
        return wide
    }
}
