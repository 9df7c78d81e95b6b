import LinearAlgebra

/// The numeric arrays of a MATLAB file of level 5, plain or compressed, little-endian.
///
/// Source: The MathWorks, "MAT-File Format", chapter 1, "Level 5 MAT-File Format".
struct MATReader {
    let path: String

    /// A numeric array, in MATLAB's column-major order.
    struct MATArray {
        let shape: [Int]
        let type: UInt32
        let bytes: [UInt8]

        /// The values in float64; nil for a type that is not a number's.
        var numbers: [Double]? {
            bytes.withUnsafeBytes { bytes in
                switch type {
                case 1: bytes.map { Double(Int8(bitPattern: $0)) }
                case 2: bytes.map(Double.init)
                case 3: NumericArray.decode(bytes, Int16.self) { Double($0) }.entries
                case 4: NumericArray.decode(bytes, UInt16.self) { Double($0) }.entries
                case 5: NumericArray.decode(bytes, Int32.self) { Double($0) }.entries
                case 6: NumericArray.decode(bytes, UInt32.self) { Double($0) }.entries
                case 7: NumericArray.decode(bytes, Float.self) { Double($0) }.entries
                case 9: NumericArray.decode(bytes, Double.self) { $0 }.entries
                case 12: NumericArray.decode(bytes, Int64.self) { Double($0) }.entries
                case 13: NumericArray.decode(bytes, UInt64.self) { Double($0) }.entries
                default: nil
                }
            }
        }
    }

    private static let sizes: [UInt32: Int] = [1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 4, 9: 8, 12: 8, 13: 8]
    private static let (matrix, compressed): (UInt32, UInt32) = (14, 15)

    /// The arrays of these names; each has to be there.
    func arrays(_ names: [String]) throws -> [MATArray] {
        let file = try FileBytes(path)
        let header = try file.bytes(128, "the header")
        guard header[124...] == [0x00, 0x01, 0x49, 0x4D] else {
            throw DatasetError(
                "\(path): is not a little-endian MATLAB file of level 5 (saved with -v6 or -v7): its header ends in "
                    + "\(header[124...])")
        }
        var found: [String: MATArray] = [:]
        while found.count < names.count, let tag = try file.next(8) {
            let (type, size) = (word(tag, 0), Int(word(tag, 4)))
            switch type {
            case Self.compressed:
                let packed = CompressedMATArray(try file.bytes(size, "a compressed array"), path)
                let inner = try packed.bytes(8, "the tag of a compressed array")
                if word(inner, 0) == Self.matrix, try read(packed, names, into: &found) { try packed.finish() }
            case Self.matrix: _ = try read(PlainMATArray(try file.bytes(size, "an array"), path), names, into: &found)
            default: _ = try file.bytes((size + 7) / 8 * 8, "an element")
            }
        }
        return try names.map { name in
            guard let array = found[name] else {
                throw DatasetError("\(path): expected an array named \(name), found \(found.keys.sorted())")
            }
            return array
        }
    }

    /// The parts of one array: flags, dimensions, name, values. Whether it was one of those wanted.
    private func read(_ source: some ByteSource, _ names: [String], into found: inout [String: MATArray]) throws -> Bool
    {
        _ = try element(source, "array flags", limit: 64)
        let axes = try element(source, "dimensions", limit: 4 * 64)
        let shape = axes.bytes.withUnsafeBytes { NumericArray.decode($0, Int32.self) { Double($0) } }.entries.map {
            Int($0)
        }
        let name = String(decoding: try element(source, "an array's name", limit: 1 << 12).bytes, as: UTF8.self)
        guard names.contains(name) else { return false }
        guard let count = NumericArray.count(shape), Memory.holds(Double(count), bytesEach: 8) else {
            throw DatasetError("\(path): \(name) claims the shape \(shape), which this machine does not hold")
        }
        let values = try element(source, "the values of \(name)", limit: 8 * count)
        guard let size = Self.sizes[values.type], values.bytes.count == count * size else {
            throw DatasetError(
                "\(path): \(name): expected \(count) numbers for its shape \(shape), found \(values.bytes.count) bytes of "
                    + "type \(values.type)")
        }
        found[name] = MATArray(shape: shape, type: values.type, bytes: values.bytes)
        return true
    }

    /// A data element with its padding; four bytes or fewer can stand in the tag itself.
    private func element(_ source: some ByteSource, _ what: String, limit: Int) throws -> (type: UInt32, bytes: [UInt8])
    {
        let tag = try source.bytes(8, "the tag of \(what)")
        let small = Int(word(tag, 0) >> 16)
        if small > 0 {
            guard small <= 4 else { throw DatasetError("\(path): \(what): a damaged tag") }
            return (word(tag, 0) & 0xFFFF, [UInt8](tag[4..<(4 + small)]))
        }
        let size = Int(word(tag, 4))
        guard size <= limit else {
            throw DatasetError("\(path): \(what): expected at most \(limit) bytes, found a claim of \(size)")
        }
        let bytes = try source.bytes(size, what)
        _ = try source.bytes((8 - size % 8) % 8, "padding after \(what)")
        return (word(tag, 0), bytes)
    }

    private func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    }
}
