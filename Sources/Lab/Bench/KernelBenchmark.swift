import Foundation
import LinearAlgebra
import Networks
import Sampling
import TangentKernels

/// Times empirical tangent kernels of n samples with themselves beside square products, in one process.
public enum KernelBenchmark {
    public struct Case: Sendable {
        public var network: BenchmarkNetwork.Kind
        public var samples: Int
        public var width: Int
        public var depth: Int
        public var inputs: Int
        public var classes: Int
        public var outputs: KernelOutputs
        public var precision: Precision

        public init(
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
        public static var standard: [Case] {
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

        func model() throws -> Model {
            try BenchmarkNetwork(kind: network, width: width, depth: depth, inputs: inputs, outputs: classes).model()
        }

        /// Bytes of parameters, inputs, factors, workspace and kernel.
        public func neededBytes() throws -> Double {
            let model = try model()
            let plan = KernelPlan(model, outputs, samples: samples)
            let side = Double(samples * outputs.rows(classes))
            let numbers = Double(model.layout.count) + Double(samples) * Double(model.inputCount)
            return (precision == .float32 ? 4 : 8) * (numbers + side * side)
                + plan.bytes(model, samples: samples, precision)
        }
    }

    /// One line of the table, one object of the JSON.
    public struct Row: Encodable, Sendable {
        public let network: String
        public let samples: Int
        public let width: Int
        public let depth: Int
        public let classes: Int
        public let outputs: String
        public let precision: String
        public let threads: Int
        public let blasCore: String
        public let medianSeconds: Double
        public let leastSeconds: Double
        public let runs: Int
        /// Counted flops over the median, and those of square products interleaved with it.
        public let gflops: Double
        public let gemmGflops: Double
        /// gflops / gemmGflops: the share of the bound that the count and the products' rate give.
        public let boundShare: Double
        public let peakMemoryBytes: Int
        public let neededBytes: Int
        /// Of the kernel, to compare with other programs on the same weights.
        public let trace: Double
        public let frobenius: Double
    }

    public static func run(_ c: Case) throws -> Row {
        switch c.precision {
        case .float32: try measure(c, Float.self)
        case .float64: try measure(c, Double.self)
        }
    }

    private static func measure<S: Scalar>(_ c: Case, _ type: S.Type) throws -> Row {
        ProcessMemory.resetPeak()
        let model = try c.model()
        let w = ParameterVector<S>(model.layout, initializedFrom: 0)
        let x = Matrix<S>(c.samples, model.inputCount)
        RandomStream(seed: 0, "bench").fillNormal(x.base, count: x.count, standardDeviation: 1)
        let plan = KernelPlan(model, c.outputs, samples: c.samples)
        let kernel = EmpiricalKernel<S>(model, plan, samples: c.samples)
        let block = kernel.block(capacity: c.samples)
        let side = c.samples * c.outputs.rows(c.classes)
        let theta = Matrix<S>(side, side)
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
