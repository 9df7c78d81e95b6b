import Datasets
import LinearAlgebra
import Networks
import TangentKernels

/// What is measured of a run at a tracked step.
public struct ProbeSelection: Sendable {
    /// Spectral norm and largest row of each tensor's drift, beside its Frobenius norm.
    public var drift = true
    public var gradientNorm = true
    /// Samples whose ReLU patterns are compared with those at initialization; 0 for none.
    public var patternSamples = 256
    /// Samples whose backward vectors are compared with those at initialization; 0 for none.
    public var backwardSamples = 0
    public var kernel = KernelSelection()
    /// Whether the descent is predicted from the kernel at the start.
    public var prediction = false
    /// The mini-batches whose effect on the whole loss is measured; nil for none.
    public var batches: BatchSelection?

    public init(
        drift: Bool = true, gradientNorm: Bool = true, patternSamples: Int = 256, backwardSamples: Int = 0,
        kernel: KernelSelection = KernelSelection(), prediction: Bool = false, batches: BatchSelection? = nil
    ) {
        self.drift = drift
        self.gradientNorm = gradientNorm
        self.patternSamples = patternSamples
        self.backwardSamples = backwardSamples
        self.kernel = kernel
        self.prediction = prediction
        self.batches = batches
    }
}

/// What a row of metrics holds beside the loss.
public struct ProbeParts: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// Gradient, test loss, drift, patterns and prediction.
    public static let network = ProbeParts(rawValue: 1)
    public static let kernel = ProbeParts(rawValue: 2)
}

/// Measures a network along its run. Probes read the parameters and write only memory of their
/// own and the workspace's, so a trajectory is the same with and without them.
public final class Probes<S: Scalar> {
    private let function: TrainedFunction<S>
    private let objective: Objective
    private let train: Samples<S>
    private let test: Samples<S>?
    private let selection: ProbeSelection
    private let start: ParameterVector<S>
    private let initialPatterns: ActivationPatterns?
    private let initialBackward: BackwardChange<S>?
    private let scratch: ParameterVector<S>
    public let kernel: KernelProbe<S>?
    public let prediction: PredictionProbe<S>?
    private let contraction: ContractionProbe<S>?
    private let rate: (Int) -> Double

    /// - Parameter rate: η of each step, for the prediction and for steps on mini-batches.
    /// - Throws: `ModelError` where a kernel or a prediction is asked for and the network's kernel is not known.
    public init(
        _ function: TrainedFunction<S>, _ objective: Objective, train: Samples<S>, test: Samples<S>?,
        start: ParameterVector<S>, rate: @escaping (Int) -> Double, _ selection: ProbeSelection
    ) throws {
        self.function = function
        self.objective = objective
        self.train = train
        self.test = test
        self.selection = selection
        self.start = start
        self.rate = rate
        scratch = ParameterVector(start.layout)
        contraction = selection.batches.map { ContractionProbe(function, objective, train, start.layout, $0) }
        initialPatterns =
            selection.patternSamples > 0
            ? ActivationPatterns(function.workspace, start, train, limit: selection.patternSamples) : nil
        initialBackward =
            selection.backwardSamples > 0
            ? BackwardChange(function.workspace.model, start, train, limit: selection.backwardSamples) : nil
        kernel =
            selection.kernel.samples > 0
            ? try KernelProbe(function.workspace.model, train, start: start, selection.kernel) : nil
        prediction =
            selection.prediction
            ? try PredictionProbe(function, objective, train: train, test: test, start: start, rate: rate) : nil
    }

    /// Whether the kernel is that of all samples and outputs: the gradient's norm is then measured beside it. A trace is
    /// not, even of a single output: nothing is measured beside those in runs of any version.
    private var isWhole: Bool { selection.kernel.extent(outputs: nil).isWhole(of: train.count) }

    /// Whether a metric is among those of a row with these parts.
    public func measures(_ metric: String, _ parts: ProbeParts) -> Bool {
        if metric.hasPrefix("kernel_") { return parts.contains(.kernel) }
        let isAlwaysThere = metric.hasPrefix("train_") || metric == "gradient_norm" && isWhole
        return isAlwaysThere || parts.contains(.network)
    }

    /// The metrics at w after `step` steps, in a fixed order.
    public func measure(_ w: ParameterVector<S>, step: Int, _ parts: ProbeParts = [.network, .kernel]) -> [Metric] {
        var metrics = scores(w, parts, withGradient: parts.contains(.network) || isWhole)
        if parts.contains(.network) {
            metrics += drifts(w)
            if let initialPatterns { metrics += patterns(w, since: initialPatterns) }
            // The backward vectors of the linearization are those of its start.
            if let initialBackward { metrics += initialBackward.measure(function.form.isLinearized ? start : w) }
            if let prediction { metrics += prediction.measure(w, step: step) }
            if let contraction {
                metrics += contraction.measure(w, step: step, loss: metrics[0].value, learningRate: rate(step))
            }
        }
        if let kernel, parts.contains(.kernel) {
            // The kernel of the linearization is that of its start.
            let point = function.form.isLinearized ? start : w
            let gradient =
                isWhole ? function.outputGradient(of: objective, w, train.inputs, train.targets) : nil
            metrics += kernel.measure(point, step: step, outputGradient: gradient)
        }
        return metrics
    }

    /// F(w) over all training samples, in the units of the objective. Cost: a forward pass.
    public func loss(_ w: ParameterVector<S>) -> Double { function.score(objective, w, on: train).loss }

    /// Right after `scores`, whose last forward pass is still in the workspace.
    private func patterns(_ w: ParameterVector<S>, since initial: ActivationPatterns) -> [Metric] {
        // The units of the linearization are those of its start.
        let point = function.form.isLinearized ? start : w
        let now = ActivationPatterns(
            function.workspace, point, train, limit: selection.patternSamples, isForwarded: true)
        return now.flips(since: initial).map { Metric("pattern_flips.\($0.name)", $0.share) }
    }

    private func scores(_ w: ParameterVector<S>, _ parts: ProbeParts, withGradient: Bool) -> [Metric] {
        let gradient = selection.gradientNorm && withGradient ? scratch : nil
        // The training samples last: their forward pass serves the activation patterns too.
        let testScore = parts.contains(.network) ? test.map { function.score(objective, w, on: $0) } : nil
        var metrics = Metric.score("train", function.score(objective, w, on: train, gradient: gradient))
        if let testScore { metrics += Metric.score("test", testScore) }
        if let gradient { metrics.append(Metric("gradient_norm", gradient.trainedSquaredNorm.squareRoot())) }
        return metrics
    }

    private func drifts(_ w: ParameterVector<S>) -> [Metric] {
        var total = 0.0
        var initial = 0.0
        var byTensor: [Metric] = []
        for entry in w.layout.trained {
            let w0 = start.base + entry.offset
            total += S.squaredDistance(entry.tensor.count, w.base + entry.offset, w0)
            initial += S.dot(entry.tensor.count, w0, w0)
            if selection.drift {
                byTensor += Metric.drift(
                    entry.tensor.label, weightDrift(entry, now: w, start: start, scratch: scratch))
            }
        }
        return Metric.totalDrift(total.squareRoot(), initial.squareRoot()) + byTensor
    }
}
