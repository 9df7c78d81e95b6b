import CFiles
import Glibc

/// A plain or gzipped file, read from its beginning.
final class FileBytes {
    let path: String
    private let stream: OpaquePointer

    init(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw DatasetError("\(path): \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw DatasetError("\(path): is not a file") }
        guard let stream = cf_open(path) else {
            throw DatasetError("\(path): \(String(cString: strerror(errno)))")
        }
        self.path = path
        self.stream = stream
    }

    deinit { cf_close(stream) }

    /// Exactly `count` bytes; what is missing is told with `what` they are.
    ///
    /// Memory grows with what the file holds, not with what its header claims.
    func bytes(_ count: Int, _ what: String) throws -> [UInt8] {
        var result: [UInt8] = []
        let block = 1 << 22
        while result.count < count {
            let wanted = min(block, count - result.count)
            let piece = try read(wanted)
            result += piece
            guard piece.count == wanted else {
                throw DatasetError("\(path): cut off: expected \(count) bytes of \(what), found \(result.count)")
            }
        }
        return result
    }

    /// Everything that is left.
    func rest() throws -> [UInt8] {
        var result: [UInt8] = []
        while true {
            let piece = try read(1 << 22)
            if piece.isEmpty { return result }
            result += piece
        }
    }

    /// At most `count` bytes; none at the end.
    private func read(_ count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let got = cf_read(stream, buffer.baseAddress, count)
            guard got >= 0 else {
                throw DatasetError("\(path): damaged gzip data: \(String(cString: cf_error(stream)))")
            }
            filled = got
        }
    }
}
