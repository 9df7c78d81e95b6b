import LinearAlgebra

/// IDX, the format of MNIST: big-endian, plain or gzipped, images and labels in two files.
///
/// Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "The IDX file format".
public struct IDXReader: Sendable {
    public let images: String
    public let labels: String

    public init(images: String, labels: String) {
        self.images = images
        self.labels = labels
    }

    public func read() throws -> RawSamples {
        let x = try Self.array(images)
        let y = try Self.array(labels)
        guard y.shape.count == 1 else {
            throw DatasetError("\(labels): expected one axis of labels, found shape \(y.shape)")
        }
        let isGray = x.shape.count == 3
        let inputs = isGray ? NumericArray(shape: x.shape + [1], values: x.values) : x
        return try NumericArray.samples(inputs: inputs, answers: y, "\(images) and \(labels)")
    }

    /// Images of bytes, [n, height, width], which become numbers when they are chosen.
    public func readImages() throws -> ImageBytes {
        let x = try Self.content(images)
        guard x.type == 0x08, x.shape.count == 3, x.shape[0] > 0 else {
            throw DatasetError(
                "\(images): expected bytes of shape [n, height, width], found \(x.shape) of type \(x.type)")
        }
        let y = try Self.content(labels)
        guard y.type == 0x08, y.shape == [x.shape[0]] else {
            throw DatasetError(
                "\(labels): expected \(x.shape[0]) labels of one byte, found \(y.shape) of type \(y.type)")
        }
        let shape = [x.shape[1], x.shape[2], 1]
        return ImageBytes(bytes: x.bytes, strides: .interleaved(shape), shape: shape, classes: y.bytes.map(Int.init))
    }

    static func array(_ path: String) throws -> NumericArray {
        let found = try content(path)
        return NumericArray(shape: found.shape, values: types[found.type]?.decode(found.bytes) ?? [])
    }

    private static func content(_ path: String) throws -> (shape: [Int], type: UInt8, bytes: [UInt8]) {
        let file = try FileBytes(path)
        let magic = try file.bytes(4, "the magic number")
        guard magic[0] == 0, magic[1] == 0, let type = types[magic[2]], (1...8).contains(magic[3]) else {
            throw DatasetError("\(path): is not an IDX file: it begins with \(magic)")
        }
        let axes = try file.bytes(4 * Int(magic[3]), "axis lengths")
        let shape = NumericArray.decode(axes, UInt32.self) { Double(UInt32(bigEndian: $0)) }.map { Int($0) }
        guard let count = NumericArray.count(shape), Memory.holds(Double(count), bytesEach: 2 * type.size) else {
            throw DatasetError("\(path): claims the shape \(shape), which this machine does not hold")
        }
        let bytes = try file.bytes(count * type.size, "values for shape \(shape)")
        guard try file.next(1) == nil else {
            throw DatasetError("\(path): holds more bytes than its shape \(shape) says")
        }
        return (shape, magic[2], bytes)
    }

    private struct ElementType {
        let size: Int
        let decode: @Sendable ([UInt8]) -> [Double]
    }

    private static let types: [UInt8: ElementType] = [
        0x08: ElementType(size: 1) { $0.map(Double.init) },
        0x09: ElementType(size: 1) { $0.map { Double(Int8(bitPattern: $0)) } },
        0x0B: ElementType(size: 2) { NumericArray.decode($0, Int16.self) { Double(Int16(bigEndian: $0)) } },
        0x0C: ElementType(size: 4) { NumericArray.decode($0, Int32.self) { Double(Int32(bigEndian: $0)) } },
        0x0D: ElementType(size: 4) {
            NumericArray.decode($0, UInt32.self) { Double(Float(bitPattern: UInt32(bigEndian: $0))) }
        },
        0x0E: ElementType(size: 8) {
            NumericArray.decode($0, UInt64.self) { Double(bitPattern: UInt64(bigEndian: $0)) }
        },
    ]
}
