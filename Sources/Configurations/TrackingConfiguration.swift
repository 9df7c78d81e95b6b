import Console
import Landscape
import LinearAlgebra
import Networks
import TangentKernels
import Theory
import Training

/// `tracking`: when and what is measured.
package struct TrackingConfiguration: Sendable {
    /// What a preset makes of the defaults of the other keys.
    package enum Preset: String, CaseIterable { case none, certify }
    /// Whether the descent is predicted; auto where it can be.
    enum Prediction: String, CaseIterable {
        case no = "false"
        case yes = "true"
        case auto
    }

    /// Whether files of kernels hold the kernel itself beside its spectrum; auto up to `matrixRows`.
    enum KernelKeep: String, CaseIterable { case auto, spectrum, matrix }

    package let preset: Preset
    package let steps: TrackedSteps
    package private(set) var probes: ProbeSelection
    let kernelKeep: KernelKeep
    /// Whether as many samples of the kernel are followed as `automaticRows` allow.
    private let hasAutomaticKernel: Bool
    private let prediction: Prediction
    package var initializationSamples: Int { probes.initializationSamples }
    package var contractionBatches: Int { probes.contractionBatches }
    package let landscape: LandscapeSelection

    /// - Parameter form: what is trained; only of the network itself is there a landscape.
    init(_ section: ConfigSection, form: FunctionForm) {
        let preset = section.choice(
            "preset", default: Preset.none,
            "certify records what the statements of `ntklab certify` ask for: it changes the defaults of the keys below"
        )
        self.preset = preset
        let isWhole = preset == .certify
        steps = Self.steps(section, perDecade: isWhole ? 24 : 6)
        prediction = section.choice(
            "prediction", default: isWhole ? .auto : .no,
            "what Θ₀ predicts of outputs and loss beside them, for full-batch descent on the squared loss; auto: where it can be had"
        )
        let kernel = section.section("kernel") { Self.kernel($0, isWhole: isWhole) }
        hasAutomaticKernel = kernel.isAutomatic
        kernelKeep = kernel.keep
        var probes = ProbeSelection(kernel: kernel.selection, prediction: prediction != .no)
        for option in ProbeKinds.all.compactMap(\.option) {
            probes[option] = section.value(of: option, default: isWhole ? option.certifying : option.usual)
        }
        probes.hessian = section.section("hessian") { Self.hessian($0) }
        self.probes = probes
        landscape = section.section("landscape") { Self.landscape($0, isWhole: isWhole && form.isNetwork) }
    }

    static func steps(_ section: ConfigSection, perDecade usual: Int) -> TrackedSteps {
        let every = section.wordOrNumber(
            "every", default: .word("log"), words: ["log"], in: 1...1e12, isInteger: true,
            "steps between two measurements, or log for steps spaced evenly in ln t")
        let perDecade = section.integer(
            "per_decade", default: usual, in: 1...1000, "measurements for each factor of ten, for every: log")
        return every.number.map { .every(Int($0)) } ?? .logarithmic(perDecade: perDecade)
    }

    /// `tracking.kernel`: the tangent kernel along the run.
    private static func kernel(
        _ section: ConfigSection, isWhole: Bool
    ) -> (selection: KernelSelection, isAutomatic: Bool, keep: KernelKeep) {
        let samples = section.wordOrNumber(
            "samples", default: isWhole ? .word("auto") : .number(0, isInteger: true), words: ["auto"],
            in: 0...Double(1 << 24), isInteger: true,
            "first training samples whose tangent kernel is followed; 0 for none; auto: all, or as many as give \(automaticRows) rows"
        )
        let outputs: KernelOutputs = section.choice(
            "outputs", default: isWhole ? .full : .trace, "full: [nK, nK]; trace: [n, n], summed over outputs")
        let precision: RunPrecision = section.choice(
            "precision", default: isWhole ? .float64 : .run,
            "arithmetic of the kernel; float64 resolves smaller eigenvalues")
        let keep = section.choice(
            "keep", default: KernelKeep.auto,
            "what the files in kernels hold: the eigenvalues, or the matrix too; auto: that of up to \(matrixRows) rows"
        )
        let selection = KernelSelection(
            samples: samples.number.map { Int($0) } ?? 1 << 24, outputs: outputs,
            precision: Precision(rawValue: precision.rawValue), steps: steps(section, perDecade: isWhole ? 4 : 6))
        return (selection, samples.number == nil, keep)
    }

    /// The most rows of a kernel that nobody asked for: its eigenvalues take seconds.
    static var automaticRows: Int { 2048 }

    /// The most rows of a matrix that is kept without being asked for: 8 MB in float64.
    static var matrixRows: Int { 1024 }

    /// Whether the files of kernels with so many rows hold the matrix.
    package func keepsMatrix(rows: Int) -> Bool {
        switch kernelKeep {
        case .auto: rows <= Self.matrixRows
        case .spectrum: false
        case .matrix: true
        }
    }

    /// The same for n samples and K outputs: what is automatic is decided.
    /// - Parameter canPredict: whether the descent is one that Θ₀ can predict.
    package func resolved(samples: Int, outputs: Int, canPredict: Bool) -> TrackingConfiguration {
        var resolved = self
        let kernel = probes.kernel
        if hasAutomaticKernel {
            let most = max(Self.automaticRows / kernel.outputs.rows(outputs), 1)
            resolved.probes.kernel = KernelSelection(
                samples: min(samples, most), outputs: kernel.outputs, precision: kernel.precision, steps: kernel.steps)
        }
        if prediction == .auto {
            resolved.probes.prediction = canPredict && samples * outputs <= Self.automaticRows
        }
        return resolved
    }

    /// What is asked of the population, and of what is trained beside the network, belongs to what a run measures, in
    /// sections of their own.
    mutating func measure(_ population: PopulationSelection?, hasElimination: Bool) {
        (probes.population, probes.hasElimination) = (population, hasElimination)
    }

    /// `tracking.landscape`: the loss around the weights along the run.
    private static func landscape(_ section: ConfigSection, isWhole: Bool) -> LandscapeSelection {
        var options = LandscapeOptions()
        options.directions = section.integer(
            "directions", default: isWhole ? 3 : 0, in: 0...64,
            "random directions along which the loss is looked at, beside gradient and curvature; 0 for no landscape")
        options.lanczosSteps = section.integer(
            "lanczos_steps", default: options.lanczosSteps, in: 2...1000, "products that find the ends of the Hessian")
        options.slice = section.integer(
            "slice", default: options.slice, in: 0...201,
            "points a side of the loss over gradient and most negative curvature; 0 for none")
        return LandscapeSelection(
            options: options, steps: steps(section, perDecade: isWhole ? 3 : 1))
    }

    enum RunPrecision: String, CaseIterable { case run, float32, float64 }

    /// Whether a step has a row of metrics.
    package func isTracked(_ step: Int) -> Bool {
        steps.contains(step) || hasKernel(at: step) || hasHessian(at: step) || hasLandscape(at: step)
    }

    /// What is measured at a step; at those of kernel or Hessian alone, no more than the loss goes with it.
    package func parts(at step: Int) -> ProbeParts {
        var parts: ProbeParts = []
        if steps.contains(step) { parts.insert(.network) }
        if hasKernel(at: step) { parts.insert(.kernel) }
        if hasHessian(at: step) { parts.insert(.hessian) }
        return parts
    }

    /// Whether the kernel is measured at a step.
    package func hasKernel(at step: Int) -> Bool { probes.kernel.samples > 0 && probes.kernel.steps.contains(step) }

    package func hasHessian(at step: Int) -> Bool { probes.hessian.isMeasured && probes.hessian.steps.contains(step) }

    package func hasLandscape(at step: Int) -> Bool { landscape.isMeasured && landscape.steps.contains(step) }
}

extension ConfigSection {
    /// The value of a probe's key.
    fileprivate func value(of option: ProbeOption, default usual: Int) -> Int {
        switch option.words.count {
        case 0: integer(option.key, default: usual, in: option.range, option.meaning)
        case 2: flag(option.key, default: usual != 0, option.meaning) ? 1 : 0
        default:
            option.words.firstIndex(
                of: word(option.key, default: option.words[usual], among: option.words, option.meaning)) ?? usual
        }
    }
}
