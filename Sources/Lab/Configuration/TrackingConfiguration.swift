import LinearAlgebra
import TangentKernels
import Training

/// `tracking`: when and what is measured.
public struct TrackingConfiguration: Sendable {
    let steps: TrackedSteps
    let probes: ProbeSelection

    init(_ section: ConfigSection) {
        steps = Self.steps(section)
        probes = ProbeSelection(
            drift: section.flag("drift", default: true, "drift of every trained tensor, in four norms"),
            gradientNorm: section.flag("gradient_norm", default: true, "‖∇F‖ over all training samples"),
            patternSamples: section.integer(
                "pattern_samples", default: 256, in: 0...(1 << 24),
                "samples whose ReLU patterns are followed; 0 for none"),
            kernel: section.section("kernel", Self.kernel),
            prediction: section.flag(
                "prediction", default: false,
                "what Θ₀ predicts of outputs and loss beside them, for full-batch descent on the squared loss"))
    }

    private static func steps(_ section: ConfigSection) -> TrackedSteps {
        let every = section.wordOrNumber(
            "every", default: .word("log"), words: ["log"], in: 1...1e12, isInteger: true,
            "steps between two measurements, or log for steps spaced evenly in ln t")
        let perDecade = section.integer(
            "per_decade", default: 6, in: 1...1000, "measurements for each factor of ten, for every: log")
        return every.number.map { .every(Int($0)) } ?? .logarithmic(perDecade: perDecade)
    }

    /// `tracking.kernel`: the tangent kernel along the run.
    private static func kernel(_ section: ConfigSection) -> KernelSelection {
        let samples = section.integer(
            "samples", default: 0, in: 0...(1 << 24),
            "first training samples whose tangent kernel is followed; 0 for none")
        let outputs: KernelOutputs = section.choice(
            "outputs", default: .trace, "full: [nK, nK]; trace: [n, n], summed over outputs")
        let precision: RunPrecision = section.choice(
            "precision", default: .run, "arithmetic of the kernel; float64 resolves smaller eigenvalues")
        return KernelSelection(
            samples: samples, outputs: outputs, precision: Precision(rawValue: precision.rawValue),
            steps: steps(section))
    }

    enum RunPrecision: String, CaseIterable { case run, float32, float64 }

    /// Whether a step has a row of metrics.
    func isTracked(_ step: Int) -> Bool { steps.contains(step) || hasKernel(at: step) }

    /// Whether the kernel is measured at a step.
    func hasKernel(at step: Int) -> Bool { probes.kernel.samples > 0 && probes.kernel.steps.contains(step) }
}
