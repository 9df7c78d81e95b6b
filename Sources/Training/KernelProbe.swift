import Datasets
import LinearAlgebra
import Measurements
import Networks
import RealModule
import TangentKernels

/// Measures the tangent kernel of the first samples of the training set along a run.
///
/// Reads the parameters and writes memory of its own only. Memory: `KernelPlan.sampleCount` numbers a sample, a
/// workspace, and up to eight kernels in float64 while one is measured.
package final class KernelProbe<S: Scalar>: Probe {
    package let selection: KernelSelection
    package let samples: Int
    /// Names of the trained layers, in the order of the traces.
    package let layers: [String]
    private let plan: KernelPlan
    /// The largest rank that the kernel can have, whatever the weights.
    private let rank: Int
    package let precision: Precision
    private let targets: MatrixBuffer<Double>
    private let compute: (ParameterVector<S>) -> (kernel: MatrixBuffer<Double>, traces: [Double])
    private let start: MatrixBuffer<Double>
    private var previous: (step: Int, kernel: MatrixBuffer<Double>)?
    /// What was measured last.
    package private(set) var snapshot: KernelSnapshot?

    /// - Parameter start: w₀, whose kernel the others are compared with.
    /// - Throws: `ModelError` for a network whose kernel is not known.
    package init(_ model: Model, _ train: Samples<S>, start: ParameterVector<S>, _ selection: KernelSelection) throws {
        self.selection = selection
        samples = min(selection.samples, train.count)
        precision = selection.precision ?? S.precision
        plan = try KernelPlan(model, selection.outputs, samples: samples)
        layers = plan.layers.map(\.name)
        rank = Self.rank(model, train, samples, selection.outputs)
        let rows = selection.outputs == .full ? samples * model.outputCount : samples
        targets = MatrixBuffer(
            rows, samples * model.outputCount / max(rows, 1),
            (0..<(samples * model.outputCount)).map { Double(train.targets.base[$0]) })
        compute = Self.kernel(model, plan, train, samples, precision.scalar)
        self.start = compute(start).kernel
    }

    /// Equal inputs have equal rows, and p weights give a Jacobian of rank p at most: min(n' K, p) for n' different
    /// inputs and all outputs; a sum over K outputs of kernels of rank min(n', p) otherwise.
    private static func rank(_ model: Model, _ train: Samples<S>, _ samples: Int, _ outputs: KernelOutputs) -> Int {
        let distinct = Set(train.firstOfEqualInputs.prefix(samples)).count
        let (trained, all) = (model.layout.trainedCount, model.outputCount)
        return outputs == .full ? min(distinct * all, trained) : min(distinct, trained * all)
    }

    /// The kernel of the first samples at any weights, in the arithmetic of `P`.
    private static func kernel<P: Scalar>(
        _ model: Model, _ plan: KernelPlan, _ train: Samples<S>, _ samples: Int, _ type: P.Type
    ) -> (ParameterVector<S>) -> (kernel: MatrixBuffer<Double>, traces: [Double]) {
        let kernel = EmpiricalKernel<P>(model, plan, samples: samples)
        let block = kernel.block(capacity: samples)
        let w = ParameterVector<P>(model.layout)
        let x = MatrixBuffer<P>(samples, model.inputCount)
        convert(x.count, train.inputs.base, x.base)
        let side = samples * plan.outputs.rows(model.outputCount)
        let theta = MatrixBuffer<P>(side, side)
        return { parameters in
            convert(w.count, parameters.base, w.base)
            kernel.fill(block, w, x.base, samples: samples)
            kernel.kernel(block, block, into: theta.base, leading: side)
            return (theta.widened(), kernel.layerTraces(block))
        }
    }

    /// Goes on after a step whose kernel is known, as if it had just been measured.
    package func resume(after step: Int, kernel: MatrixBuffer<Double>) {
        if kernel.rows == start.rows, kernel.columns == start.columns { previous = (step, kernel) }
    }

    package func measure(_ moment: Moment<S>) -> [Metric] {
        let run = moment.run
        let gradient =
            run.hasWholeKernel
            ? run.function.outputGradient(of: run.objective, moment.w, run.train.inputs, run.train.targets) : nil
        return measure(run.point(moment.w), step: moment.step, outputGradient: gradient)
    }

    /// Every metric of the kernel at w, in a fixed order.
    ///
    /// - Parameters:
    ///   - outputGradient: ∂F/∂g of all training samples, [n, K], where the kernel is that of all of them with all
    ///     outputs: ‖∇F‖² = uᵀ Θ u then, for any network and loss.
    package func measure(_ w: ParameterVector<S>, step: Int, outputGradient: [Double]? = nil) -> [Metric] {
        let (kernel, traces) = compute(w)
        let trace = KernelComparison.trace(kernel)
        let scratch = kernel.copy()
        let arithmeticError = plan.arithmeticError(trace: trace, precision)
        let spectrum = KernelSpectrum(destroying: scratch, arithmeticError: arithmeticError)
        let named = zip(layers, traces).map { (layer: $0, trace: $1) }
        snapshot = KernelSnapshot(step: step, kernel: kernel, spectrum: spectrum, layerTraces: named)
        let alignment = KernelComparison.alignment(
            kernel, targets: targets, group: selection.outputs == .full ? kernel.rows / samples : 1,
            arithmeticError: arithmeticError)
        let velocity = previous.map { KernelComparison.distance(kernel, $0.kernel) / Double(step - $0.step) }
        previous = (step, kernel)
        let smallest = spectrum?.resolvedSmallest ?? .nan
        let largest = spectrum?.largest.value ?? .nan
        let total = traces.reduce(0, +)
        var metrics = [
            Metric(.kernelDrift, KernelComparison.drift(kernel, from: start)),
            Metric(.kernelDistance, KernelComparison.distance(kernel, start)),
            Metric(.kernelVelocity, velocity ?? .nan),
            Metric(.kernelLambdaMin, smallest),
            Metric(.kernelLambdaMax, largest),
            Metric(.kernelLambdaRange, spectrum?.resolvedValue(ofRank: rank) ?? .nan),
            Metric(.kernelLambdaError, spectrum?.smallest.error ?? .nan),
            Metric(.kernelCondition, largest / smallest),
            Metric(.kernelTrace, trace),
            Metric(.kernelEffectiveRank, KernelComparison.effectiveRank(kernel)),
            Metric(.kernelAlignment, alignment.plain),
            Metric(.kernelAlignmentCentered, alignment.centered.resolved ?? .nan),
            Metric(.kernelAlignmentCenteredError, alignment.centered.error),
        ]
        metrics += named.map { Metric(.kernelShare, of: $0.layer, $0.trace / total) }
        if let outputGradient, outputGradient.count == kernel.rows {
            let u = MatrixBuffer(kernel.rows, 1, outputGradient)
            metrics.append(Metric(.kernelGradientNorm, KernelComparison.quadratic(kernel, u).squareRoot()))
        }
        return metrics
    }
}
