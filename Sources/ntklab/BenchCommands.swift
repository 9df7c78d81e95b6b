import ArgumentParser
import Benchmarks
import Console
import Datasets
import Execution
import Foundation
import LinearAlgebra
import TangentKernels

extension BenchmarkNetwork.Kind: ExpressibleByArgument {}
extension KernelOutputs: ExpressibleByArgument {}

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure speed on this machine.",
        subcommands: [
            GEMM.self, WorkKinds.self, TrainStep.self, Kernel.self, Spectrum.self, SweepOfCells.self, Claims.self,
            Worker.self,
            CheckpointIO.self,
        ])

    struct GEMM: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "gemm", abstract: "Square matrix products.")
        @Option(help: "Rows and columns.") var size = 4096
        @Option(help: "float32 or float64; both by default.") var precision: Precision?
        @OptionGroup var results: ResultOptions
        @OptionGroup var machine: MachineOptions

        func validate() throws {
            if size < 1 { throw ValidationError("--size: expected at least 1, found \(size)") }
            guard Memory.holds(3 * Double(size) * Double(size), bytesEach: 8) else {
                throw ValidationError("--size \(size): three such matrices do not fit into this machine's memory")
            }
        }

        func run() throws {
            try machine.apply()
            let cases = precision.map { [$0] } ?? Precision.allCases
            try results.benchmark(GEMMBenchmark.table, cases) { GEMMBenchmark.run(size: size, precision: $0) }
        }
    }

    struct WorkKinds: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "work",
            abstract: "Each kind of work of a training step, as a share of the multiply-adds that the processor can do."
        )
        @Option(help: "float32 or float64; both by default.") var precision: Precision?
        @OptionGroup var results: ResultOptions
        @OptionGroup var machine: MachineOptions

        func run() throws {
            try machine.apply()
            let rows = (precision.map { [$0] } ?? Precision.allCases).flatMap(WorkBenchmark.run)
            try results.benchmark(WorkBenchmark.table, rows) { $0 }
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
        @OptionGroup var results: ResultOptions
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
            try results.benchmark(TrainingBenchmark.table, cases, TrainingBenchmark.run)
        }
    }

    struct CheckpointIO: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint", abstract: "Writing and reading a checkpoint, beside a plain sequential write.")
        @Option(help: "Number of float32 parameters.") var parameters = 200_000_000
        @Option(help: "Folder on the disk to measure.", completion: .directory) var folder = "."
        @OptionGroup var results: ResultOptions

        func validate() throws {
            if parameters < 10 { throw ValidationError("--parameters: expected at least 10, found \(parameters)") }
            guard Memory.holds(2 * Double(parameters), bytesEach: 4) else {
                throw ValidationError("--parameters \(parameters): do not fit into this machine's memory")
            }
        }

        func run() throws {
            let row = try CheckpointBenchmark.run(parameters: parameters, folder: folder)
            try results.show(row) { wrapped(row.words, columns: $0, indent: 4) }
        }
    }
}

extension ResultOptions {
    /// Measures case after case, and prints each row of the table, or object of JSON, as it comes.
    func benchmark<Case, Row: Encodable>(
        _ table: BenchmarkTable<Row>, _ cases: [Case], _ run: (Case) throws -> Row
    ) throws {
        let width = Terminal.width
        if !json {
            wrapped("machine   \(Machine.description)", columns: width, indent: 10).forEach { print($0) }
            table.titles(width: width).forEach { print($0) }
        }
        for each in cases {
            let row = try run(each)
            if json { try printJSON(row) } else { table.lines(of: row, width: width).forEach { print($0) } }
        }
    }
}
