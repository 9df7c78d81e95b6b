import Files
import LinearAlgebra

/// One array in NumPy's format.
///
/// Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays".
struct NPYArray {
    let shape: [Int]
    private let type: ElementType
    private let count: Int
    private let path: String

    var typeName: String { type.name }
    /// Bytes of the values.
    var size: Int { count * type.size }

    /// Reads what stands before the values.
    init(_ source: some ByteSource, _ path: String) throws {
        let magic = try source.bytes(8, "the magic number")
        guard magic.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw DatasetError("\(path): is not an NPY file")
        }
        let lengthBytes = try source.bytes(magic[6] >= 2 ? 4 : 2, "the header's length")
        let length = lengthBytes.enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        guard length < 1 << 20 else { throw DatasetError("\(path): claims a header of \(length) bytes") }
        let header = String(decoding: try source.bytes(length, "the header"), as: UTF8.self)
        (type, shape) = try Self.parse(header, path)
        guard let count = NumericArray.count(shape), NumericArray.count([count, type.size]) != nil,
            Memory.holds(Double(count), bytesEach: type.size)
        else {
            throw DatasetError("\(path): claims the shape \(shape), which this machine does not hold")
        }
        self.count = count
        self.path = path
    }

    /// The values, which follow.
    func values(_ source: some ByteSource) throws -> NumericArray {
        let bytes = try source.bytes(size, "values for shape \(shape)")
        try NumericArray.checkRoom(shape, size: type.size, path)
        return NumericArray(
            shape: shape, values: bytes.withUnsafeBytes(type.decode), typeName: type.name, isInteger: type.isInteger)
    }

    /// The header is a Python dictionary of three keys.
    private static func parse(_ header: String, _ path: String) throws -> (ElementType, [Int]) {
        guard let order = header.firstMatch(of: /'fortran_order':\s*(True|False)/)?.1,
            let name = header.firstMatch(of: /'descr':\s*'([^']*)'/)?.1,
            let axes = header.firstMatch(of: /'shape':\s*\(([0-9, ]*)\)/)?.1
        else { throw DatasetError("\(path): has an NPY header that cannot be read: \(excerpt(header))") }
        guard order == "False" else {
            throw DatasetError("\(path): is in Fortran order; save it with numpy.ascontiguousarray first")
        }
        guard let type = types[String(name)] else {
            throw DatasetError(
                "\(path): expected one of \(types.keys.sorted().joined(separator: " ")), found element type "
                    + excerpt(String(name)))
        }
        let numbers = axes.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
        let shape = numbers.compactMap { Int($0) }
        guard shape.count == numbers.count, shape.count <= 32 else {
            throw DatasetError("\(path): has a shape that cannot be read: \(excerpt(String(axes)))")
        }
        return (type, shape)
    }

    private struct ElementType {
        let name: String
        let size: Int
        let isInteger: Bool
        let decode: @Sendable (UnsafeRawBufferPointer) -> MatrixBuffer<Double>

        init<T: BitwiseCopyable>(
            _ name: String, _ type: T.Type, isInteger: Bool = true, _ convert: @escaping @Sendable (T) -> Double
        ) {
            self.name = name
            size = MemoryLayout<T>.size
            self.isInteger = isInteger
            decode = { NumericArray.decode($0, type, convert) }
        }
    }

    private static let types: [String: ElementType] = [
        "|u1": ElementType("uint8", UInt8.self) { Double($0) },
        "|i1": ElementType("int8", Int8.self) { Double($0) },
        "|b1": ElementType("bool", UInt8.self) { Double($0) },
        "<i2": ElementType("int16", Int16.self) { Double($0) },
        "<u2": ElementType("uint16", UInt16.self) { Double($0) },
        "<i4": ElementType("int32", Int32.self) { Double($0) },
        "<u4": ElementType("uint32", UInt32.self) { Double($0) },
        "<i8": ElementType("int64", Int64.self) { Double($0) },
        "<u8": ElementType("uint64", UInt64.self) { Double($0) },
        "<f4": ElementType("float32", Float.self, isInteger: false) { Double($0) },
        "<f8": ElementType("float64", Double.self, isInteger: false) { $0 },
    ]
}
