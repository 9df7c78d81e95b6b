import LinearAlgebra

/// An array of numbers as a file holds it: shape and values in float64, in row-major order.
package struct NumericArray {
    package let shape: [Int]
    /// [first axis, all others].
    package let values: MatrixBuffer<Double>
    /// The element type as the file's format calls it, and whether it holds integers or booleans.
    let typeName: String
    let isInteger: Bool

    var rows: Int { values.rows }
    var columns: Int { values.columns }

    /// Takes the values over; `shape` has their number.
    init(shape: [Int], values: MatrixBuffer<Double>, typeName: String, isInteger: Bool) {
        self.shape = shape
        let rows = shape.first ?? 1
        self.values = MatrixBuffer(reshaping: values, rows, shape.dropFirst().reduce(1, *))
        self.typeName = typeName
        self.isInteger = isInteger
    }

    /// The same with its axes in reverse order, as MATLAB's arrays lie in HDF5 files.
    var transposed: NumericArray {
        guard shape.count > 1 else { return self }
        let out = MatrixBuffer<Double>(1, values.count)
        let newShape = Array(shape.reversed())
        // How far apart neighbors along each new axis lie now.
        let strides = shape.indices.reversed().map { shape[($0 + 1)...].reduce(1, *) }
        var place = [Int](repeating: 0, count: newShape.count)
        var from = 0
        for to in 0..<values.count {
            out.base[to] = values.base[from]
            for axis in newShape.indices.reversed() {
                place[axis] += 1
                from += strides[axis]
                guard place[axis] == newShape[axis] else { break }
                from -= newShape[axis] * strides[axis]
                place[axis] = 0
            }
        }
        return NumericArray(shape: newShape, values: out, typeName: typeName, isInteger: isInteger)
    }

    /// Samples of inputs [n, …] and targets: labels [n] or [n, 1], one-hot rows, or targets [n, K].
    static func samples(
        inputs: NumericArray, targets: NumericArray, as kind: TargetKind?, _ path: String
    ) throws -> RawSamples {
        guard inputs.shape.count >= 2, let count = inputs.shape.first, inputs.shape.allSatisfy({ $0 > 0 }) else {
            throw DatasetError("\(path): expected inputs of shape [samples, …], found \(inputs.shape)")
        }
        guard targets.shape.first == count, targets.shape.count <= 2, targets.columns > 0 else {
            throw DatasetError(
                "\(path): expected answers of shape [\(count)] or [\(count), K], found \(targets.shape)")
        }
        for (what, array) in [("input", inputs), ("answer", targets)] {
            let values = UnsafeBufferPointer(start: array.values.base, count: array.values.count)
            guard let bad = values.firstIndex(where: { !$0.isFinite }) else { continue }
            throw DatasetError(
                "\(path): \(what) \(bad) (in memory order) is \(values[bad]), expected a finite number")
        }
        let (known, remark) = try targets.targets(as: kind, path)
        return RawSamples(
            inputs: inputs.values, shape: Array(inputs.shape.dropFirst()), targets: known, remarks: [remark])
    }

    /// The product of a shape that a file claims; nil where it overflows, in whatever order, or an axis is negative.
    static func count(_ shape: [Int]) -> Int? {
        var count = 1
        for axis in shape where axis != 0 {
            let (product, overflow) = count.multipliedReportingOverflow(by: axis)
            guard !overflow, axis > 0 else { return nil }
            count = product
        }
        return shape.contains(0) ? 0 : count
    }

    /// Numbers of a fixed byte size, decoded one by one into memory that is theirs.
    static func decode<T: BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ type: T.Type, _ convert: (T) -> Double
    ) -> MatrixBuffer<Double> {
        let size = MemoryLayout<T>.size
        let result = MatrixBuffer<Double>(1, bytes.count / size)
        for i in 0..<result.count {
            result.base[i] = convert(bytes.loadUnaligned(fromByteOffset: i * size, as: T.self))
        }
        return result
    }

    /// Decoding holds the file's bytes and the numbers at once. Asked once the bytes are there, so that a shape that a
    /// file merely claims is called cut off.
    /// - Throws: `DatasetError` where there is no room for both.
    static func checkRoom(_ shape: [Int], size: Int, _ path: String) throws {
        guard Memory.holds(Double(shape.reduce(1, *)), bytesEach: size + 8) else {
            throw DatasetError(
                "\(path): \(shape.reduce(1, *)) numbers do not fit into the \(Memory.limit / 1_000_000) MB that this process may hold"
            )
        }
    }
}
