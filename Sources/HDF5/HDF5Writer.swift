import CFiles
import CHDF5
import Files
import Glibc

/// An HDF5 file while it is being written, under a temporary name.
///
/// Files appear whole or not at all (`WholeFile`), and hold what was meant: before it gets its name, a file is read again
/// and compared with digests of the values as they were in memory. A finished file is never opened for writing
/// again. Equal contents give equal bytes: no times are stored.
public final class HDF5Writer {
    /// The name that the file will have.
    let path: String
    let id: Int64
    let storage: UnsafeMutablePointer<ch5_storage>
    /// What the file has to hold when it is closed.
    var expected = ExpectedContents()

    private init(_ path: String, _ id: Int64, _ storage: UnsafeMutablePointer<ch5_storage>) {
        self.path = path
        self.id = id
        self.storage = storage
    }

    /// Writes a file: `body` fills it, then it becomes visible under `path` at once.
    /// - Throws: `HDF5Error` or `FileError`, also for a full disk; nothing is left of the file then.
    public static func write(to path: String, _ body: (HDF5Writer) throws -> Void) throws {
        try WholeFile.write(to: path) { descriptor, temporary in
            let (expected, offset) = try fill(descriptor, for: path, body)
            try expected.check(descriptor, temporary, for: path)
            let digest = Array(try FileDigest.compute(descriptor, path, hole: offset).utf8)
            guard pwrite(descriptor, digest, digest.count, off_t(offset)) == digest.count else {
                throw FileError(path, "cannot be written")
            }
        }
    }

    /// - Returns: what the file has to hold, and where its digest goes.
    private static func fill(
        _ descriptor: Int32, for path: String, _ body: (HDF5Writer) throws -> Void
    ) throws -> (ExpectedContents, Int) {
        let storage = UnsafeMutablePointer<ch5_storage>.allocate(capacity: 1)
        storage.initialize(to: ch5_storage())
        storage.pointee.descriptor = descriptor
        defer { storage.deallocate() }
        let id = ch5_create_file(storage)
        guard id >= 0 else { throw lastError(path, "cannot be created") }
        let writer = HDF5Writer(path, id, storage)
        var offset = 0
        let written = Result {
            let digest = ch5_write_fixed_string(id, FileDigest.object, FileDigest.placeholder)
            offset = Int(ch5_dataset_offset(digest))
            try writer.finish(digest, FileDigest.object)
            try writer.attribute("axis_order", "C")
            try body(writer)
        }
        // Closing writes what HDF5 still holds, so a full disk can show here first.
        let closed = ch5_close_file(storage, id)
        let error = storage.pointee.error
        guard error == 0 else { throw FileError(path, "cannot be written", error) }
        try written.get()
        guard closed >= 0, offset > 0 else { throw lastError(path, "cannot be closed") }
        return (writer.expected, offset)
    }

    private static func lastError(_ path: String, _ what: String) -> HDF5Error {
        HDF5Error(file: path, "\(what) (\(String(cString: ch5_error_text())))")
    }

    func check(_ status: Int64, _ object: String) throws {
        guard status >= 0 else {
            throw HDF5Error(file: path, object: object, "cannot be written (\(String(cString: ch5_error_text())))")
        }
    }

    /// Checks that an object was opened, gives it its attributes, and closes it: a part of writing it.
    func finish(_ id: Int64, _ object: String, attributes: [String: String] = [:]) throws {
        try check(id, object)
        let written = Result {
            for (key, value) in attributes.sorted(by: { $0.key < $1.key }) { try set(key, of: object, id, value) }
        }
        let closed = ch5_close_object(storage, id)
        try written.get()
        try check(Int64(closed), object)
    }

    func set(_ key: String, of object: String, _ id: Int64, _ value: some AttributeValue) throws {
        try check(Int64(value.write(to: id, key)), object)
        expected.attributes.append((object, key, value))
    }

    func withObject(_ object: String, _ body: (Int64) throws -> Void) throws {
        let opened = ch5_open_object(storage, id, object)
        try check(opened, object)
        let done = Result { try body(opened) }
        let closed = ch5_close_object(storage, opened)
        try done.get()
        try check(Int64(closed), object)
    }
}
