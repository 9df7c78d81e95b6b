import ArgumentParser
import Foundation
import Lab
import LinearAlgebra
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

    enum Set: String, ExpressibleByArgument, CaseIterable { case train, test }

    @Argument(help: .run, completion: .run) var directory: String
    @Option(help: "Step of a checkpoint, 0 for the initialization; default: the newest checkpoint.") var step: Int?
    @Option(help: "First samples of the set; default: all.") var samples: Int?
    @Option(help: "Rows of the kernel; its columns are training samples.") var against = Set.train
    @Option(help: "full: [nK, nK]; trace: [n, n], summed over outputs.") var outputs = KernelOutputs.full
    @Option(help: "float32 or float64; default: that of the run.") var precision: Precision?
    @Option(help: "What the program may take, such as 4GiB or 500MB.") var memory = ByteCount(bytes: 4 << 30)
    @Option(help: "The HDF5 file; default: in the run's folder kernels.", completion: .hdf5) var out: String?
    @Flag(help: "Print the algorithm of each layer, flops and memory, and stop.") var dryRun = false
    @OptionGroup var results: ResultOptions
    @OptionGroup var machine: MachineOptions

    func validate() throws {
        if let step, step < 0 { throw ValidationError("--step: expected at least 0, found \(step)") }
        if let samples, samples < 1 { throw ValidationError("--samples: expected at least 1, found \(samples)") }
    }

    func run() throws {
        try machine.apply()
        let request = try KernelRequest(
            run: RunLocator.find(directory), step: step, samples: samples, isAgainstTest: against == .test,
            outputs: outputs,
            precision: precision, memory: memory.bytes, out: out)
        if dryRun {
            let forecast = try KernelRunner.forecast(request)
            return try results.show(forecast, lines: forecast.lines)
        }
        note("machine   \(Machine.description)")
        switch try KernelRunner.run(request, say: note) {
        case .done(let summary):
            try results.show(summary) { summary.lines(columns: $0) + ["file      \(summary.file)"] }
        case .interrupted(let tiles, let total):
            try results.show(Stopped(tilesDone: tiles, tiles: total)) { _ in
                ["stopped with \(tiles) of \(total) tiles done; the same command goes on"]
            }
            throw ExitCode(130)
        }
    }
}
