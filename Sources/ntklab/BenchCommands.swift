import ArgumentParser
import Foundation
import Lab
import LinearAlgebra

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure speed on this machine.", subcommands: [GEMM.self, TrainStep.self, CheckpointIO.self])

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

    struct TrainStep: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "train", abstract: "Training steps; without sizes, the standard cases.")

        enum Network: String, ExpressibleByArgument, CaseIterable { case mlp }

        @Option(help: "Kind of network.") var network: Network = .mlp
        @Option(help: "Samples of a step.") var batch: Int?
        @Option(help: "Neurons of a hidden layer.") var width: Int?
        @Option(help: "Hidden layers.") var depth: Int?
        @Option(help: "Input coordinates.") var inputs = 256
        @Option(help: "Outputs.") var outputs = 10
        @Option(help: "float32 or float64; both by default.") var precision: Precision?
        @Flag(help: "One JSON object a case.") var json = false
        @OptionGroup var machine: MachineOptions

        func validate() throws {
            for (name, value) in [
                ("batch", batch), ("width", width), ("depth", depth), ("inputs", inputs), ("outputs", outputs),
            ] {
                if let value, value < 1 { throw ValidationError("--\(name): expected at least 1, found \(value)") }
            }
            let (m, d) = (Double(width ?? 2048), Double(depth ?? 3))
            let samples = Double(batch ?? 128)
            let numbers =
                2 * (m * m * d + m * (Double(inputs) + Double(outputs))) + samples * (m * (d + 2) + Double(inputs))
            guard Memory.holds(numbers, bytesEach: 8) else {
                throw ValidationError("a network of these sizes does not fit into this machine's memory")
            }
        }

        private var cases: [TrainingBenchmark.Case] {
            let precisions = precision.map { [$0] } ?? Precision.allCases
            guard batch != nil || width != nil || depth != nil else {
                return TrainingBenchmark.Case.standard.filter { precisions.contains($0.precision) }
            }
            return precisions.map {
                TrainingBenchmark.Case(
                    batch: batch ?? 128, width: width ?? 2048, depth: depth ?? 3, inputs: inputs, outputs: outputs,
                    precision: $0)
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
            "precision  batch  width  depth   median ms    least ms   GFLOP/s   GEMM GFLOP/s  share   peak MB   idle MB  needed MB"

        private static func line(_ r: TrainingBenchmark.Row) -> String {
            String(
                format: "%@   %6d %6d %6d  %10.3f  %10.3f  %8.1f  %13.1f  %5.2f  %8.0f  %8.0f  %9.0f", r.precision,
                r.batch,
                r.width, r.depth, r.medianSeconds * 1e3, r.leastSeconds * 1e3, r.gflops, r.gemmGflops, r.gemmShare,
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
