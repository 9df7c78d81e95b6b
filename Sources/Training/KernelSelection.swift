import LinearAlgebra
import Measurements
import Networks
import TangentKernels

/// Which kernel is measured along a run.
package struct KernelSelection: Sendable, Equatable {
    /// The first samples of the training set; 0 for none.
    package let samples: Int
    package let outputs: KernelOutputs
    /// Arithmetic of the kernel; that of the run where nil.
    package let precision: Precision?
    package let steps: TrackedSteps

    package init(
        samples: Int = 0, outputs: KernelOutputs = .trace, precision: Precision? = nil,
        steps: TrackedSteps = .logarithmic(perDecade: 6)
    ) {
        self.samples = samples
        self.outputs = outputs
        self.precision = precision
        self.steps = steps
    }

    /// - Parameter outputs: K, where it is known: the trace of a single output is the kernel itself.
    package func extent(outputs: Int?) -> KernelExtent {
        KernelExtent(samples: samples, hasAllOutputs: self.outputs == .full || outputs == 1)
    }
}

/// A kernel at one step of a run, with what was computed of it.
package struct KernelSnapshot {
    package let step: Int
    package let kernel: MatrixBuffer<Double>
    package let spectrum: KernelSpectrum?
    /// tr Θ of each trained layer.
    package let layerTraces: [(layer: String, trace: Double)]
}

/// The tangent kernel of the first samples, along the run.
struct KernelKind: ProbeKind {
    var option: ProbeOption? { nil }
    var part: ProbeParts { .kernel }
    var families: [MetricFamily] {
        [
            .kernelDrift, .kernelDistance, .kernelVelocity, .kernelLambdaMin, .kernelLambdaMax, .kernelLambdaRange,
            .kernelLambdaError, .kernelCondition, .kernelTrace, .kernelEffectiveRank, .kernelAlignment,
            .kernelAlignmentCentered, .kernelAlignmentCenteredError, .kernelShare, .kernelGradientNorm,
        ]
    }
    func remedy(_ metric: String) -> String { "tracking.kernel.samples: n" }

    func records(_ family: MetricFamily, _ selection: ProbeSelection) -> Bool { selection.kernel.samples > 0 }

    /// Up to eight kernels in float64 while one is measured, the weights in its arithmetic, and what makes it.
    func bytes(_ cost: ProbeCost) throws -> Double {
        let selection = cost.selection.kernel
        guard selection.samples > 0 else { return 0 }
        let samples = min(selection.samples, cost.samples)
        let plan = try KernelPlan(cost.model, selection.outputs, samples: samples)
        let side = Double(samples * selection.outputs.rows(cost.model.outputCount))
        return plan.bytes(cost.model, samples: samples, selection.precision ?? cost.precision)
            + 8 * (8 * side * side + Double(cost.model.layout.count))
    }

    func probe<S: Scalar>(_ run: ProbedRun<S>) throws -> (any Probe<S>)? {
        guard run.selection.kernel.samples > 0 else { return nil }
        return try KernelProbe(run.model, run.train, start: run.start, run.selection.kernel)
    }
}
