import Datasets
import LinearAlgebra
import Networks
import RealModule
import Sampling

/// Which batches, and how a step is made of them.
public struct BatchSelection: Sendable, Equatable {
    public let count: Int
    public let size: Int
    public let seed: UInt64
    /// Factor of each sample's gradient in a batch.
    public let gradientScale: Double

    public init(count: Int, size: Int, seed: UInt64, gradientScale: Double) {
        self.count = count
        self.size = size
        self.seed = seed
        self.gradientScale = gradientScale
    }
}

/// Measures what one step on a random mini-batch does to the loss over all training samples.
///
/// For several batches b drawn for this measurement alone: −ln F(w − η g_b)/F(w), of which mean, spread (standard
/// deviation) and worst are reported. Without momentum this is the next step's own contraction, in expectation
/// (Allen-Zhu, Li, Song 2019, Theorem 2).
/// Cost: a pass over all samples for each batch. Memory: a vector of parameters and a batch.
public final class ContractionProbe<S: Scalar> {
    private let function: TrainedFunction<S>
    private let objective: Objective
    private let train: Samples<S>
    private let batches: BatchSelection
    private let moved: ParameterVector<S>
    private let x: Matrix<S>
    private let y: Matrix<S>

    public init(
        _ function: TrainedFunction<S>, _ objective: Objective, _ train: Samples<S>, _ layout: ParameterLayout,
        _ batches: BatchSelection
    ) {
        self.function = function
        self.objective = objective
        self.train = train
        self.batches = batches
        moved = ParameterVector(layout)
        x = Matrix(batches.size, train.inputs.columns)
        y = Matrix(batches.size, train.targets.columns)
    }

    /// - Parameter loss: F(w) over all training samples.
    public func measure(_ w: ParameterVector<S>, step: Int, loss: Double, learningRate: Double) -> [Metric] {
        let rates = (0..<batches.count).map { index -> Double in
            let order = RandomStream(seed: batches.seed, "contraction/\(step)/\(index)").permutation(train.count)
            takeStep(w, Array(order.prefix(batches.size)), learningRate)
            return -Double.log(function.score(objective, moved, on: train).loss / loss)
        }
        let mean = rates.reduce(0, +) / Double(rates.count)
        let squares = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return [
            Metric("batch_contraction", mean),
            Metric("batch_contraction_spread", (squares / Double(max(rates.count - 1, 1))).squareRoot()),
            Metric("batch_contraction_worst", rates.min() ?? .nan),
        ]
    }

    /// moved ← w − η g_b.
    private func takeStep(_ w: ParameterVector<S>, _ rows: [Int], _ rate: Double) {
        S.gatherRows(x.columns, train.inputs.base, rows, x.base)
        S.gatherRows(y.columns, train.targets.base, rows, y.base)
        moved.assign(w)
        function.forward(w.base, x.base, rows: rows.count)
        objective.gradient(
            function.outputs, y.base, rows: rows.count, outputs: y.columns, scale: batches.gradientScale,
            into: function.workspace.outputCotangent)
        function.pullback(w.base, into: GradientSink(target: moved.base, alpha: S(-rate), beta: 1))
    }
}
