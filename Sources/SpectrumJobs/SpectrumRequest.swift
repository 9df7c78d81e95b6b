import LinearAlgebra
import Networks

/// What `ntklab spectrum` is asked for.
package struct SpectrumRequest: Sendable {
    package let run: String
    /// The newest checkpoint's where nil; 0 is the initialization.
    package let step: Int?
    package let kind: Curvature
    /// Eigenvalues at the upper and at the lower end.
    package let top: Int
    package let bottom: Int
    package let hasDensity: Bool
    package let hasTrace: Bool
    /// Random vectors of the density and of the trace.
    package let probes: Int
    /// The most steps of Lanczos, from each start vector.
    package let lanczosSteps: Int
    /// The first samples; all where nil.
    package let samples: Int?
    /// In which Lanczos runs; that of the run where nil.
    package let precision: Precision?
    /// Bytes that the process may take.
    package let memory: Int
    /// The file; nil for that of the run's folder.
    package let out: String?

    package init(
        run: String, step: Int?, kind: Curvature, top: Int, bottom: Int, hasDensity: Bool, hasTrace: Bool, probes: Int,
        lanczosSteps: Int, samples: Int?, precision: Precision?, memory: Int, out: String?
    ) {
        self.run = run
        self.step = step
        self.kind = kind
        self.top = top
        self.bottom = bottom
        self.hasDensity = hasDensity
        self.hasTrace = hasTrace
        self.probes = probes
        self.lanczosSteps = lanczosSteps
        self.samples = samples
        self.precision = precision
        self.memory = memory
        self.out = out
    }
}

/// How a job ended.
package enum SpectrumOutcome: Sendable {
    case done(SpectrumSummary)
    /// Stopped by a signal; the same request goes on.
    case interrupted(done: String)
}

/// A signal came.
struct Interrupted: Error { let done: String }
