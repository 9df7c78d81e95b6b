import Execution
import Foundation
import LinearAlgebra
import Networks
import Sampling
import TangentKernels

/// Times empirical tangent kernels of n samples with themselves beside square products, in one process.
package enum KernelBenchmark {
    package struct Case: Sendable {
        package var network: BenchmarkNetwork.Kind
        package var samples: Int
        package var width: Int
        package var depth: Int
        package var inputs: Int
        package var classes: Int
        package var outputs: KernelOutputs
        package var precision: Precision

        package init(
            network: BenchmarkNetwork.Kind, samples: Int, width: Int, depth: Int, inputs: Int = 256, classes: Int,
            outputs: KernelOutputs, precision: Precision
        ) {
            self.network = network
            self.samples = samples
            self.width = width
            self.depth = depth
            self.inputs = inputs
            self.classes = classes
            self.outputs = outputs
            self.precision = precision
        }

        /// The sizes at which the peers were measured.
        package static var standard: [Case] {
            let sizes: [(BenchmarkNetwork.Kind, Int, Int, Int, Int, KernelOutputs)] = [
                (.mlp, 256, 1024, 3, 10, .full), (.mlp, 256, 1024, 3, 10, .trace), (.mlp, 512, 4096, 3, 1, .full),
                (.mlp, 1000, 1024, 5, 1, .full), (.mlp, 32, 1024, 3, 10, .full), (.mlp, 32, 4096, 3, 1, .full),
                (.mlp, 128, 1024, 5, 1, .full), (.cnn, 64, 64, 3, 10, .full), (.cnn, 64, 64, 3, 10, .trace),
                (.cnn, 128, 128, 3, 1, .full), (.resnet, 32, 64, 4, 10, .full), (.resnet, 32, 64, 4, 10, .trace),
            ]
            return Precision.allCases.flatMap { precision in
                sizes.map {
                    Case(
                        network: $0.0, samples: $0.1, width: $0.2, depth: $0.3, classes: $0.4, outputs: $0.5,
                        precision: precision)
                }
            }
        }

        package func model() throws -> Model {
            try BenchmarkNetwork(kind: network, width: width, depth: depth, inputs: inputs, outputs: classes).model()
        }

        /// Bytes of parameters, inputs, factors, workspace and kernel.
        package func neededBytes() throws -> Double {
            let model = try model()
            let plan = try KernelPlan(model, outputs, samples: samples)
            let side = Double(samples * outputs.rows(classes))
            let numbers = Double(model.layout.count) + Double(samples) * Double(model.inputCount)
            return Double(precision.byteCount) * (numbers + side * side)
                + plan.bytes(model, samples: samples, precision)
        }
    }

    /// One line of the table, one object of the JSON.
    package struct Row: Encodable, Sendable {
        package let network: String
        package let samples: Int
        package let width: Int
        package let depth: Int
        package let classes: Int
        package let outputs: String
        package let precision: String
        package let threads: Int
        package let blasCore: String
        package let medianSeconds: Double
        package let leastSeconds: Double
        package let runs: Int
        /// Counted flops over the median, and those of square products interleaved with it.
        package let gflops: Double
        package let gemmGflops: Double
        /// gflops / gemmGflops: the share of the bound that the count and the products' rate give.
        package let boundShare: Double
        package let peakMemoryBytes: Int
        package let neededBytes: Int
        /// Of the kernel, to compare with other programs on the same weights.
        package let trace: Double
        package let frobenius: Double
    }

    package static func run(_ c: Case) throws -> Row {
        try measure(c, c.precision.scalar)
    }

    private static func measure<S: Scalar>(_ c: Case, _ type: S.Type) throws -> Row {
        ProcessMemory.resetPeak()
        let model = try c.model()
        let w = ParameterVector<S>(model.layout, initializedFrom: 0)
        let x = MatrixBuffer<S>(c.samples, model.inputCount)
        RandomStream(seed: 0, "bench").fillNormal(x.base, count: x.count, standardDeviation: 1)
        let plan = try KernelPlan(model, c.outputs, samples: c.samples)
        let kernel = EmpiricalKernel<S>(model, plan, samples: c.samples)
        let block = kernel.block(capacity: c.samples)
        let side = c.samples * c.outputs.rows(c.classes)
        let theta = MatrixBuffer<S>(side, side)
        let compute = {
            kernel.fill(block, w, x.base, samples: c.samples)
            kernel.kernel(block, block, into: theta.base, leading: side)
        }
        compute()
        let peak = ProcessMemory.peak
        let flops = plan.flops(samples: c.samples)
        let (times, products) = Timing.interleaved(compute, SquareProduct.run(S.self), flops)
        let rate = SquareProduct.flops / products.median
        return Row(
            network: c.network.rawValue, samples: c.samples, width: c.width, depth: c.depth, classes: c.classes,
            outputs: c.outputs.rawValue, precision: S.precision.rawValue, threads: BLAS.threadCount,
            blasCore: BLAS.core, medianSeconds: times.median, leastSeconds: times.least, runs: times.runs,
            gflops: flops / times.median / 1e9, gemmGflops: rate / 1e9, boundShare: flops / times.median / rate,
            peakMemoryBytes: peak, neededBytes: Int(try c.neededBytes()),
            trace: (0..<side).reduce(0) { $0 + Double(theta[$1, $1]) },
            frobenius: S.dot(theta.count, theta.base, theta.base).squareRoot())
    }
}
