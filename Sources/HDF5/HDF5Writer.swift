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
    private let path: String
    private let id: Int64
    private let storage: UnsafeMutablePointer<ch5_storage>
    /// What the file has to hold when it is closed.
    private var expected = ExpectedContents()

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

    private func check(_ status: Int64, _ object: String) throws {
        guard status >= 0 else {
            throw HDF5Error(file: path, object: object, "cannot be written (\(String(cString: ch5_error_text())))")
        }
    }

    /// Checks that an object was opened, gives it its attributes, and closes it: a part of writing it.
    private func finish(_ id: Int64, _ object: String, attributes: [String: String] = [:]) throws {
        try check(id, object)
        let written = Result {
            for (key, value) in attributes.sorted(by: { $0.key < $1.key }) { try set(key, of: object, id, value) }
        }
        let closed = ch5_close_object(storage, id)
        try written.get()
        try check(Int64(closed), object)
    }

    private func set(_ key: String, of object: String, _ id: Int64, _ value: some AttributeValue) throws {
        try check(Int64(value.write(to: id, key)), object)
        expected.attributes.append((object, key, value))
    }

    /// A contiguous dataset with its attributes (scalar strings); groups on its path are made.
    public func dataset<T: HDF5Element>(
        _ name: String, _ values: UnsafePointer<T>, shape: [Int], attributes: [String: String] = [:]
    ) throws {
        let id = ch5_write_dataset(self.id, name, T.memoryType, Int32(shape.count), shape.map(UInt64.init), values)
        let bytes = UnsafeRawBufferPointer(start: values, count: shape.reduce(MemoryLayout<T>.stride, *))
        if id >= 0, bytes.count > 0 { expected.add(name, at: ch5_dataset_offset(id), bytes) }
        try finish(id, name, attributes: attributes)
    }

    /// The same of an array, by default as a vector.
    /// - Precondition: the lengths in `shape` multiply to the number of values.
    public func dataset<T: HDF5Element>(
        _ name: String, _ values: [T], shape: [Int]? = nil, attributes: [String: String] = [:]
    ) throws {
        try values.withUnsafeBufferPointer { buffer in
            // An empty array has no memory; HDF5 does not read any for an empty shape either.
            var none = T.zero
            try withUnsafePointer(to: &none) { fallback in
                try dataset(
                    name, buffer.baseAddress ?? fallback, shape: shape ?? [values.count], attributes: attributes)
            }
        }
    }

    /// A matrix [rows, columns] that is never in memory whole: `fill` makes up to `rowsAtOnce` of its rows at a time.
    public func matrix<T: HDF5Element>(
        _ name: String, as type: T.Type, rows: Int, columns: Int, rowsAtOnce: Int, attributes: [String: String] = [:],
        fill: (_ first: Int, _ count: Int, _ to: UnsafeMutablePointer<T>) throws -> Void
    ) throws {
        let id = ch5_create_matrix(self.id, name, T.memoryType, UInt64(rows), UInt64(columns))
        try check(id, name)
        let written = Result {
            let buffer = UnsafeMutablePointer<T>.allocate(capacity: max(min(rowsAtOnce, rows) * columns, 1))
            defer { buffer.deallocate() }
            let digest = try StreamDigest(for: path)
            for first in stride(from: 0, to: rows, by: rowsAtOnce) {
                let count = min(rowsAtOnce, rows - first)
                try fill(first, count, buffer)
                try check(
                    Int64(ch5_write_rows(id, T.memoryType, UInt64(first), UInt64(count), UInt64(columns), buffer)), name
                )
                try digest.add(UnsafeRawBufferPointer(start: buffer, count: count * columns * MemoryLayout<T>.stride))
            }
            if digest.count > 0 { expected.add(name, at: ch5_dataset_offset(id), digest) }
        }
        if case .failure(let error) = written {
            // The file is given up: what closing says does not matter any more.
            _ = ch5_close_object(storage, id)
            throw error
        }
        try finish(id, name, attributes: attributes)
    }

    /// A vector of texts.
    public func strings(_ name: String, _ texts: [String], attributes: [String: String] = [:]) throws {
        let copies = texts.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        let id = ch5_write_strings(id, name, UInt64(texts.count), copies.map { UnsafePointer($0) })
        expected.texts.append((name, texts))
        try finish(id, name, attributes: attributes)
    }

    /// An empty group; groups on its path are made.
    public func group(_ name: String) throws {
        try finish(ch5_create_group(self.id, name), name)
    }

    /// A scalar attribute of a group or dataset: a string, an integer or a float.
    public func attribute(_ key: String, of object: String = "/", _ value: some AttributeValue) throws {
        try withObject(object) { try set(key, of: object, $0, value) }
    }

    /// Makes a one-dimensional dataset a dimension scale and attaches it: axis 0 of the others.
    public func scale(_ scale: String, named name: String, axes: [(dataset: String, axis: Int)]) throws {
        try withObject(scale) { scaleID in
            try check(Int64(ch5_make_scale(scaleID, name)), scale)
            for (dataset, axis) in axes {
                try withObject(dataset) { id in
                    try check(Int64(ch5_attach_scale(id, scaleID, UInt32(axis))), dataset)
                }
            }
        }
    }

    /// A compound table of float64 fields, row after row in `values`.
    public func table(_ name: String, columns: [String], rows: Int, values: [Double]) throws {
        let names = columns.map { strdup($0) }
        defer { names.forEach { free($0) } }
        let pointers = names.map { UnsafePointer($0) }
        let id = ch5_write_table(id, name, UInt64(rows), UInt64(columns.count), pointers, values)
        if id >= 0, !values.isEmpty {
            values.withUnsafeBytes { expected.add(name, at: ch5_dataset_offset(id), $0) }
        }
        try finish(id, name)
    }

    private func withObject(_ object: String, _ body: (Int64) throws -> Void) throws {
        let opened = ch5_open_object(storage, id, object)
        try check(opened, object)
        let done = Result { try body(opened) }
        let closed = ch5_close_object(storage, opened)
        try done.get()
        try check(Int64(closed), object)
    }
}
