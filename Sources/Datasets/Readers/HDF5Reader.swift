import HDF5
import LinearAlgebra

/// HDF5: one dataset of inputs and one of answers; `ntklab data import` writes /x and /y.
public struct HDF5Reader: Sendable {
    public let path: String
    public let inputs: String
    public let answers: String
    public let kind: AnswerKind?
    /// Whether the axes of both are reversed, as MATLAB stores arrays.
    public let isTransposed: Bool

    public init(
        path: String, inputs: String = "/x", answers: String = "/y", as kind: AnswerKind? = nil,
        isTransposed: Bool = false
    ) {
        self.path = path
        self.inputs = inputs
        self.answers = answers
        self.kind = kind
        self.isTransposed = isTransposed
    }

    /// - Throws: `DatasetError` or `HDF5Error` for a damaged file, or datasets that do not belong together.
    public func read() throws -> RawSamples {
        guard try FileDigest.verify(path) != .damaged else {
            throw DatasetError("\(path): is damaged: its bytes differ from the digest it was written with")
        }
        let file = try HDF5File(reading: path)
        let x = try array(inputs, of: file)
        let y = try array(answers, of: file)
        // MATLAB marks each of its arrays.
        let isReversed = try file.hasAttribute("MATLAB_class", of: inputs) && !isTransposed
        let advice = "\(path): is MATLAB's, which stores axes in reverse: data.transpose: true turns them around"
        do {
            var samples = try NumericArray.samples(inputs: x, answers: y, as: kind, path)
            if isReversed { samples.remarks.append(.warning(advice)) }
            return samples
        } catch let error as DatasetError where isReversed {
            throw DatasetError("\(error)\n\(advice)")
        }
    }

    private func array(_ name: String, of file: HDF5File) throws -> NumericArray {
        let description = try file.describe(name)
        // As the library reads it, as a matrix, and turned around.
        let found = try file.read(name, as: Double.self, limit: Memory.limit / (isTransposed ? 32 : 24))
        let array = NumericArray(
            shape: found.shape, values: Matrix(1, found.values.count, found.values), typeName: description.typeName,
            isInteger: description.kind == .integer)
        return isTransposed ? array.transposed : array
    }
}
