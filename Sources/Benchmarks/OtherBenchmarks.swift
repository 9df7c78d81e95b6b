import Files
import Foundation
import LinearAlgebra
import Networks
import Runs
import Sampling

/// The rate of square products: the machine's limit as this program sees it.
package enum GEMMBenchmark {
    package struct Row: Encodable, Sendable {
        package let size: Int
        package let precision: String
        package let threads: Int
        package let blasCore: String
        package let medianSeconds: Double
        package let gflops: Double
        package let bestGflops: Double
    }

    package static func run(size: Int, precision: Precision) -> Row {
        measure(size, precision.scalar)
    }

    private static func measure<S: Scalar>(_ n: Int, _ type: S.Type) -> Row {
        let stream = RandomStream(seed: 0, "bench")
        let a = MatrixBuffer<S>(n, n)
        let b = MatrixBuffer<S>(n, n)
        let c = MatrixBuffer<S>(n, n)
        stream.fillNormal(a.base, count: a.count, standardDeviation: 1)
        stream.fillNormal(b.base, count: b.count, standardDeviation: 1)
        let timing = Timing { MatrixBuffer.product(a, .no, b, .no, into: c) }
        let flops = 2 * Double(n) * Double(n) * Double(n)
        return Row(
            size: n, precision: S.precision.rawValue, threads: BLAS.threadCount, blasCore: BLAS.core,
            medianSeconds: timing.median, gflops: flops / timing.median / 1e9, bestGflops: flops / timing.least / 1e9)
    }
}

/// Writing and reading a checkpoint beside a plain sequential write of as many bytes.
package enum CheckpointBenchmark {
    package struct Row: Encodable, Sendable {
        package let parameters: Int
        package let megabytes: Double
        /// Medians, with fsync and the rename.
        package let writeSeconds: Double
        package let plainWriteSeconds: Double
        package let readSeconds: Double
        package let writeMegabytesPerSecond: Double
        /// Rate of the checkpoint over that of the plain write.
        package let shareOfDisk: Double
    }

    package static func run(parameters: Int, folder: String) throws -> Row {
        let width = max(Int(Double(parameters / 10).squareRoot()), 1)
        let layout = ParameterLayout(
            (0..<10).map {
                Tensor(
                    layer: "W\($0)", role: "weight", shape: [width, width], axes: "out,in", isTrained: true,
                    standardDeviation: 1)
            })
        let w = ParameterVector<Float>(layout, initializedFrom: 0)
        let bytes = 4 * layout.count
        let checkpoint = Checkpoint(
            step: 0, parameters: w, state: [], learningRate: 1, lastLoss: 1, history: MetricHistory(),
            initialDigest: "")
        let header = FileHeader(
            configText: "", seed: 0, precision: .float32, dataDigest: "", environment: RunRecord.Environment())
        let path = "\(folder)/ntklab-bench-\(getpid()).h5"
        let plain = path + ".plain"
        defer {
            unlink(path)
            unlink(plain)
        }
        var writes: [Double] = []
        var plains: [Double] = []
        var reads: [Double] = []
        for round in 0..<6 {
            let b = try Timing.once { try plainWrite(w.base, bytes, plain) }
            let a = try Timing.once { try checkpoint.write(to: path, header) }
            let c = try Timing.once {
                _ = try Checkpoint<Float>(reading: path, layout: layout, state: [], dataDigest: "")
            }
            guard round > 0 else { continue }
            writes.append(a)
            plains.append(b)
            reads.append(c)
        }
        let write = Timing(writes).median
        let disk = Timing(plains).median
        let megabytes = Double(bytes) / 1e6
        return Row(
            parameters: layout.count, megabytes: megabytes, writeSeconds: write, plainWriteSeconds: disk,
            readSeconds: Timing(reads).median, writeMegabytesPerSecond: megabytes / write, shareOfDisk: disk / write)
    }

    private static func plainWrite(_ memory: UnsafeRawPointer, _ bytes: Int, _ path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw LabError(system: path) }
        defer { close(file) }
        var done = 0
        while done < bytes {
            let wrote = write(file, memory + done, min(bytes - done, 8 << 20))
            guard wrote > 0 else { throw LabError(system: path) }
            done += wrote
        }
        guard fsync(file) == 0 else { throw LabError(system: path) }
    }
}
