import CFiles

/// An array that lies in memory.
final class PlainMATArray: ByteSource {
    private let content: [UInt8]
    private let path: String
    private var position = 0

    init(_ content: [UInt8], _ path: String) {
        self.content = content
        self.path = path
    }

    func bytes(_ count: Int, _ what: String) throws -> [UInt8] {
        guard content.count - position >= count else {
            throw DatasetError(
                "\(path): cut off: expected \(count) bytes of \(what), found \(content.count - position)")
        }
        defer { position += count }
        return [UInt8](content[position..<(position + count)])
    }
}

/// A compressed array, unpacked as it is read.
final class CompressedMATArray: ByteSource {
    private let packed: UnsafeMutableRawPointer
    private let inflater: OpaquePointer?
    private let path: String
    private var bound: UnpackingBound

    init(_ content: [UInt8], _ path: String) {
        let copy = UnsafeMutableRawPointer.allocate(byteCount: max(content.count, 1), alignment: 16)
        content.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(start: copy, count: content.count).copyMemory(from: $0)
        }
        packed = copy
        inflater = cf_inflate(packed, content.count)
        self.path = path
        bound = UnpackingBound(packed: content.count)
    }

    deinit {
        if let inflater { cf_inflate_close(inflater) }
        packed.deallocate()
    }

    func bytes(_ count: Int, _ what: String) throws -> [UInt8] {
        try bound.add(count, path)
        return try inBlocks(of: count, path, what) { buffer, wanted in
            let got = inflater.map { cf_inflate_read($0, buffer, wanted) } ?? -1
            guard got >= 0 else { throw DatasetError("\(path): damaged zlib data in \(what)") }
            return got
        }
    }

    /// Reads to the end, where zlib compares its checksum.
    func finish() throws {
        var byte: UInt8 = 0
        guard let inflater, cf_inflate_read(inflater, &byte, 1) == 0 else {
            throw DatasetError("\(path): damaged zlib data at the end of an array")
        }
    }
}
