import CFiles
import Files

/// What a file has to hold once it is closed, kept while it is written: digests of values as they were in memory.
struct ExpectedContents {
    /// A run of bytes of a contiguous dataset; of our types, files hold the bytes of memory.
    private struct Values {
        let object: String
        let offset: Int64
        let count: Int
        let digest: String
    }

    private var values: [Values] = []
    var attributes: [(object: String, key: String, value: any AttributeValue)] = []
    var texts: [(object: String, texts: [String])] = []

    mutating func add(_ object: String, at offset: Int64, _ bytes: UnsafeRawBufferPointer) {
        values.append(Values(object: object, offset: offset, count: bytes.count, digest: memoryDigest(bytes)))
    }

    mutating func add(_ object: String, at offset: Int64, _ digest: StreamDigest) {
        values.append(Values(object: object, offset: offset, count: digest.count, digest: digest.end()))
    }

    /// Compares an open file, which has the name `temporary` so far, with what is expected of it.
    /// - Throws: `HDF5Error` at the first difference.
    func check(_ descriptor: Int32, _ temporary: String, for path: String) throws {
        for value in values {
            var digest = [CChar](repeating: 0, count: 33)
            guard value.offset > 0,
                cf_digest_range(descriptor, UInt64(value.offset), UInt64(value.count), &digest) == 0,
                String(decoding: digest.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) == value.digest
            else { throw differs(path, value.object) }
        }
        let file = try HDF5File(reading: temporary)
        for (object, key, value) in attributes {
            guard try value.isThere(key, of: object, in: file) else { throw differs(path, object) }
        }
        for (object, texts) in texts {
            guard try file.strings(object, limit: texts.count) == texts else { throw differs(path, object) }
        }
    }

    private func differs(_ path: String, _ object: String) -> HDF5Error {
        HDF5Error(file: path, object: object, "does not hold what was written: the disk or its file system fails")
    }
}

/// The digest of bytes that come one after another.
final class StreamDigest {
    private var state: OpaquePointer?
    private(set) var count = 0
    private let path: String

    init(for path: String) throws {
        self.path = path
        guard let state = cf_digest_begin() else { throw HDF5Error(file: path, "no memory for a digest") }
        self.state = state
    }

    deinit { _ = end() }

    func add(_ bytes: UnsafeRawBufferPointer) throws {
        guard let state, cf_digest_add(state, bytes.baseAddress, bytes.count) == 0 else {
            throw HDF5Error(file: path, "no memory for a digest")
        }
        count += bytes.count
    }

    /// 32 hexadecimal digits; it takes no more bytes then.
    func end() -> String {
        guard let state else { return "" }
        self.state = nil
        var digest = [CChar](repeating: 0, count: 33)
        cf_digest_end(state, &digest)
        return String(decoding: digest.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
