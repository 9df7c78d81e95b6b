import Landscape
import LinearAlgebra
import Networks
import Training

/// The bend of the curve between two minima, found with batches of the first run.
struct BendSearch {
    /// At which a curve is looked at (Garipov et al. 2018 and their code).
    static let points = 61
    static let steps = 1000
    /// Of the rate to those of the runs: ∂²L/∂c² has at most (2 t (1 − t))² ≤ 1/4 of the curvature of L, so that four times their
    /// rate is as stable.
    static let rateFactor = 4.0
    /// How often the rate is halved.
    static let mostHalvings = 8

    /// A bend, and the rate of the descent that led to it.
    struct Result {
        let curve: WeightCurve
        let rate: Double
    }

    let minimum: Minimum
    let function: TrainedFunction<Double>
    let losses: Losses

    /// Begins with a rate, and halves it until the mean loss along the curve is finite and below that along the line.
    /// - Returns: nil where no rate lowers it.
    func run(_ line: WeightCurve, rate: Double) -> Result? {
        let before = losses.mean(along: line, points: Self.points)
        for halving in 0...Self.mostHalvings {
            let rate = rate / Double(1 << halving)
            let descent = BendDescent(steps: Self.steps, rate: rate, seed: minimum.configuration.seed)
            var batches = Batches(minimum)
            guard let curve = descent.run(line, function, minimum.objective, batch: { batches.batch($0) }) else {
                continue
            }
            if losses.mean(along: curve, points: Self.points) < before { return Result(curve: curve, rate: rate) }
        }
        return nil
    }
}

/// The batches of a run, of its own size and order.
private struct Batches {
    private let minimum: Minimum
    private let sampler: BatchSampler
    private var rows: [Int] = []
    private var order: (epoch: Int, order: [Int])?

    init(_ minimum: Minimum) {
        self.minimum = minimum
        sampler = minimum.configuration.sampler(samples: minimum.train.count)
    }

    mutating func batch(_ step: Int) -> BendDescent.Batch {
        let train = minimum.train
        if sampler.isFullBatch { return BendDescent.Batch(x: train.inputs, y: train.targets, factor: 1) }
        sampler.fill(&rows, at: step, permutation: &order)
        let x = MatrixBuffer<Double>(rows.count, train.inputs.columns)
        let y = MatrixBuffer<Double>(rows.count, train.targets.columns)
        Double.gatherRows(x.columns, train.inputs.base, rows, x.base)
        Double.gatherRows(y.columns, train.targets.base, rows, y.base)
        let scale = minimum.configuration.gradientScale(rows: rows.count, samples: train.count)
        return BendDescent.Batch(x: x, y: y, factor: scale / minimum.objective.weight(samples: rows.count))
    }
}
