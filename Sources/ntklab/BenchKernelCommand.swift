import ArgumentParser
import Benchmarks
import Datasets
import Foundation
import LinearAlgebra
import TangentKernels

extension Bench {
    struct Kernel: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ntk", abstract: "Empirical tangent kernels; without sizes, the standard cases.")

        @Option(help: "mlp, cnn or resnet (3x3 convolutions on 32x32x3 images); all by default.")
        var network: BenchmarkNetwork.Kind?
        @Option(help: "Samples.") var samples: Int?
        @Option(help: "Neurons or channels of a hidden layer.") var width: Int?
        @Option(help: "Hidden layers, or blocks of a resnet.") var depth: Int?
        @Option(help: "Outputs of the network.") var classes: Int?
        @Option(help: "Input coordinates of an mlp.") var inputs = 256
        @Option(help: "full or trace; full by default.") var outputs: KernelOutputs?
        @Option(help: "float32 or float64; both by default.") var precision: Precision?
        @OptionGroup var results: ResultOptions
        @OptionGroup var machine: MachineOptions

        func validate() throws {
            for (name, value, limit) in [
                ("samples", samples, 1 << 24), ("width", width, 1 << 20), ("depth", depth, 4096),
                ("classes", classes, 1 << 24), ("inputs", inputs, 1 << 24),
            ] {
                if let value, !(1...limit).contains(value) {
                    throw ValidationError("--\(name): expected 1 to \(limit), found \(value)")
                }
            }
            for c in cases {
                guard Memory.holds(try c.neededBytes(), bytesEach: 1) else {
                    throw ValidationError("a kernel of these sizes does not fit into this machine's memory")
                }
            }
        }

        private var cases: [KernelBenchmark.Case] {
            let precisions = precision.map { [$0] } ?? Precision.allCases
            guard samples != nil || width != nil || depth != nil || classes != nil else {
                return KernelBenchmark.Case.standard.filter {
                    precisions.contains($0.precision) && (network == nil || network == $0.network)
                        && (outputs == nil || outputs == $0.outputs)
                }
            }
            let kind = network ?? .mlp
            return precisions.map {
                KernelBenchmark.Case(
                    network: kind, samples: samples ?? (kind == .mlp ? 256 : 64),
                    width: width ?? (kind == .mlp ? 1024 : 64), depth: depth ?? (kind == .resnet ? 4 : 3),
                    inputs: inputs, classes: classes ?? 10, outputs: outputs ?? .full, precision: $0)
            }
        }

        func run() throws {
            try machine.apply()
            try results.benchmark(KernelBenchmark.table, cases, KernelBenchmark.run)
        }
    }
}
