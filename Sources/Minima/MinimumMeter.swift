import Landscape
import LinearAlgebra
import Networks
import TangentKernels

/// Measures `LocalMinimum` of a network at one point after another, in float64.
///
/// Memory: `bytes`. Cost: a kernel for each trained layer, and all eigenvectors of the kernels of the first one, two, … layers, 9 (nK)³
/// flops each; beside that n³ for each layer's regression.
package final class MinimumMeter {
    private let surface: LossSurface<Double>
    private let kernel: EmpiricalKernel<Double>
    private let block: KernelBlock<Double>
    private let workspace: Workspace<Double>
    private let x: MatrixBuffer<Double>
    private let y: MatrixBuffer<Double>
    /// c/2, of F = c/2 ‖f − Y‖².
    private let half: Double

    /// - Parameters:
    ///   - objective: of the squared loss.
    ///   - x: inputs [n, d], y: targets [n, K].
    ///   - rows: samples of a pass.
    /// - Throws: `ModelError` for a network whose kernel is not known, or that is sparse.
    package init<S: Scalar>(
        _ model: Model, _ objective: Objective, _ x: MatrixBuffer<S>, _ y: MatrixBuffer<S>, rows: Int
    ) throws {
        precondition(objective.kind == .squared, "the range of J says nothing of other losses")
        (self.x, self.y) = (x.widened(), y.widened())
        half = objective.weight(samples: x.rows) / 2
        workspace = Workspace(model, rows: min(rows, x.rows))
        surface = LossSurface(TrainedFunction(workspace), objective, self.x, self.y)
        kernel = EmpiricalKernel(model, try Self.plan(model, samples: x.rows), samples: x.rows)
        block = kernel.block(capacity: x.rows)
    }

    /// A layer's regression is what the layer could do with all of its weights: a sparse one can't.
    private static func plan(_ model: Model, samples: Int) throws -> KernelPlan {
        let plan = try KernelPlan(model, .full, samples: samples)
        if let sparse = model.layout.entries.first(where: { !$0.tensor.zeros.isEmpty }) {
            throw ModelError(
                "layer \(sparse.tensor.layer) is sparse, and what its regression says of a minimum is not known: set "
                    + "tracking.minimum: false, or a sparsity of 0")
        }
        return plan
    }

    /// Bytes while it measures.
    /// - Throws: `ModelError` for a network whose kernel is not known, or that is sparse.
    package static func bytes(_ model: Model, samples: Int, rows: Int) throws -> Double {
        let plan = try plan(model, samples: samples)
        let side = Double(samples * model.outputCount)
        let numbers =
            samples * (model.inputCount + 3 * model.outputCount) + rows * LossSurface<Double>.count(model)
            + 6 * model.layout.count
        return plan.bytes(model, samples: samples, .float64) + 8 * (Double(numbers) + 4 * side * side)
    }

    /// - Parameter rate: η of the next step, which tells how near a kink is.
    /// - Returns: nil where something is not finite.
    package func measure<S: Scalar>(_ w: ParameterVector<S>, rate: Double) -> LocalMinimum? {
        let model = kernel.model
        surface.move(to: w)
        let gradient = ParameterVector<Double>(model.layout)
        let loss = surface.gradient(into: gradient)
        let norm = gradient.trainedSquaredNorm.squareRoot()
        kernel.fill(block, surface.weights, x.base, samples: x.rows)
        guard loss.isFinite, norm.isFinite, let ranges = ranges(), let baselines = baselines() else {
            return nil
        }
        let outputs = outputs()
        let theta = TangentKernelOperator(workspace, surface.weights, inputs: x)
        let range = ranges.whole
        let (left, lost) = (range.split(y.entries, mendedBy: theta), range.split(outputs, mendedBy: theta))
        return LocalMinimum(
            loss: loss, gradientNorm: norm, predicted: half * left.outside,
            bounds: (half * left.bounds.lowerBound)...(half * left.bounds.upperBound),
            outside: half * lost.outside, rank: range.rank, rows: outputs.count, undecided: range.undecided,
            eigenvalues: (range.least, range.largest), gains: ranges.gains, baselines: baselines,
            kinkDistance: kinkDistance(gradient, rate),
            stepGain: (loss - surface.losses(along: gradient, at: [-rate])[0]) / (rate * norm * norm))
    }

    /// The range of J, and what each layer adds to that of the layers before it.
    private func ranges() -> RangeGains? {
        let (model, side) = (kernel.model, y.count)
        let parts = kernel.plan.layers.enumerated().map { l, layer in
            RangeGains.Part(
                name: layer.name,
                weights: model.layout.trained.filter { $0.tensor.layer == layer.name }
                    .reduce(0) { $0 + $1.tensor.count },
                kernel: { [kernel, block] in
                    kernel.kernel(block, block, .layer(l), into: $0.base, leading: side)
                })
        }
        return RangeGains(parts, of: y, half: half, rankLimit: model.mostRank, kernel.plan)
    }

    /// Regressions on what goes into each trained layer, with a constant where it has a bias.
    private func baselines() -> [LocalMinimum.Share]? {
        let n = x.rows
        var shares: [LocalMinimum.Share] = []
        for layer in kernel.plan.layers {
            let features = kernel.model.inputs(of: layer.stage, surface.weights.base, x)
            let gram = MatrixBuffer<Double>(n, n)
            Double.gemm(
                .no, .yes, m: n, n: n, k: features.columns, alpha: 1, features.base, features.columns, features.base,
                features.columns, beta: 0, gram.base, n)
            let count = features.columns + (layer.trainsBias ? 1 : 0)
            if layer.trainsBias { for i in 0..<gram.count { gram.base[i] += 1 } }
            // As of a kernel, whose longest chain is a sum over features.
            let trace = KernelComparison.trace(gram)
            let error = 4 * Double(count).squareRoot() * Precision.float64.unitRoundoff * trace
            guard
                let range = RangeProjection(destroying: gram, error: error, trace: trace, rankLimit: min(n, count))
            else { return nil }
            let split = range.split(y)
            shares.append(
                .init(
                    layer: layer.name, value: half * split.outside,
                    error: half * (split.outside - split.bounds.lowerBound)))
        }
        return shares
    }

    /// f at all samples, [nK].
    private func outputs() -> [Double] {
        var outputs: [Double] = []
        workspace.forEachBlock(of: x.rows) { first, rows in
            workspace.forward(surface.weights.base, x.base + first * x.columns, rows: rows)
            outputs += UnsafeBufferPointer(start: workspace.outputs, count: rows * y.columns)
        }
        return outputs
    }

    private func kinkDistance(_ gradient: ParameterVector<Double>, _ rate: Double) -> Double? {
        guard let here = kernel.model.kinkMargins(surface.weights.base, x) else { return nil }
        let moved = ParameterVector<Double>(kernel.model.layout)
        moved.assign(surface.weights)
        Double.axpy(moved.count, -rate, gradient.base, moved.base)
        let there = kernel.model.kinkMargins(moved.base, x) ?? here
        return zip(here, there).reduce(.infinity) { least, z in
            z.0 == z.1 ? least : min(least, abs(z.0) / abs(z.1 - z.0))
        }
    }
}
