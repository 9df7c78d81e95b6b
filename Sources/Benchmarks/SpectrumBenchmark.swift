import Execution
import Landscape
import LinearAlgebra
import Networks
import Sampling

/// Times Lanczos on the Hessian of a squared loss, a product with it beside a gradient, and square products, in one process.
package enum SpectrumBenchmark {
    package struct Case: Sendable {
        package let network: BenchmarkNetwork.Kind
        package let samples: Int
        package let width: Int
        package let depth: Int
        package let inputs: Int
        package let classes: Int
        package let lanczosSteps: Int
        package let precision: Precision

        package init(
            network: BenchmarkNetwork.Kind, samples: Int, width: Int, depth: Int, inputs: Int = 256, classes: Int = 1,
            lanczosSteps: Int, precision: Precision
        ) {
            self.network = network
            self.samples = samples
            self.width = width
            self.depth = depth
            self.inputs = inputs
            self.classes = classes
            self.lanczosSteps = lanczosSteps
            self.precision = precision
        }

        package func model() throws -> Model {
            try BenchmarkNetwork(kind: network, width: width, depth: depth, inputs: inputs, outputs: classes).model()
        }

        /// Bytes of the process, the samples with all that a pass keeps, the Krylov vectors and six vectors beside them.
        package func neededBytes() throws -> Double {
            let model = try model()
            let row = LossSurface<Float>.count(model) + model.inputCount + classes
            let numbers = Double(samples) * Double(row) + Double(lanczosSteps + 7) * Double(model.layout.count)
            return Double(ProcessMemory.own) + Double(precision.byteCount) * numbers
        }
    }

    /// One line of the table, one object of the JSON.
    package struct Row: Encodable, Sendable {
        package let network: String
        package let samples: Int
        package let width: Int
        package let depth: Int
        package let classes: Int
        package let lanczosSteps: Int
        package let precision: String
        package let threads: Int
        package let blasCore: String
        /// All steps from the start, with the eigenvalues of T.
        package let medianSeconds: Double
        package let leastSeconds: Double
        package let runs: Int
        /// Least times of a product with H and of a gradient, and their ratio.
        package let productSeconds: Double
        package let gradientSeconds: Double
        package let productOverGradient: Double
        /// Flops of the products and of reorthogonalization over the median, and those of square products interleaved with it.
        package let gflops: Double
        package let gemmGflops: Double
        package let peakMemoryBytes: Int
        package let neededBytes: Int
        /// The largest eigenvalues, to compare with other programs on the same weights.
        package let top: [Double]
    }

    package static func run(_ c: Case) throws -> Row { try measure(c, c.precision.scalar) }

    private static func measure<S: Scalar>(_ c: Case, _ type: S.Type) throws -> Row {
        ProcessMemory.resetPeak()
        let model = try c.model()
        let (x, y) = (MatrixBuffer<S>(c.samples, model.inputCount), MatrixBuffer<S>(c.samples, c.classes))
        RandomStream(seed: 0, "bench/x").fillNormal(x.base, count: x.count, standardDeviation: 1)
        RandomStream(seed: 0, "bench/y").fillNormal(y.base, count: y.count, standardDeviation: 1)
        let function = TrainedFunction(Workspace<S>(model, rows: c.samples))
        let surface = LossSurface(function, Objective(.squared, .sum), x, y)
        let w = ParameterVector<S>(model.layout, initializedFrom: 0)
        surface.move(to: w)
        let a = CurvatureOperator(surface, .hessian)
        let start = MatrixBuffer<S>(1, a.dimension)
        RandomStream(seed: 0, "bench/start").fillNormal(start.base, count: a.dimension, standardDeviation: 1)
        var top: [Double] = []
        let solve = {
            surface.move(to: w)
            let lanczos = LanczosIteration(a, start: start.base, capacity: c.lanczosSteps)
            while lanczos.outcome == nil { lanczos.advance() }
            top = lanczos.ritz.suffix(10).reversed().map(\.value.value)
        }
        solve()
        let peak = ProcessMemory.peak
        let product = 2 * model.stepFlops(rows: c.samples)
        let steps = Double(c.lanczosSteps)
        let flops = steps * product + 2 * steps * steps * Double(a.dimension)
        let (times, squares) = Timing.interleaved(solve, SquareProduct.run(S.self), max(flops, 1e11))
        let (gradient, image) = (ParameterVector<S>(model.layout), MatrixBuffer<S>(1, a.dimension))
        // Gradients first: a product after one would have to make its passes again.
        let gradients = Timing(seconds: 1) { _ = surface.gradient(into: gradient) }
        let products = Timing(seconds: 1) { a.apply(start.base, image.base) }
        return Row(
            network: c.network.rawValue, samples: c.samples, width: c.width, depth: c.depth, classes: c.classes,
            lanczosSteps: c.lanczosSteps, precision: S.precision.rawValue, threads: BLAS.threadCount,
            blasCore: BLAS.core, medianSeconds: times.median, leastSeconds: times.least, runs: times.runs,
            productSeconds: products.least, gradientSeconds: gradients.least,
            productOverGradient: products.least / gradients.least, gflops: flops / times.median / 1e9,
            gemmGflops: SquareProduct.flops / squares.median / 1e9, peakMemoryBytes: peak,
            neededBytes: Int(try c.neededBytes()), top: top)
    }
}
