import LinearAlgebra
import TangentKernels

/// What `ntklab ntk` is asked for.
public struct KernelRequest: Sendable {
    public let run: String
    /// The newest checkpoint's where nil; 0 is the initialization.
    public let step: Int?
    /// The first samples of each set; all where nil.
    public let samples: Int?
    /// Whether the rows are test samples, against training samples as columns.
    public let isAgainstTest: Bool
    public let outputs: KernelOutputs
    /// That of the run where nil.
    public let precision: Precision?
    /// Bytes that the process may take.
    public let memory: Int
    public let out: String?
    /// Whether the file holds the spectrum without the kernel.
    public let keepsSpectrumOnly: Bool
    /// Whether a sound file that is there is left as it is; it is refused otherwise.
    public let skipsExisting: Bool

    public init(
        run: String, step: Int?, samples: Int?, isAgainstTest: Bool, outputs: KernelOutputs, precision: Precision?,
        memory: Int, out: String?, keepsSpectrumOnly: Bool = false, skipsExisting: Bool = false
    ) {
        self.run = run
        self.step = step
        self.samples = samples
        self.isAgainstTest = isAgainstTest
        self.outputs = outputs
        self.precision = precision
        self.memory = memory
        self.out = out
        self.keepsSpectrumOnly = keepsSpectrumOnly
        self.skipsExisting = skipsExisting
    }
}

/// How a job ended.
public enum KernelOutcome: Sendable {
    /// What to say of the kernel.
    case done(KernelSummary)
    /// Stopped by a signal; the same request goes on.
    case interrupted(tiles: Int, of: Int)
}
