import Datasets
import LinearAlgebra
import Measurements
import Networks
import RealModule

/// What a step on a mini-batch does to the loss over all training samples.
struct ContractionKind: ProbeKind {
    static let key = ProbeOption.count(
        "contraction_batches", 0, certifying: 8, upTo: 4096, ofSamples: false,
        "mini-batches that the run may take next, whose effect on the whole loss is measured; 0 for none")
    var option: ProbeOption? { Self.key }
    var needsMiniBatches: Bool { true }
    var families: [MetricFamily] { [.batchContraction, .batchContractionSpread, .batchContractionWorst] }

    /// A vector of parameters and a batch.
    func bytes(_ cost: ProbeCost) -> Double {
        guard cost.selection.batches != nil else { return 0 }
        let batch = cost.batch * (cost.model.inputCount + cost.model.outputCount)
        return Double((cost.model.layout.count + batch) * cost.precision.byteCount)
    }

    func probe<S: Scalar>(_ run: ProbedRun<S>) -> (any Probe<S>)? {
        run.selection.batches.map {
            ContractionProbe(run.function, run.objective, run.train, run.start.layout, $0)
        }
    }
}

/// Measures what one step on a mini-batch does to the loss over all training samples.
///
/// For several batches b that the run may take next: −ln F(w − η g_b)/F(w), of which mean, spread (standard deviation)
/// and worst are reported. Without momentum the mean is the next step's own contraction, in expectation (Allen-Zhu, Li,
/// Song 2019, Theorem 2). Cost: a pass over all samples for each batch. Memory: a vector of parameters and a batch.
final class ContractionProbe<S: Scalar>: Probe {
    private let function: TrainedFunction<S>
    private let objective: Objective
    private let train: Samples<S>
    private let batches: BatchSelection
    private let moved: ParameterVector<S>
    private let x: MatrixBuffer<S>
    private let y: MatrixBuffer<S>

    init(
        _ function: TrainedFunction<S>, _ objective: Objective, _ train: Samples<S>, _ layout: ParameterLayout,
        _ batches: BatchSelection
    ) {
        self.function = function
        self.objective = objective
        self.train = train
        self.batches = batches
        moved = ParameterVector(layout)
        x = MatrixBuffer(batches.sampler.batch, train.inputs.columns)
        y = MatrixBuffer(batches.sampler.batch, train.targets.columns)
    }

    func measure(_ moment: Moment<S>) -> [Metric] {
        let learningRate = moment.run.rate(moment.step)
        // Those of gradient descent, which are not what the run takes under Adam.
        guard learningRate.isFinite else { return contraction(mean: .nan, spread: .nan, worst: .nan) }
        let rates = batches.batches(at: moment.step).map { rows -> Double in
            takeStep(moment.w, rows, learningRate)
            return -Double.log(function.score(objective, moved, on: train).loss / moment.loss)
        }
        let mean = rates.reduce(0, +) / Double(rates.count)
        let squares = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let spread = rates.count > 1 ? (squares / Double(rates.count - 1)).squareRoot() : .nan
        return contraction(
            mean: mean, spread: spread, worst: rates.contains(where: \.isNaN) ? .nan : rates.min() ?? .nan)
    }

    private func contraction(mean: Double, spread: Double, worst: Double) -> [Metric] {
        [
            Metric(.batchContraction, mean), Metric(.batchContractionSpread, spread),
            Metric(.batchContractionWorst, worst),
        ]
    }

    /// moved ← w − η g_b.
    private func takeStep(_ w: ParameterVector<S>, _ rows: [Int], _ rate: Double) {
        S.gatherRows(x.columns, train.inputs.base, rows, x.base)
        S.gatherRows(y.columns, train.targets.base, rows, y.base)
        moved.assign(w)
        _ = function.gradient(
            of: objective, w.base, x.base, y.base, rows: rows.count, scale: batches.gradientScale(rows.count),
            into: GradientSink(target: moved.base, alpha: S(-rate), beta: 1))
    }
}
