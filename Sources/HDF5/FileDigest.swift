import CFiles
import Files
import Glibc

/// The digest that every file of ours carries: XXH3-128 of all its bytes but its own.
///
/// It stands in the scalar string dataset `/integrity/digest`, near the file's beginning, so it is found and
/// compared before libhdf5 parses a byte: a truncated or bit-flipped file is refused by a plain
/// comparison and never reaches a parser that such files can crash.
public enum FileDigest {
    static let object = "/integrity/digest"
    static let prefix = "ntklab-xxh3-128:"
    static let placeholder = prefix + String(repeating: "0", count: 32)
    /// The digest lies within the first bytes of a file; so far we look.
    private static let searched = 1 << 16

    /// What the digest says of a file.
    public enum Verdict: Sendable, Equatable {
        case sound
        /// The bytes are not those that were written.
        case damaged
        /// No digest: not a file of ours, or cut off before it.
        case foreign
    }

    /// Compares a file's bytes with its digest.
    /// - Throws: `HDF5Error` where the file cannot be read at all.
    public static func verify(_ path: String) throws -> Verdict {
        let file = try HDF5File.open(path)
        defer { close(file) }
        var head = [UInt8](repeating: 0, count: searched)
        let got = pread(file, &head, searched, 0)
        guard got > 0, let start = find(Array(prefix.utf8), in: head.prefix(got)) else { return .foreign }
        let length = placeholder.utf8.count
        guard start + length <= got else { return .damaged }
        let stored = String(decoding: head[start..<(start + length)], as: UTF8.self)
        return try compute(file, path, hole: start) == stored ? .sound : .damaged
    }

    static func compute(_ descriptor: Int32, _ path: String, hole: Int) throws -> String {
        var digest = [CChar](repeating: 0, count: 33)
        guard cf_digest_file(descriptor, UInt64(hole), UInt64(placeholder.utf8.count), &digest) == 0 else {
            throw HDF5Error(FileError(path, "cannot be read"))
        }
        return prefix + String(decoding: digest.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func find(_ pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= pattern.count else { return nil }
        return (0...(bytes.count - pattern.count)).first { start in
            pattern.indices.allSatisfy { bytes[start + $0] == pattern[$0] }
        }
    }
}
