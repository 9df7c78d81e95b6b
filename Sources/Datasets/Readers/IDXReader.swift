import LinearAlgebra

/// IDX, the format of MNIST: big-endian, plain or gzipped, images and labels in two files.
///
/// Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "The IDX file format".
package struct IDXReader: Sendable {
    package let images: String
    package let labels: String
    package let kind: TargetKind?

    package init(images: String, labels: String, as kind: TargetKind? = nil) {
        self.images = images
        self.labels = labels
        self.kind = kind
    }

    /// - Throws: `DatasetError` for damaged files, or files that do not belong together.
    package func read() throws -> RawSamples {
        let x = try Self.array(images)
        let y = try Self.array(labels)
        let isGray = x.shape.count == 3
        let inputs =
            isGray
            ? NumericArray(shape: x.shape + [1], values: x.values, typeName: x.typeName, isInteger: x.isInteger) : x
        return try NumericArray.samples(inputs: inputs, targets: y, as: kind, "\(images) and \(labels)")
    }

    /// Images of bytes, [n, height, width], which become numbers when they are chosen.
    package func readImages() throws -> ImageBytes {
        let x = try Self.content(images)
        guard x.type.name == "uint8", x.shape.count == 3, x.shape[0] > 0 else {
            throw DatasetError(
                "\(images): expected bytes of shape [n, height, width], found \(x.shape) of \(x.type.name)")
        }
        let y = try Self.content(labels)
        guard y.type.name == "uint8", y.shape == [x.shape[0]] else {
            throw DatasetError(
                "\(labels): expected \(x.shape[0]) labels of one byte, found \(y.shape) of \(y.type.name)")
        }
        let shape = [x.shape[1], x.shape[2], 1]
        return ImageBytes(bytes: x.bytes, strides: .interleaved(shape), shape: shape, classes: y.bytes.map(Int.init))
    }

    static func array(_ path: String) throws -> NumericArray {
        let found = try content(path)
        try NumericArray.checkRoom(found.shape, size: found.type.size, path)
        return NumericArray(
            shape: found.shape, values: found.bytes.withUnsafeBytes(found.type.decode), typeName: found.type.name,
            isInteger: found.type.isInteger)
    }

    private static func content(_ path: String) throws -> (shape: [Int], type: ElementType, bytes: [UInt8]) {
        let file = try FileBytes(path)
        let magic = try file.bytes(4, "the magic number")
        guard magic[0] == 0, magic[1] == 0, let type = types[magic[2]], (1...8).contains(magic[3]) else {
            throw DatasetError("\(path): is not an IDX file: it begins with \(magic)")
        }
        let axes = try file.bytes(4 * Int(magic[3]), "axis lengths")
        let shape = stride(from: 0, to: axes.count, by: 4).map { at in
            axes[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        guard let count = NumericArray.count(shape), Memory.holds(Double(count), bytesEach: type.size) else {
            throw DatasetError("\(path): claims the shape \(shape), which this machine does not hold")
        }
        let bytes = try file.bytes(count * type.size, "values for shape \(shape)")
        guard try file.next(1) == nil else {
            throw DatasetError("\(path): holds more bytes than its shape \(shape) says")
        }
        return (shape, type, bytes)
    }

    private struct ElementType: Sendable {
        let name: String
        let size: Int
        var isInteger = true
        let decode: @Sendable (UnsafeRawBufferPointer) -> MatrixBuffer<Double>
    }

    private static let types: [UInt8: ElementType] = [
        0x08: ElementType(name: "uint8", size: 1) { NumericArray.decode($0, UInt8.self) { Double($0) } },
        0x09: ElementType(name: "int8", size: 1) { NumericArray.decode($0, Int8.self) { Double($0) } },
        0x0B: ElementType(name: "int16", size: 2) {
            NumericArray.decode($0, Int16.self) { Double(Int16(bigEndian: $0)) }
        },
        0x0C: ElementType(name: "int32", size: 4) {
            NumericArray.decode($0, Int32.self) { Double(Int32(bigEndian: $0)) }
        },
        0x0D: ElementType(name: "float32", size: 4, isInteger: false) {
            NumericArray.decode($0, UInt32.self) { Double(Float(bitPattern: UInt32(bigEndian: $0))) }
        },
        0x0E: ElementType(name: "float64", size: 8, isInteger: false) {
            NumericArray.decode($0, UInt64.self) { Double(bitPattern: UInt64(bigEndian: $0)) }
        },
    ]
}
