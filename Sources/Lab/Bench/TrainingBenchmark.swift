import Foundation
import LinearAlgebra
import Networks
import Sampling
import Training

/// Times training steps beside the bare products of the same shapes, in one process.
public enum TrainingBenchmark {
    /// A network and batch to time; every layer is trained, the loss is the mean squared error.
    public struct Case: Sendable {
        public var batch: Int
        public var width: Int
        public var depth: Int
        public var inputs: Int
        public var outputs: Int
        public var precision: Precision

        public init(batch: Int, width: Int, depth: Int, inputs: Int = 256, outputs: Int = 10, precision: Precision) {
            self.batch = batch
            self.width = width
            self.depth = depth
            self.inputs = inputs
            self.outputs = outputs
            self.precision = precision
        }

        /// The sizes at which the peers were measured.
        public static var standard: [Case] {
            Precision.allCases.flatMap { precision in
                [(128, 2048, 3), (1024, 1024, 5), (128, 4096, 4), (32, 256, 3)].map {
                    Case(batch: $0.0, width: $0.1, depth: $0.2, precision: precision)
                }
            }
        }
    }

    /// One line of the table, one object of the JSON.
    public struct Row: Encodable, Sendable {
        public let network: String
        public let batch: Int
        public let width: Int
        public let depth: Int
        public let inputs: Int
        public let outputs: Int
        public let precision: String
        public let threads: Int
        public let blasCore: String
        public let medianSeconds: Double
        public let leastSeconds: Double
        public let runs: Int
        public let gflops: Double
        /// Time of the step's products alone over that of the step.
        public let gemmShare: Double
        public let gemmGflops: Double
        /// The most memory of the process up to and in its first steps, and what it held before.
        public let peakMemoryBytes: Int
        public let idleMemoryBytes: Int
        /// What parameters, activations, cotangents and data take.
        public let neededBytes: Int
    }

    public static func run(_ c: Case) throws -> Row {
        switch c.precision {
        case .float32: try measure(c, Float.self)
        case .float64: try measure(c, Double.self)
        }
    }

    private static func measure<S: Scalar>(_ c: Case, _ type: S.Type) throws -> Row {
        ProcessMemory.resetPeak()
        let idle = ProcessMemory.now
        let model = try MLP(width: c.width, depth: c.depth).model(inputShape: [c.inputs], outputs: c.outputs)
        let stream = RandomStream(seed: 0, "bench")
        let x = Matrix<S>(c.batch, c.inputs)
        let y = Matrix<S>(c.batch, c.outputs)
        stream.fillNormal(x.base, count: x.count, standardDeviation: 1)
        stream.fillNormal(y.base, count: y.count, standardDeviation: 1)
        let w = ParameterVector<S>(model.layout, initializedFrom: 0)
        let descent = Descent(Workspace<S>(model, rows: c.batch), w, Objective(.squared, .mean), Momentum())
        let step = { _ = descent.step(x.base, y.base, rows: c.batch, learningRate: 1e-4, scale: 1 / Double(c.batch)) }
        step()
        step()
        let peak = ProcessMemory.peak
        let (steps, products) = interleaved(step, products(model, c.batch, w), model.stepFlops(rows: c.batch))
        let flops = model.stepFlops(rows: c.batch)
        let needed =
            MemoryLayout<S>.stride * (model.layout.count + model.workspaceCount(rows: c.batch) + x.count + y.count)
        return Row(
            network: "mlp", batch: c.batch, width: c.width, depth: c.depth, inputs: c.inputs, outputs: c.outputs,
            precision: S.precision.rawValue, threads: BLAS.threadCount, blasCore: BLAS.core,
            medianSeconds: steps.median, leastSeconds: steps.least, runs: steps.runs,
            gflops: flops / steps.median / 1e9, gemmShare: products.median / steps.median,
            gemmGflops: flops / products.median / 1e9, peakMemoryBytes: peak, idleMemoryBytes: idle, neededBytes: needed
        )
    }

    /// Steps and products in turn, so that both see the same machine.
    private static func interleaved(
        _ step: () -> Void, _ products: () -> Void, _ flops: Double
    ) -> (Timing, Timing) {
        var stepTimes: [Double] = []
        var productTimes: [Double] = []
        let rounds = flops < 1e9 ? 300 : flops < 3e10 ? 25 : 11
        for round in 0..<(rounds + 2) {
            let a = Timing.once(step)
            let b = Timing.once(products)
            if round >= 2 {
                stepTimes.append(a)
                productTimes.append(b)
            }
        }
        return (Timing(stepTimes), Timing(productTimes))
    }

    /// The products of a step at their shapes, on memory of the same sizes.
    private static func products<S: Scalar>(_ model: Model, _ rows: Int, _ w: ParameterVector<S>) -> () -> Void {
        let weights = model.layout.entries.filter { $0.tensor.shape.count == 2 }
        let widest = weights.flatMap(\.tensor.shape).max() ?? 1
        let a = Matrix<S>(rows, widest)
        let b = Matrix<S>(rows, widest)
        let copy = ParameterVector<S>(model.layout)
        copy.assign(w)
        return {
            for (index, entry) in weights.enumerated() {
                let m = entry.tensor.shape[0]
                let k = entry.tensor.shape[1]
                let weight = copy.base + entry.offset
                S.gemm(.no, .yes, m: rows, n: m, k: k, alpha: 1, a.base, k, weight, k, beta: 0, b.base, m)
                if index > 0 {
                    S.gemm(.no, .no, m: rows, n: k, k: m, alpha: 1, a.base, m, weight, k, beta: 0, b.base, k)
                }
                S.gemm(.yes, .no, m: m, n: k, k: rows, alpha: 1e-30, a.base, m, b.base, k, beta: 1, weight, k)
            }
        }
    }
}
