import CFiles
import HDF5
import LinearAlgebra

/// NPY (inputs and answers in two files) and NPZ (two arrays of one archive), as NumPy writes them.
///
/// Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays".
public struct NPYReader: Sendable {
    public enum Location: Sendable, Equatable {
        case files(inputs: String, answers: String)
        case archive(path: String, inputs: String, answers: String)
    }

    public let location: Location

    public init(_ location: Location) { self.location = location }

    public func read() throws -> RawSamples {
        switch location {
        case .files(let inputs, let answers):
            let x = try Self.array(FileBytes(inputs).rest(), inputs)
            let y = try Self.array(FileBytes(answers).rest(), answers)
            return try NumericArray.samples(inputs: x, answers: y, "\(inputs) and \(answers)")
        case .archive(let path, let inputs, let answers):
            let x = try Self.entry(inputs, of: path)
            let y = try Self.entry(answers, of: path)
            return try NumericArray.samples(inputs: x, answers: y, path)
        }
    }

    /// The array `name` of an archive, stored there as `name.npy`.
    private static func entry(_ name: String, of path: String) throws -> NumericArray {
        guard let archive = cf_open_archive(try PlainFile.open(path)) else {
            throw DatasetError("\(path): is not a sound NPZ archive")
        }
        defer { cf_close_archive(archive) }
        var names: [String] = []
        for index in 0..<cf_entry_count(archive) {
            var size: UInt64 = 0
            guard let raw = cf_entry(archive, index, &size) else { continue }
            names.append(String(cString: raw))
            guard names.last == name + ".npy" else { continue }
            guard size < 1 << 36, Memory.holds(Double(size), bytesEach: 10) else {
                throw DatasetError("\(path): \(name) claims \(size) bytes")
            }
            let bytes = try [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
                guard cf_read_entry(archive, index, buffer.baseAddress, Int(size)) == 0 else {
                    throw DatasetError("\(path): \(name) is damaged: it does not unpack to what the archive says")
                }
                count = Int(size)
            }
            return try array(bytes, "\(path): \(name)")
        }
        let found = names.map { $0.hasSuffix(".npy") ? String($0.dropLast(4)) : $0 }.joined(separator: ", ")
        throw DatasetError("\(path): expected an array named \(name), found \(found.isEmpty ? "none" : found)")
    }

    static func array(_ bytes: [UInt8], _ path: String) throws -> NumericArray {
        guard bytes.count >= 12, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw DatasetError("\(path): is not an NPY file")
        }
        let isLong = bytes[6] >= 2
        let start = isLong ? 12 : 10
        let length = (0..<(isLong ? 4 : 2)).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        guard start + length <= bytes.count else { throw DatasetError("\(path): cut off inside its header") }
        let header = String(decoding: bytes[start..<(start + length)], as: UTF8.self)
        let (type, shape) = try parse(header, path)
        guard let count = NumericArray.count(shape), let total = NumericArray.count([count, type.size]) else {
            throw DatasetError("\(path): claims the shape \(shape), which no machine holds")
        }
        let data = bytes[(start + length)...]
        guard data.count == total else {
            throw DatasetError("\(path): expected \(total) bytes for shape \(shape), found \(data.count)")
        }
        return NumericArray(shape: shape, values: type.decode(data))
    }

    /// The header is a Python dictionary of three keys.
    private static func parse(_ header: String, _ path: String) throws -> (ElementType, [Int]) {
        guard let order = header.firstMatch(of: /'fortran_order':\s*(True|False)/)?.1,
            let name = header.firstMatch(of: /'descr':\s*'([^']*)'/)?.1,
            let axes = header.firstMatch(of: /'shape':\s*\(([0-9, ]*)\)/)?.1
        else { throw DatasetError("\(path): has an NPY header that cannot be read: \(header.prefix(120))") }
        guard order == "False" else {
            throw DatasetError("\(path): is in Fortran order; save it with numpy.ascontiguousarray first")
        }
        guard let type = types[String(name)] else {
            throw DatasetError(
                "\(path): expected one of \(types.keys.sorted().joined(separator: " ")), found element type \(name)")
        }
        let shape = axes.split(separator: ",").compactMap { Int($0.filter { $0 != " " }) }
        return (type, shape)
    }

    private struct ElementType {
        let size: Int
        let decode: @Sendable (ArraySlice<UInt8>) -> [Double]
    }

    private static let types: [String: ElementType] = [
        "|u1": ElementType(size: 1) { $0.map(Double.init) },
        "|i1": ElementType(size: 1) { $0.map { Double(Int8(bitPattern: $0)) } },
        "|b1": ElementType(size: 1) { $0.map(Double.init) },
        "<i2": ElementType(size: 2) { NumericArray.decode($0, Int16.self, Double.init) },
        "<u2": ElementType(size: 2) { NumericArray.decode($0, UInt16.self, Double.init) },
        "<i4": ElementType(size: 4) { NumericArray.decode($0, Int32.self, Double.init) },
        "<u4": ElementType(size: 4) { NumericArray.decode($0, UInt32.self, Double.init) },
        "<i8": ElementType(size: 8) { NumericArray.decode($0, Int64.self, Double.init) },
        "<f4": ElementType(size: 4) { NumericArray.decode($0, Float.self, Double.init) },
        "<f8": ElementType(size: 8) { NumericArray.decode($0, Double.self) { $0 } },
    ]
}
