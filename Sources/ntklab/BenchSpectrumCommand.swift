import ArgumentParser
import Benchmarks
import LinearAlgebra

extension Bench {
    struct Spectrum: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "spectrum", abstract: "Lanczos on the Hessian of a squared loss, beside a gradient.")

        @Option(help: "mlp, cnn or resnet (3x3 convolutions on 32x32x3 images).") var network = BenchmarkNetwork.Kind
            .mlp
        @Option(help: "Samples.") var samples = 512
        @Option(help: "Neurons or channels of a hidden layer.") var width = 1024
        @Option(help: "Hidden layers, or blocks of a resnet.") var depth = 3
        @Option(help: "Outputs of the network.") var classes = 1
        @Option(help: "Input coordinates of an mlp.") var inputs = 256
        @Option(help: "Steps of Lanczos.") var lanczosSteps = 40
        @Option(help: "float32 or float64; both by default.") var precision: Precision?
        @OptionGroup var results: ResultOptions
        @OptionGroup var machine: MachineOptions

        func validate() throws {
            for (name, value, limit) in [
                ("samples", samples, 1 << 24), ("width", width, 1 << 20), ("depth", depth, 4096),
                ("classes", classes, 1 << 24), ("inputs", inputs, 1 << 24), ("lanczos-steps", lanczosSteps, 100_000),
            ] where !(1...limit).contains(value) {
                throw ValidationError("--\(name): expected 1 to \(limit), found \(value)")
            }
            for c in cases {
                guard Memory.holds(try c.neededBytes(), bytesEach: 1) else {
                    throw ValidationError("a spectrum of these sizes does not fit into this machine's memory")
                }
            }
        }

        private var cases: [SpectrumBenchmark.Case] {
            (precision.map { [$0] } ?? Precision.allCases).map {
                SpectrumBenchmark.Case(
                    network: network, samples: samples, width: width, depth: depth, inputs: inputs, classes: classes,
                    lanczosSteps: lanczosSteps, precision: $0)
            }
        }

        func run() throws {
            try machine.apply()
            try results.benchmark(SpectrumBenchmark.table, cases, SpectrumBenchmark.run)
        }
    }
}
