import HDF5
import LinearAlgebra

/// An array of numbers as a file holds it: shape and values in float64, in row-major order.
struct NumericArray {
    let shape: [Int]
    let values: [Double]

    /// Samples of inputs [n, …] and answers: [n] integer labels, or [n, K] targets.
    static func samples(inputs: NumericArray, answers: NumericArray, _ path: String) throws -> RawSamples {
        guard inputs.shape.count >= 2, let count = inputs.shape.first, inputs.shape.allSatisfy({ $0 > 0 }) else {
            throw DatasetError("\(path): expected inputs of shape [samples, …], found \(inputs.shape)")
        }
        guard answers.shape.first == count, answers.shape.count <= 2 else {
            throw DatasetError(
                "\(path): expected answers of shape [\(count)] or [\(count), K], found \(answers.shape)")
        }
        if let bad = answers.values.firstIndex(where: { !$0.isFinite }) {
            throw DatasetError(
                "\(path): answer \(bad) (in memory order) is \(answers.values[bad]), expected a finite number")
        }
        guard let bad = (inputs.values.firstIndex { !$0.isFinite }) else {
            let width = inputs.values.count / count
            let x = Matrix<Double>(count, width, inputs.values)
            let y: RawSamples.Answers =
                answers.shape.count == 1
                ? .labels(try integerLabels(answers.values, path))
                : .targets(Matrix(count, answers.shape[1], answers.values))
            return RawSamples(inputs: x, shape: Array(inputs.shape.dropFirst()), answers: y)
        }
        throw DatasetError("\(path): input \(bad) (in memory order) is \(inputs.values[bad]), expected a finite number")
    }

    /// The product of a shape that a file claims; nil where it overflows or an axis is negative.
    static func count(_ shape: [Int]) -> Int? {
        var count = 1
        for axis in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: axis)
            guard !overflow, axis >= 0 else { return nil }
            count = product
        }
        return count
    }

    /// Numbers of a fixed byte size, decoded one by one.
    static func decode<T: BitwiseCopyable>(
        _ bytes: some RandomAccessCollection<UInt8>, _ type: T.Type, _ convert: (T) -> Double
    ) -> [Double] {
        Array(bytes).withUnsafeBytes { raw in
            let size = MemoryLayout<T>.size
            return (0..<(raw.count / size)).map { convert(raw.loadUnaligned(fromByteOffset: $0 * size, as: T.self)) }
        }
    }
}

/// HDF5: one dataset of inputs and one of answers; `ntklab data import` writes /x and /y.
public struct HDF5Reader: Sendable {
    public let path: String
    public let inputs: String
    public let answers: String

    public init(path: String, inputs: String = "/x", answers: String = "/y") {
        self.path = path
        self.inputs = inputs
        self.answers = answers
    }

    public func read() throws -> RawSamples {
        guard try FileDigest.verify(path) != .damaged else {
            throw DatasetError("\(path): is damaged: its bytes differ from the digest it was written with")
        }
        let file = try HDF5File(reading: path)
        func array(_ name: String) throws -> NumericArray {
            let found = try file.read(name, as: Double.self, limit: Memory.physical / 32)
            return NumericArray(shape: found.shape, values: found.values)
        }
        return try NumericArray.samples(inputs: array(inputs), answers: array(answers), path)
    }
}
