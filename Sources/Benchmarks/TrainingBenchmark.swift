import Execution
import Foundation
import LinearAlgebra
import Networks
import Sampling
import Training

/// Times training steps beside the bare products of the same shapes, in one process.
package enum TrainingBenchmark {
    /// A network and batch to time; the loss is the mean squared error.
    package struct Case: Sendable {
        package var network: BenchmarkNetwork.Kind
        package var batch: Int
        package var width: Int
        package var depth: Int
        /// Coordinates of an MLP's inputs.
        package var inputs: Int
        package var outputs: Int
        package var precision: Precision

        package init(
            network: BenchmarkNetwork.Kind = .mlp, batch: Int, width: Int, depth: Int, inputs: Int = 256,
            outputs: Int = 10,
            precision: Precision
        ) {
            self.network = network
            self.batch = batch
            self.width = width
            self.depth = depth
            self.inputs = network == .mlp ? inputs : BenchmarkNetwork.image.reduce(1, *)
            self.outputs = outputs
            self.precision = precision
        }

        /// The sizes at which the peers were measured.
        package static var standard: [Case] {
            let sizes: [(BenchmarkNetwork.Kind, Int, Int, Int)] = [
                (.mlp, 128, 2048, 3), (.mlp, 1024, 1024, 5), (.mlp, 128, 4096, 4), (.mlp, 32, 256, 3),
                (.cnn, 64, 64, 3), (.cnn, 64, 256, 3), (.resnet, 64, 64, 4),
            ]
            return Precision.allCases.flatMap { precision in
                sizes.map { Case(network: $0.0, batch: $0.1, width: $0.2, depth: $0.3, precision: precision) }
            }
        }

        package func model() throws -> Model {
            try BenchmarkNetwork(kind: network, width: width, depth: depth, inputs: inputs, outputs: outputs).model()
        }
    }

    /// One line of the table, one object of the JSON.
    package struct Row: Encodable, Sendable {
        package let network: String
        package let batch: Int
        package let width: Int
        package let depth: Int
        package let inputs: Int
        package let outputs: Int
        package let precision: String
        package let threads: Int
        package let blasCore: String
        package let medianSeconds: Double
        package let leastSeconds: Double
        package let runs: Int
        package let gflops: Double
        /// The step's rate over that of bare products, interleaved with it: the step's own for an MLP, square
        /// ones for the others, whose convolutions are not done by products of matrices.
        package let gemmShare: Double
        package let gemmGflops: Double
        /// The most memory of the process up to and in its first steps, and what it held before.
        package let peakMemoryBytes: Int
        package let idleMemoryBytes: Int
        /// What parameters, activations, cotangents and data take.
        package let neededBytes: Int
    }

    package static func run(_ c: Case) throws -> Row {
        try measure(c, c.precision.scalar)
    }

    /// Parameters, activations, cotangents and data of a case.
    package static func neededBytes(_ c: Case) throws -> Double {
        let model = try c.model()
        let samples = model.workspaceCount(rows: 1) + model.inputCount + model.outputCount
        return Double(c.precision.byteCount) * (Double(model.layout.count) + Double(c.batch) * Double(samples))
    }

    private static func measure<S: Scalar>(_ c: Case, _ type: S.Type) throws -> Row {
        ProcessMemory.resetPeak()
        let idle = ProcessMemory.now
        let model = try c.model()
        let stream = RandomStream(seed: 0, "bench")
        let x = MatrixBuffer<S>(c.batch, c.inputs)
        let y = MatrixBuffer<S>(c.batch, c.outputs)
        stream.fillNormal(x.base, count: x.count, standardDeviation: 1)
        stream.fillNormal(y.base, count: y.count, standardDeviation: 1)
        let w = ParameterVector<S>(model.layout, initializedFrom: 0)
        let descent = Descent(TrainedFunction(Workspace<S>(model, rows: c.batch)), w, Objective(.squared, .mean))
        let step = { _ = descent.step(x.base, y.base, rows: c.batch, learningRate: 1e-4, scale: 1 / Double(c.batch)) }
        step()
        step()
        let peak = ProcessMemory.peak
        let flops = model.stepFlops(rows: c.batch)
        let yardstick = c.network == .mlp ? products(model, c.batch, w) : SquareProduct.run(S.self)
        let yardstickFlops = c.network == .mlp ? flops : SquareProduct.flops
        let (steps, products) = Timing.interleaved(step, yardstick, flops)
        return Row(
            network: c.network.rawValue, batch: c.batch, width: c.width, depth: c.depth, inputs: c.inputs,
            outputs: c.outputs,
            precision: S.precision.rawValue, threads: BLAS.threadCount, blasCore: BLAS.core,
            medianSeconds: steps.median, leastSeconds: steps.least, runs: steps.runs,
            gflops: flops / steps.median / 1e9,
            gemmShare: flops / steps.median / (yardstickFlops / products.median),
            gemmGflops: yardstickFlops / products.median / 1e9, peakMemoryBytes: peak, idleMemoryBytes: idle,
            neededBytes: Int(try neededBytes(c))
        )
    }

    /// The products of a step at their shapes, on memory of the same sizes.
    private static func products<S: Scalar>(_ model: Model, _ rows: Int, _ w: ParameterVector<S>) -> () -> Void {
        let weights = model.layout.entries.filter { $0.tensor.shape.count == 2 }
        let widest = weights.flatMap(\.tensor.shape).max() ?? 1
        let a = MatrixBuffer<S>(rows, widest)
        let b = MatrixBuffer<S>(rows, widest)
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
