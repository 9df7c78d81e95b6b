import ArgumentParser
import Execution
import Files
import Foundation
import KernelJobs
import LinearAlgebra
import RunFolders
import TangentKernels

/// A size in bytes: a number with B, kB, MB, GB (powers of 1000) or KiB, MiB, GiB (powers of 1024).
struct ByteCount: ExpressibleByArgument {
    let bytes: Int

    init(bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        let units: [(String, Double)] = [
            ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("B", 1),
        ]
        guard let (unit, factor) = units.first(where: { argument.hasSuffix($0.0) }),
            let number = Double(argument.dropLast(unit.count)), number > 0, number * factor < 1e18
        else { return nil }
        bytes = Int(number * factor)
    }

    var defaultValueDescription: String { "\(bytes >> 30)GiB" }
}

struct NTK: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ntk", abstract: "The tangent kernel of a run's network at any of its checkpoints.",
        discussion:
            "Exact, in tiles that fit into the memory allowed. A job that was stopped or killed goes on where it was.")

    private struct Stopped: Encodable { let tilesDone, tiles: Int }

    enum SampleSet: String, ExpressibleByArgument, CaseIterable { case train, test }

    @Argument(help: .run, completion: .run) var directory: String
    @Option(help: "Step of a checkpoint, 0 for the initialization; default: the newest checkpoint.") var step: Int?
    @Option(help: "all, or steps such as 0,100,1000: a kernel of each; those that are there stay as they are.")
    var steps: String?
    @Option(help: "First samples of the set; default: all.") var samples: Int?
    @Option(help: "Rows of the kernel; its columns are training samples.") var against = SampleSet.train
    @Option(help: "full: [nK, nK]; trace: [n, n], summed over outputs.") var outputs = KernelOutputs.full
    @Option(help: "float32 or float64; default: that of the run.") var precision: Precision?
    @Option(help: "What the program may take, such as 4GiB or 500MB.") var memory = ByteCount(bytes: 4 << 30)
    @Option(help: "The HDF5 file; default: in the run's folder kernels.", completion: .hdf5) var out: String?
    @Flag(help: "Keep the eigenvalues, and not the kernel.") var spectrum = false
    @Flag(help: "Print the algorithm of each layer, flops, memory and time, and stop.") var dryRun = false
    @OptionGroup var launch: LaunchOptions
    @OptionGroup var results: ResultOptions
    @OptionGroup var machine: MachineOptions

    func validate() throws {
        if let step, step < 0 { throw ValidationError("--step: expected at least 0, found \(step)") }
        if steps != nil, step != nil || out != nil {
            throw ValidationError(
                "--steps: goes without --step and --out: each step has a file in the run's folder kernels")
        }
        if spectrum, against == .test {
            throw ValidationError("--spectrum: a kernel of test samples against training samples has no eigenvalues")
        }
        try launch.refuseWorkers(unless: dryRun)
        if launch.isElsewhere, steps != nil {
            throw ValidationError("--steps: goes with --launcher local, found --launcher \(launch.launcher.rawValue)")
        }
        if let samples, samples < 1 { throw ValidationError("--samples: expected at least 1, found \(samples)") }
    }

    func run() throws {
        // Elsewhere a worker has one thread unless it is said otherwise: the cores of this host are not theirs.
        try machine.apply(defaultThreads: launch.isElsewhere && !dryRun ? 1 : nil)
        let run = try RunLocator.find(directory)
        if let steps { return try runAll(chosen(steps, ofRun: run), run) }
        let request = request(run, step)
        if dryRun {
            let forecast = try KernelRunner.forecast(request, workers: launch.workers ?? 1)
            return try results.show(forecast, lines: forecast.lines)
        }
        if launch.isElsewhere {
            try launch.check(out.map { $0 + ".tiles" } ?? run)
            let job = try KernelRunner.prepareJob(request)
            return try launch.start(workersOf: job.folder, pieces: job.tiles, cores: BLAS.threadCount, [], results)
        }
        note("machine   \(Machine.description)")
        let summary = try made(request)
        try results.show(summary) { summary.lines(columns: $0) + ["file      \(summary.file)"] }
    }

    private func request(_ run: String, _ step: Int?, skipsExisting: Bool = false) -> KernelRequest {
        KernelRequest(
            run: run, step: step, samples: samples, isAgainstTest: against == .test, outputs: outputs,
            precision: precision, memory: memory.bytes, out: out, keepsSpectrumOnly: spectrum,
            skipsExisting: skipsExisting)
    }

    /// The steps that a text names, each of which has to have weights.
    private func chosen(_ text: String, ofRun run: String) throws -> [Int] {
        let known = try KernelRunner.steps(ofRun: run)
        if text == "all" { return known }
        return try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let step = Int(part.trimmingPrefix { $0 == " " }), known.contains(step) else {
                throw LabError(
                    "--steps: expected all or some of \(known.map(String.init).joined(separator: ",")), found \(part.isEmpty ? "nothing" : String(part))"
                )
            }
            return step
        }
    }

    private func runAll(_ steps: [Int], _ run: String) throws {
        if dryRun { throw LabError("--dry-run: is for one step, found --steps") }
        note("machine   \(Machine.description)")
        let summaries = try steps.map { step in
            note("step      \(step)")
            return try made(request(run, step, skipsExisting: true))
        }
        try results.show(summaries) { KernelSummary.lines(summaries, columns: $0) }
    }

    /// Makes a kernel; where a signal comes first, says so and ends.
    private func made(_ request: KernelRequest) throws -> KernelSummary {
        switch try KernelRunner.run(request, say: note) {
        case .done(let summary): return summary
        case .interrupted(let tiles, let total):
            try results.show(Stopped(tilesDone: tiles, tiles: total)) { _ in
                ["stopped with \(tiles) of \(total) tiles done; the same command goes on"]
            }
            throw ExitCode(130)
        }
    }
}
