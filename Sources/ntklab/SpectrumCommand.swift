import ArgumentParser
import Execution
import LinearAlgebra
import Networks
import RunFolders
import SpectrumJobs

extension Curvature: ExpressibleByArgument {}

struct SpectrumCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spectrum", abstract: "Eigenvalues of the loss's Hessian at any checkpoint of a run.",
        discussion:
            "H = G + R in all trained weights, full batch. A job that was stopped or killed goes on where it was.")

    private struct Stopped: Encodable { let done: String }

    @Argument(help: .run, completion: .run) var directory: String
    @Option(help: "Step of a checkpoint, 0 for the initialization; default: the newest checkpoint.") var step: Int?
    @Option(help: "hessian: H; gauss-newton: G; residual: R.") var of = Curvature.hessian
    @Option(help: "Largest eigenvalues.") var top = 10
    @Option(help: "Smallest eigenvalues.") var bottom = 3
    @Flag(help: "The density of all eigenvalues, by stochastic Lanczos quadrature.") var density = false
    @Flag(help: "The trace, by XTrace.") var trace = false
    @Option(help: "Random vectors of density and trace.") var probes = 10
    @Option(help: "The most steps of Lanczos from a vector.") var lanczosSteps = 100
    @Option(help: "First samples of the training set; default: all.") var samples: Int?
    @Option(help: "float32 or float64, for Lanczos; default: that of the run.") var precision: Precision?
    @Option(help: "What the program may take, such as 4GiB or 500MB.") var memory = ByteCount(bytes: 4 << 30)
    @Option(help: "The HDF5 file; default: in the run's folder spectra.", completion: .hdf5) var out: String?
    @OptionGroup var results: ResultOptions
    @OptionGroup var machine: MachineOptions

    func validate() throws {
        for (name, value, range) in [
            ("step", step, 0...Int.max), ("top", top, 0...1000), ("bottom", bottom, 0...1000),
            ("probes", probes, 1...10_000), ("lanczos-steps", lanczosSteps, 1...100_000),
            ("samples", samples, 1...Int.max),
        ] as [(String, Int?, ClosedRange<Int>)] {
            guard let value, !range.contains(value) else { continue }
            let most =
                range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            throw ValidationError("--\(name): expected \(most), found \(value)")
        }
        if let out, out.isEmpty { throw ValidationError("--out: expected a file, found nothing") }
        if top + bottom == 0, !density, !trace {
            throw ValidationError("--top 0 --bottom 0: nothing is left to compute without --density or --trace")
        }
    }

    func run() throws {
        try machine.apply()
        let request = SpectrumRequest(
            run: try RunLocator.find(directory), step: step, kind: of, top: top, bottom: bottom, hasDensity: density,
            hasTrace: trace, probes: probes, lanczosSteps: lanczosSteps, samples: samples, precision: precision,
            memory: memory.bytes, out: out)
        note("machine   \(Machine.description)")
        switch try SpectrumRunner.run(request, say: note) {
        case .done(let summary): try results.show(summary, lines: summary.lines)
        case .interrupted(let done):
            try results.show(Stopped(done: done)) { _ in ["stopped with \(done) done; the same command goes on"] }
            throw ExitCode(130)
        }
    }
}
