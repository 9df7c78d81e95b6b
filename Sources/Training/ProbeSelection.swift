import LinearAlgebra
import Measurements
import Networks

/// What is measured of a run at a tracked step.
package struct ProbeSelection: Sendable {
    /// Values of the keys of `ProbeOption`s that are not the usual ones.
    private var values: [String: Int] = [:]
    package var kernel = KernelSelection()
    package var hessian = HessianSelection()
    /// Of the random vectors and subspaces that probes draw: the run's.
    package var seed: UInt64 = 0
    /// What is asked of the population that samples are of; nil for nothing.
    package var population: PopulationSelection?
    /// Whether parameters are trained beside the network's that are to eliminate bad minima.
    package var hasElimination = false
    /// Whether the descent is predicted from the kernel at the start.
    package var prediction = false
    /// The mini-batches whose effect on the whole loss is measured; nil for none.
    package var batches: BatchSelection?

    /// - Parameters:
    ///   - drift: spectral norm and largest row of each tensor's drift, beside its Frobenius norm.
    ///   - patternSamples: samples whose ReLU patterns are compared with those at initialization; 0 for none.
    ///   - backwardSamples: samples whose backward vectors are compared with those at initialization; 0 for none.
    package init(
        drift: Bool = true, gradientNorm: Bool = true, patternSamples: Int = 256, backwardSamples: Int = 0,
        kernel: KernelSelection = KernelSelection(), prediction: Bool = false, batches: BatchSelection? = nil
    ) {
        self.kernel = kernel
        self.prediction = prediction
        self.batches = batches
        self[WeightDriftKind.key] = drift ? 1 : 0
        self[GradientNormKind.key] = gradientNorm ? 1 : 0
        self[PatternKind.key] = patternSamples
        self[BackwardKind.key] = backwardSamples
        if let batches { self[ContractionKind.key] = batches.count }
    }

    /// The value of a key: a count, or 1 for a flag that is set.
    package subscript(_ option: ProbeOption) -> Int {
        get { values[option.key] ?? option.usual }
        set { values[option.key] = newValue }
    }

    package var drift: Bool { self[WeightDriftKind.key] != 0 }
    package var gradientNorm: Bool { self[GradientNormKind.key] != 0 }
    package var patternSamples: Int { self[PatternKind.key] }
    package var backwardSamples: Int { self[BackwardKind.key] }
    /// Whether the value at the end, or at tracked steps, is told from the Jacobian's range.
    package var minimum: Bool { self[MinimumKind.key] != 0 }
    /// Whether what each unit adds to that range is measured.
    package var minimumUnits: Bool { self[UnitGainKind.key] != 0 }
    /// Whether the sharpness of the end is measured.
    package var sharpness: Bool { self[SharpnessKind.key] != 0 }
    /// Samples whose norms and separation are measured at the start; 0 for none.
    package var initializationSamples: Int { self[InitializationKind.key] }
    /// Mini-batches of each measurement of the contraction; 0 for none.
    package var contractionBatches: Int { self[ContractionKind.key] }

    /// Whether a metric is recorded.
    package func records(_ metric: String) -> Bool {
        guard let family = ProbeKinds.family(of: metric) else { return false }
        if family.members == .allAndTensors, family.name == metric { return true }
        return ProbeKinds.kind(of: metric)?.records(family, self) ?? true
    }
}

/// What a row of metrics holds beside the loss.
package struct ProbeParts: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    /// What is none of the others: gradient, test loss, drift, units, prediction and batches.
    package static let network = ProbeParts(rawValue: 1)
    package static let kernel = ProbeParts(rawValue: 2)
    package static let hessian = ProbeParts(rawValue: 4)
    /// What only the end of a run asks for.
    package static let end = ProbeParts(rawValue: 8)
    package static let all: ProbeParts = [.network, .kernel, .hessian, .end]
}
