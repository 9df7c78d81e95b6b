import Datasets
import LinearAlgebra
import Measurements
import Networks

/// Measures a network along its run, a row of metrics at a time. Probes read the weights and write only memory of their
/// own and the workspace's, so a trajectory is the same with and without them.
package final class Probes<S: Scalar> {
    private let run: ProbedRun<S>
    private let probes: [(kind: any ProbeKind, probe: any Probe<S>)]
    package let kernel: KernelProbe<S>?
    package let prediction: PredictionProbe<S>?
    package let hessian: HessianProbe<S>?

    /// - Parameter rate: η of each step −ηg, for what is measured of such steps; no number where the run takes others.
    /// - Parameter eliminator: what is trained beside the weights; nil for nothing.
    /// - Throws: `ModelError` where a kernel or a prediction is asked for and the network's kernel is not known.
    package init(
        _ function: TrainedFunction<S>, _ objective: Objective, train: Samples<S>, test: Samples<S>?,
        start: ParameterVector<S>, rate: @escaping (Int) -> Double, _ selection: ProbeSelection,
        eliminator: Eliminator<S>? = nil
    ) throws {
        let run = ProbedRun(
            function: function, objective: objective, train: train, test: test, start: start, rate: rate,
            selection: selection, eliminator: eliminator, scratch: ParameterVector(start.layout))
        self.run = run
        probes = try ProbeKinds.all.compactMap { kind in try kind.probe(run).map { (kind, $0) } }
        kernel = probes.lazy.compactMap { $0.probe as? KernelProbe<S> }.first
        prediction = probes.lazy.compactMap { $0.probe as? PredictionProbe<S> }.first
        hessian = probes.lazy.compactMap { $0.probe as? HessianProbe<S> }.first
    }

    /// Whether a metric is among those of a row with these parts.
    package func measures(_ metric: String, _ parts: ProbeParts) -> Bool {
        let isAlwaysThere =
            MetricFamily.trainLoss.contains(metric) || MetricFamily.trainAccuracy.contains(metric)
            || MetricFamily.gradientNorm.contains(metric) && run.hasWholeKernel
        return isAlwaysThere || parts.contains(ProbeKinds.kind(of: metric)?.part(run.selection) ?? .network)
    }

    /// The parts of rows that this run has.
    package var parts: ProbeParts { probes.reduce(.network) { $0.union($1.kind.part(run.selection)) } }

    /// The metrics at w after `step` steps, in a fixed order.
    package func measure(_ w: ParameterVector<S>, step: Int, _ parts: ProbeParts = .all) -> [Metric] {
        let scores = scores(w, parts)
        let moment = Moment(run: run, w: w, step: step, loss: scores[0].value)
        let due = probes.filter { parts.contains($0.kind.part(run.selection)) }
        // Whatever the order of the row: others leave another forward pass behind.
        let early = due.map { $0.kind.readsForwardPass ? $0.probe.measure(moment) : nil }
        return scores + zip(due, early).flatMap { $1 ?? $0.probe.measure(moment) }
    }

    /// F(w) over all training samples, in the units of the objective. Cost: a forward pass.
    package func loss(_ w: ParameterVector<S>) -> Double { run.function.score(run.objective, w, on: run.train).loss }

    /// Losses, accuracies and ‖∇F‖: part of every row, and first, since others use their forward pass.
    private func scores(_ w: ParameterVector<S>, _ parts: ProbeParts) -> [Metric] {
        let isDue = parts.contains(.network) || run.hasWholeKernel
        let gradient = run.selection.gradientNorm && isDue ? run.scratch : nil
        // The training samples last: their forward pass serves the activation patterns too.
        let test = parts.contains(.network) ? run.test.map { run.function.score(run.objective, w, on: $0) } : nil
        let train = run.function.score(run.objective, w, on: run.train, gradient: gradient)
        var metrics = ScoreKind.metrics(train, .trainLoss, .trainAccuracy)
        if let test { metrics += ScoreKind.metrics(test, .testLoss, .testAccuracy) }
        if let gradient { metrics.append(Metric(.gradientNorm, gradient.trainedSquaredNorm.squareRoot())) }
        return metrics
    }
}

/// Losses and accuracies, which `Probes` measures itself: they are part of every row.
struct ScoreKind: ProbeKind {
    var option: ProbeOption? { nil }
    var families: [MetricFamily] { [.trainLoss, .trainAccuracy, .testLoss, .testAccuracy] }

    static func metrics(_ score: Score, _ loss: MetricFamily, _ accuracy: MetricFamily) -> [Metric] {
        [Metric(loss, score.loss)] + (score.accuracy.map { [Metric(accuracy, $0)] } ?? [])
    }
}

/// The norm of the gradient, which `Probes` measures with the training loss.
struct GradientNormKind: ProbeKind {
    static let key = ProbeOption.flag("gradient_norm", true, "‖∇F‖ over all training samples")
    var option: ProbeOption? { Self.key }
    var families: [MetricFamily] { [.gradientNorm] }
}
