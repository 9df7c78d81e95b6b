import Datasets
import LinearAlgebra
import Networks
import RealModule
import Sampling

/// Which batches, and how a step is made of them.
public struct BatchSelection: Sendable {
    /// At most so many at a measurement.
    public let count: Int
    /// Which batches the run itself takes.
    public let sampler: BatchSampler
    /// Factor of each sample's gradient in a batch of some rows.
    public let gradientScale: @Sendable (Int) -> Double

    public init(count: Int, sampler: BatchSampler, gradientScale: @escaping @Sendable (Int) -> Double) {
        self.count = count
        self.sampler = sampler
        self.gradientScale = gradientScale
    }

    /// The rows of batches that the run may take next. With replacement any are as likely, drawn for this alone; in an
    /// epoch that is shuffled they are those that are left of it, all or some at equal distances: what was taken
    /// already has been fitted, and says nothing of the steps to come.
    func batches(at step: Int) -> [[Int]] {
        switch sampler.order {
        case .replacement:
            return (0..<count).map { index in
                let stream = RandomStream(seed: sampler.seed, "contraction/\(step)/\(index)")
                return (0..<sampler.batch).map { stream.integer($0, below: sampler.samples) }
            }
        case .shuffle:
            let left = sampler.stepsPerEpoch - step % sampler.stepsPerEpoch
            let taken = min(count, left)
            var permutation: (epoch: Int, order: [Int])?
            return (0..<taken).map { index in
                var rows: [Int] = []
                sampler.fill(&rows, at: step + index * left / taken, permutation: &permutation)
                return rows
            }
        }
    }
}

/// Measures what one step on a mini-batch does to the loss over all training samples.
///
/// For several batches b that the run may take next: −ln F(w − η g_b)/F(w), of which mean, spread (standard deviation)
/// and worst are reported. Without momentum the mean is the next step's own contraction, in expectation (Allen-Zhu, Li,
/// Song 2019, Theorem 2). Cost: a pass over all samples for each batch. Memory: a vector of parameters and a batch.
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
        x = Matrix(batches.sampler.batch, train.inputs.columns)
        y = Matrix(batches.sampler.batch, train.targets.columns)
    }

    /// - Parameter loss: F(w) over all training samples.
    public func measure(_ w: ParameterVector<S>, step: Int, loss: Double, learningRate: Double) -> [Metric] {
        let rates = batches.batches(at: step).map { rows -> Double in
            takeStep(w, rows, learningRate)
            return -Double.log(function.score(objective, moved, on: train).loss / loss)
        }
        let mean = rates.reduce(0, +) / Double(rates.count)
        let squares = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let spread = rates.count > 1 ? (squares / Double(rates.count - 1)).squareRoot() : .nan
        return [
            Metric("batch_contraction", mean),
            Metric("batch_contraction_spread", spread),
            Metric("batch_contraction_worst", rates.contains(where: \.isNaN) ? .nan : rates.min() ?? .nan),
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
