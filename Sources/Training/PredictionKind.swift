import LinearAlgebra
import Measurements
import Networks
import TangentKernels

/// What the kernel at the start predicts of loss and outputs, beside them.
struct PredictionKind: ProbeKind {
    var option: ProbeOption? { nil }
    var families: [MetricFamily] {
        [.predictedLoss, .predictedLossFlow, .predictionGap, .predictedTestLoss, .predictionGapTest]
    }
    func remedy(_ metric: String) -> String { "tracking.prediction: true" }

    func records(_ family: MetricFamily, _ selection: ProbeSelection) -> Bool { selection.prediction }

    /// Three kernels of the training samples in float64, that of test with training samples, and what makes them.
    func bytes(_ cost: ProbeCost) throws -> Double {
        guard cost.selection.prediction else { return 0 }
        let side = Double(cost.samples * cost.model.outputCount)
        let others = Double(cost.testSamples * cost.model.outputCount)
        let plan = try KernelPlan(cost.model, .full, samples: cost.samples)
        return plan.bytes(cost.model, samples: cost.samples + cost.testSamples, .float64)
            + 8 * (side * (3 * side + others) + Double(cost.model.layout.count))
    }

    func probe<S: Scalar>(_ run: ProbedRun<S>) throws -> (any Probe<S>)? {
        guard run.selection.prediction else { return nil }
        return try PredictionProbe(
            run.function, run.objective, train: run.train, test: run.test, start: run.start, rate: run.rate)
    }
}
