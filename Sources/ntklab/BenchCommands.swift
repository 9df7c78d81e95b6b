import ArgumentParser
import Foundation
import Lab
import LinearAlgebra
import TangentKernels

extension BenchmarkNetwork.Kind: ExpressibleByArgument {}
extension KernelOutputs: ExpressibleByArgument {}

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure speed on this machine.",
        subcommands: [GEMM.self, WorkKinds.self, TrainStep.self, Kernel.self, SweepOfCells.self, CheckpointIO.self])

    struct GEMM: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "gemm", abstract: "Square matrix products.")
        @Option(help: "Rows and columns.") var size = 4096
        @Option(help: "float32 or float64; both by default.") var precision: Precision?
        @Flag(help: "One JSON object a case.") var json = false
        @OptionGroup var machine: MachineOptions

        func validate() throws {
            if size < 1 { throw ValidationError("--size: expected at least 1, found \(size)") }
            guard Memory.holds(3 * Double(size) * Double(size), bytesEach: 8) else {
                throw ValidationError("--size \(size): three such matrices do not fit into this machine's memory")
            }
        }

        func run() throws {
            try machine.apply()
            for precision in precision.map({ [$0] }) ?? Precision.allCases {
                let row = GEMMBenchmark.run(size: size, precision: precision)
                if json {
                    try printJSON(row)
                    continue
                }
                print(
                    String(
                        format: "%@ n=%d  median %.1f ms  %.1f GFLOP/s (best %.1f)  %@", row.precision, row.size,
                        row.medianSeconds * 1e3, row.gflops, row.bestGflops, Machine.description))
            }
        }
    }

    struct WorkKinds: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "work",
            abstract: "Each kind of work of a training step, as a share of the multiply-adds that the processor can do."
        )
        @Option(help: "float32 or float64; both by default.") var precision: Precision?
        @Flag(help: "One JSON object a kind of work.") var json = false
        @OptionGroup var machine: MachineOptions

        func run() throws {
            try machine.apply()
            if !json {
                print("machine   \(Machine.description), tiles of \(BLAS.vectorWidth.rawValue)")
                print(
                    "work                                     precision   median ms    least ms   GFLOP/s  of peak   GB/s"
                )
            }
            for row in (precision.map { [$0] } ?? Precision.allCases).flatMap(WorkBenchmark.run) {
                if json {
                    try printJSON(row)
                    continue
                }
                print(
                    String(
                        format: "%@ %@   %10.3f  %10.3f  %8.1f  %5.0f %%  %6.1f",
                        row.work.padding(toLength: 40, withPad: " ", startingAt: 0), row.precision,
                        row.medianSeconds * 1e3, row.leastSeconds * 1e3, row.flops / row.leastSeconds / 1e9,
                        100 * row.peakShare, row.bytes / row.leastSeconds / 1e9))
            }
        }
    }

    struct TrainStep: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "train", abstract: "Training steps; without sizes, the standard cases.")

        @Option(help: "mlp, cnn or resnet (3x3 convolutions on 32x32x3 images); all by default.")
        var network: BenchmarkNetwork.Kind?
        @Option(help: "Samples of a step.") var batch: Int?
        @Option(help: "Neurons or channels of a hidden layer.") var width: Int?
        @Option(help: "Hidden layers, or blocks of a resnet.") var depth: Int?
        @Option(help: "Input coordinates of an mlp; default 256.") var inputs: Int?
        @Option(help: "Outputs.") var outputs = 10
        @Option(help: "float32 or float64; both by default.") var precision: Precision?
        @Flag(help: "One JSON object a case.") var json = false
        @OptionGroup var machine: MachineOptions

        func validate() throws {
            for (name, value, limit) in [
                ("batch", batch, 1 << 24), ("width", width, 1 << 20), ("depth", depth, 4096),
                ("inputs", inputs, 1 << 24),
                ("outputs", outputs, 1 << 24),
            ] {
                if let value, !(1...limit).contains(value) {
                    throw ValidationError("--\(name): expected 1 to \(limit), found \(value)")
                }
            }
            if inputs != nil, let network, network != .mlp {
                throw ValidationError("--inputs: the inputs of a \(network.rawValue) are images of 32x32x3")
            }
            for c in cases {
                guard Memory.holds(try TrainingBenchmark.neededBytes(c), bytesEach: 1) else {
                    throw ValidationError("a network of these sizes does not fit into this machine's memory")
                }
            }
        }

        private var cases: [TrainingBenchmark.Case] {
            let precisions = precision.map { [$0] } ?? Precision.allCases
            guard batch != nil || width != nil || depth != nil else {
                return TrainingBenchmark.Case.standard.filter {
                    precisions.contains($0.precision) && (network == nil || network == $0.network)
                }
            }
            let kind = network ?? .mlp
            let isMLP = kind == .mlp
            return precisions.map {
                TrainingBenchmark.Case(
                    network: kind, batch: batch ?? (isMLP ? 128 : 64), width: width ?? (isMLP ? 2048 : 64),
                    depth: depth ?? (kind == .resnet ? 4 : 3), inputs: inputs ?? 256, outputs: outputs, precision: $0)
            }
        }

        func run() throws {
            try machine.apply()
            if !json { print("machine   \(Machine.description)\n" + Self.header) }
            for c in cases {
                let row = try TrainingBenchmark.run(c)
                try json ? printJSON(row) : print(Self.line(row))
            }
        }

        private static let header =
            "network  precision  batch  width  depth   median ms    least ms   GFLOP/s   GEMM GFLOP/s  share   peak MB   idle MB  needed MB"

        private static func line(_ r: TrainingBenchmark.Row) -> String {
            String(
                format: "%@  %@   %6d %6d %6d  %10.3f  %10.3f  %8.1f  %13.1f  %5.2f  %8.0f  %8.0f  %9.0f",
                r.network.padding(toLength: 7, withPad: " ", startingAt: 0), r.precision, r.batch, r.width, r.depth,
                r.medianSeconds * 1e3, r.leastSeconds * 1e3, r.gflops, r.gemmGflops, r.gemmShare,
                Double(r.peakMemoryBytes) / 1e6, Double(r.idleMemoryBytes) / 1e6, Double(r.neededBytes) / 1e6)
        }
    }

    struct CheckpointIO: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint", abstract: "Writing and reading a checkpoint, beside a plain sequential write.")
        @Option(help: "Number of float32 parameters.") var parameters = 200_000_000
        @Option(help: "Folder on the disk to measure.") var folder = "."
        @Flag(help: "One JSON object.") var json = false

        func validate() throws {
            if parameters < 10 { throw ValidationError("--parameters: expected at least 10, found \(parameters)") }
            guard Memory.holds(2 * Double(parameters), bytesEach: 4) else {
                throw ValidationError("--parameters \(parameters): do not fit into this machine's memory")
            }
        }

        func run() throws {
            let row = try CheckpointBenchmark.run(parameters: parameters, folder: folder)
            if json { return try printJSON(row) }
            print(
                String(
                    format: "%.0f MB  write %.3f s (%.0f MB/s, %.0f %% of a plain write: %.3f s)  read %.3f s",
                    row.megabytes, row.writeSeconds, row.writeMegabytesPerSecond, 100 * row.shareOfDisk,
                    row.plainWriteSeconds, row.readSeconds))
        }
    }
}
