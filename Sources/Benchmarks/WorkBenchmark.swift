import LinearAlgebra
import Sampling
import Statistics

/// Times each kind of work of a training step beside the multiply-adds that the processor can do, in one process.
package enum WorkBenchmark {
    /// One line of the table, one object of the JSON.
    package struct Row: Encodable, Sendable {
        package let work: String
        package let precision: String
        package let threads: Int
        package let blasCore: String
        package let vectorWidth: String
        package let medianSeconds: Double
        package let leastSeconds: Double
        /// Multiplications and additions that are done: of 3x3 convolutions 4/9 of those of the definition.
        package let flops: Double
        /// Bytes of the operands and results, each counted once.
        package let bytes: Double
        /// The least times compared: flops a second over those of multiply-adds in the first-level cache.
        package let peakShare: Double
        package let peakGflops: Double
    }

    private struct Work {
        let name: String
        let flops: Double
        let bytes: Double
        let run: () -> Void
    }

    package static func run(_ precision: Precision) -> [Row] {
        rows(precision.scalar)
    }

    private static func rows<S: Scalar>(_ type: S.Type) -> [Row] {
        let shapes = [(64, 32, 3, 64), (64, 32, 64, 64), (64, 16, 128, 128), (64, 32, 256, 256)]
        let products = [(128, 2048), (32, 256)].flatMap { product(type, rows: $0.0, width: $0.1) }
        let work = products + shapes.flatMap { convolution(type, batch: $0.0, side: $0.1, $0.2, to: $0.3) }
        return (work + elementwise(type)).map(measure(type))
    }

    private static func measure<S: Scalar>(_ type: S.Type) -> (Work) -> Row {
        { work in
            let pieces = 2 * BLAS.threadCount
            var peakFlops = 0.0
            let (times, peak) = Timing.interleaved(
                work.run, { peakFlops = S.multiplyAdds(pieces: pieces) }, max(work.flops, work.bytes))
            let rate = peakFlops / peak.least
            return Row(
                work: work.name, precision: S.precision.rawValue, threads: BLAS.threadCount, blasCore: BLAS.core,
                vectorWidth: BLAS.vectorWidth.rawValue, medianSeconds: times.median, leastSeconds: times.least,
                flops: work.flops, bytes: work.bytes, peakShare: work.flops / times.least / rate,
                peakGflops: rate / 1e9)
        }
    }

    private static func random<S: Scalar>(_ count: Int) -> MatrixBuffer<S> {
        let result = MatrixBuffer<S>(1, count)
        RandomStream(seed: 0, "bench").fillNormal(result.base, count: count, standardDeviation: 1e-2)
        return result
    }

    /// The three products of a dense layer.
    private static func product<S: Scalar>(_ type: S.Type, rows n: Int, width m: Int) -> [Work] {
        let (x, y, w): (MatrixBuffer<S>, MatrixBuffer<S>, MatrixBuffer<S>) = (
            random(n * m), random(n * m), random(m * m)
        )
        let flops = 2 * Double(n) * Double(m * m)
        let bytes = Double((2 * n * m + m * m) * MemoryLayout<S>.stride)
        let title = "dense \(n)x\(m)"
        return [
            Work(name: title + " forward", flops: flops, bytes: bytes) {
                S.gemm(
                    .no, .yes, m: n, n: m, k: m, alpha: 1, x.base, m, w.base, m, beta: 0, y.base, m, slope: 0,
                    where: nil)
            },
            Work(name: title + " input gradient", flops: flops, bytes: bytes) {
                S.gemm(
                    .no, .no, m: n, n: m, k: m, alpha: 1, y.base, m, w.base, m, beta: 0, x.base, m, slope: 0,
                    where: y.base)
            },
            Work(name: title + " weight update", flops: flops, bytes: bytes) {
                S.gemm(.yes, .no, m: m, n: m, k: n, alpha: 1e-9, y.base, m, x.base, m, beta: 1, w.base, m)
            },
        ]
    }

    /// The three maps of a 3x3 convolution.
    private static func convolution<S: Scalar>(
        _ type: S.Type, batch: Int, side: Int, _ inputs: Int, to outputs: Int
    ) -> [Work] {
        let shape = WindowShape(
            height: side, width: side, channels: inputs, outputChannels: outputs, kernel: WindowShape.Sides(3, 3),
            stride: WindowShape.Sides(1, 1), padding: WindowShape.Padding(top: 1, bottom: 1, left: 1, right: 1))
        let pixels = batch * side * side
        let (x, y): (MatrixBuffer<S>, MatrixBuffer<S>) = (random(pixels * inputs), random(pixels * outputs))
        let w: MatrixBuffer<S> = random(outputs * 9 * inputs)
        let isPicture = inputs == 3
        let flops = 2 * Double(pixels * outputs) * Double(inputs) * (isPicture ? 9 : 4)
        let bytes = Double((x.count + y.count + w.count) * MemoryLayout<S>.stride)
        let title = "conv \(batch)x\(side)x\(side), \(inputs) to \(outputs)"
        let forward = Work(name: title + " forward", flops: flops, bytes: bytes) {
            S.convolution(shape, batch: batch, alpha: 1, x.base, w.base, beta: 0, y.base, slope: 0)
        }
        let input = Work(name: title + " input gradient", flops: flops, bytes: bytes) {
            S.convolutionInputGradient(
                shape, batch: batch, alpha: 1, y.base, w.base, beta: 0, x.base, slope: 0, where: x.base)
        }
        let weight = Work(name: title + " weight update", flops: flops, bytes: bytes) {
            S.convolutionWeightGradient(shape, batch: batch, alpha: 1e-9, y.base, x.base, beta: 1, w.base)
        }
        // Nothing asks for the gradient of pictures.
        return isPicture ? [forward, weight] : [forward, input, weight]
    }

    /// What is not taken along by a product: bound by memory.
    private static func elementwise<S: Scalar>(_ type: S.Type) -> [Work] {
        let count = 1 << 22
        let (x, y): (MatrixBuffer<S>, MatrixBuffer<S>) = (random(count), random(count))
        let size = Double(count * MemoryLayout<S>.stride)
        return [
            Work(name: "ReLU of 4 M", flops: Double(count), bytes: 2 * size) { S.rectify(count, 0, x.base, y.base) },
            Work(name: "y + a x of 4 M", flops: 2 * Double(count), bytes: 3 * size) {
                S.axpy(count, 1e-9, x.base, y.base)
            },
        ]
    }
}
