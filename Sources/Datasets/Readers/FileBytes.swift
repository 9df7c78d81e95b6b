import CFiles
import HDF5

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

/// A plain or gzipped file, read from its beginning.
final class FileBytes: ByteSource {
    let path: String
    private let stream: OpaquePointer

    init(_ path: String) throws {
        guard let stream = cf_open(try PlainFile.open(path)) else {
            throw DatasetError("\(path): no memory to read it")
        }
        self.path = path
        self.stream = stream
    }

    deinit { cf_close(stream) }

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

    /// Everything that is left.
    func rest() throws -> [UInt8] { try rest(limit: .max, "") }

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
    private func piece(_ count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try read(buffer.baseAddress, count)
        }
    }

    private func read(_ buffer: UnsafeMutablePointer<UInt8>?, _ count: Int) throws -> Int {
        let got = cf_read(stream, buffer, count)
        guard got >= 0 else { throw DatasetError("\(path): damaged gzip data: \(String(cString: cf_error(stream)))") }
        return got
    }
}
