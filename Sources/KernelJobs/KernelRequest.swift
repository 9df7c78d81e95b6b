import Files
import LinearAlgebra
import TangentKernels

/// What `ntklab ntk` is asked for.
package struct KernelRequest: Sendable, Codable {
    package let run: String
    /// The newest checkpoint's where nil; 0 is the initialization.
    package let step: Int?
    /// The first samples of each set; all where nil.
    package let samples: Int?
    /// Whether the rows are test samples, against training samples as columns.
    package let isAgainstTest: Bool
    package let outputs: KernelOutputs
    /// That of the run where nil.
    package let precision: Precision?
    /// Bytes that the process may take.
    package let memory: Int
    /// The file; nil for that of the run's folder.
    package let out: String?
    /// Whether the file holds the spectrum without the kernel.
    package let keepsSpectrumOnly: Bool
    /// Whether a sound file that is there is left as it is; it is refused otherwise.
    package let skipsExisting: Bool

    package init(
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

extension KernelRequest {
    /// The same for another process, in another folder.
    func asked(step: Int) -> KernelRequest {
        KernelRequest(
            run: absolutePath(run), step: step, samples: samples, isAgainstTest: isAgainstTest, outputs: outputs,
            precision: precision, memory: memory, out: nil, keepsSpectrumOnly: keepsSpectrumOnly)
    }

    /// The same into a file.
    func worked(into out: String) -> KernelRequest {
        KernelRequest(
            run: run, step: step, samples: samples, isAgainstTest: isAgainstTest, outputs: outputs,
            precision: precision, memory: memory, out: out, keepsSpectrumOnly: keepsSpectrumOnly)
    }
}

/// How a job ended.
package enum KernelOutcome: Sendable {
    /// What to say of the kernel.
    case done(KernelSummary)
    /// Stopped by a signal; the same request goes on.
    case interrupted(tiles: Int, of: Int)
}

/// How a worker left a job.
package enum WorkerOutcome: Sendable {
    /// It put the tiles into the file; what to say of the kernel.
    case joined(KernelSummary)
    /// Stopped by a signal; another worker goes on.
    case interrupted(tiles: Int, of: Int)
    /// What is missing is in the hands of others, who live.
    case leftToOthers(tiles: Int, of: Int)
    /// Another process has put the tiles into the file.
    case finished
}
