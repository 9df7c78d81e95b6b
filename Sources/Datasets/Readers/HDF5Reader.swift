import HDF5
import LinearAlgebra

/// HDF5: one dataset of inputs and one of targets; `ntklab data import` writes /x and /y.
package struct HDF5Reader: Sendable {
    package let path: String
    package let inputs: String
    package let targets: String
    package let kind: TargetKind?
    /// Whether the axes of both are reversed, as MATLAB stores arrays.
    package let isTransposed: Bool

    package init(
        path: String, inputs: String = "/x", targets: String = "/y", as kind: TargetKind? = nil,
        isTransposed: Bool = false
    ) {
        self.path = path
        self.inputs = inputs
        self.targets = targets
        self.kind = kind
        self.isTransposed = isTransposed
    }

    /// - Throws: `DatasetError` or `HDF5Error` for a damaged file, or datasets that do not belong together.
    package func read() throws -> RawSamples {
        guard try FileDigest.verify(path) != .damaged else {
            throw DatasetError("\(path): is damaged: its bytes differ from the digest it was written with")
        }
        let file = try HDF5File(reading: path)
        let x = try array(inputs, of: file)
        let y = try array(targets, of: file)
        // MATLAB marks each of its arrays.
        let isReversed = try file.hasAttribute("MATLAB_class", of: inputs) && !isTransposed
        let advice = "\(path): is MATLAB's, which stores axes in reverse: data.transpose: true turns them around"
        do {
            var samples = try NumericArray.samples(inputs: x, targets: y, as: kind, path)
            if isReversed { samples.remarks.append(.warning(advice)) }
            return samples
        } catch let error as DatasetError where isReversed {
            throw DatasetError("\(error)\n\(advice)")
        } catch let error as DatasetError where !isTransposed && x.shape.last == y.shape.last && x.rows != y.rows {
            throw DatasetError("\(error); data.transpose: true reverses the axes, as Julia and MATLAB write them")
        }
    }

    private func array(_ name: String, of file: HDF5File) throws -> NumericArray {
        for attribute in ["scale_factor", "add_offset", "MATLAB_empty"] where try file.hasAttribute(attribute, of: name)
        {
            throw DatasetError(
                "\(path): \(name): has the attribute \(attribute): its numbers are not the values they stand for; save these "
                    + "(xarray decodes what netCDF packs)")
        }
        guard try file.string("MATLAB_class", of: name) != "char" else {
            throw DatasetError("\(path): \(name): expected numbers, found text of MATLAB's")
        }
        let description = try file.describe(name)
        guard NumericArray.count(description.shape) != nil else {
            throw DatasetError("\(path): \(name): claims the shape \(description.shape), which no machine holds")
        }
        var bound = UnpackingBound(packed: description.storedBytes)
        try bound.add(description.unpackedBytes, "\(path): \(name)")
        // As the library reads it, as a matrix, and turned around.
        let found = try file.read(name, as: Double.self, limit: Memory.limit / (isTransposed ? 32 : 24))
        if let missing = try file.number("_FillValue", of: name), found.values.contains(missing) {
            throw DatasetError("\(path): \(name): holds its _FillValue, \(missing), where values are missing")
        }
        let array = NumericArray(
            shape: found.shape, values: MatrixBuffer(1, found.values.count, found.values),
            typeName: description.typeName,
            isInteger: description.kind == .integer)
        return isTransposed ? array.transposed : array
    }
}
