import CFiles
import Files
import Glibc

/// Bytes that are read from the beginning on.
protocol ByteSource {
    /// Exactly `count` bytes; what is missing is told with `what` they are.
    func bytes(_ count: Int, _ what: String) throws -> [UInt8]
}

/// Exactly `count` bytes from a function that fills a buffer: block by block, so that memory grows
/// with what is there, not with what a header claims.
func inBlocks(
    of count: Int, _ path: String, _ what: String,
    _ fill: (_ buffer: UnsafeMutablePointer<UInt8>?, _ wanted: Int) throws -> Int
) throws -> [UInt8] {
    var result: [UInt8] = []
    while result.count < count {
        let wanted = min(1 << 22, count - result.count)
        let piece = try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            filled = try fill(buffer.baseAddress, wanted)
        }
        result += piece
        guard piece.count == wanted else {
            throw DatasetError("\(path): cut off: expected \(count) bytes of \(what), found \(result.count)")
        }
    }
    return result
}

/// How far compressed bytes may unpack: 64 MB, and 100 times their size. Data of numbers packs 2 to 30 times; a file
/// that goes further was made to fill memory, or is so empty that it is quickly unpacked by hand.
struct UnpackingBound {
    private let most: Int
    private var unpacked = 0

    init(packed: Int) { most = 64_000_000 + 100 * min(packed, .max / 200) }

    /// - Throws: `DatasetError` where so many more bytes are beyond the bound.
    mutating func add(_ count: Int, _ path: String) throws {
        guard count <= most - unpacked else {
            throw DatasetError(
                "\(path): unpacks to more than \(most / 1_000_000) MB, 100 times its size and 64 MB: if it is data, "
                    + "unpack it first")
        }
        unpacked += count
    }
}

/// A plain or gzipped file, read from its beginning.
final class FileBytes: ByteSource {
    let path: String
    private let stream: OpaquePointer
    private var bound: UnpackingBound
    private let isBuiltIn: Bool

    init(_ path: String) throws {
        let descriptor = try PlainFile.open(path)
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            close(descriptor)
            throw FileError(path, "cannot be read")
        }
        guard let stream = cf_open(descriptor) else { throw DatasetError("\(path): no memory to read it") }
        self.path = path
        self.stream = stream
        bound = UnpackingBound(packed: Int(size))
        isBuiltIn = false
    }

    /// The digits that ship with the project.
    init(builtInDigits: Void) throws {
        var size = 0
        let digits = cf_digits(&size)
        guard let stream = cf_inflate(digits, size) else {
            throw DatasetError("the built-in digits: no memory to unpack them")
        }
        path = "the built-in digits"
        self.stream = stream
        bound = UnpackingBound(packed: size)
        isBuiltIn = true
    }

    deinit { isBuiltIn ? cf_inflate_close(stream) : cf_close(stream) }

    func bytes(_ count: Int, _ what: String) throws -> [UInt8] {
        try inBlocks(of: count, path, what) { try read($0, $1) }
    }

    /// The next `count` bytes; nil at the end of the file.
    func next(_ count: Int) throws -> [UInt8]? {
        let piece = try piece(count)
        guard !piece.isEmpty else { return nil }
        guard piece.count == count else {
            throw DatasetError("\(path): cut off after \(piece.count) of \(count) bytes")
        }
        return piece
    }

    /// Everything that is left, at most `limit` bytes; more are refused, with `what` was expected.
    func rest(limit: Int, _ what: String) throws -> [UInt8] {
        var result: [UInt8] = []
        while true {
            let piece = try piece(1 << 22)
            if piece.isEmpty { return result }
            result += piece
            guard result.count <= limit else { throw DatasetError("\(path): expected at most \(what), found more") }
        }
    }

    /// At most `count` bytes; none at the end.
    func piece(_ count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try read(buffer.baseAddress, count)
        }
    }

    private func read(_ buffer: UnsafeMutablePointer<UInt8>?, _ count: Int) throws -> Int {
        let got = isBuiltIn ? cf_inflate_read(stream, buffer, count) : cf_read(stream, buffer, count)
        guard got >= 0 else {
            // zlib puts the number of the descriptor before what it says.
            let said = isBuiltIn ? "" : String(cString: cf_error(stream)).replacing(#/^<fd:\d+>: /#, with: "")
            throw DatasetError("\(path): damaged gzip data: \(said)")
        }
        try bound.add(got, path)
        return got
    }
}
