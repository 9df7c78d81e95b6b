import CFiles
import CHDF5
import Glibc

/// An HDF5 file while it is being written, under a temporary name.
///
/// Files appear whole or not at all: `write(to:)` fills a temporary file in the same folder, puts
/// the digest of its bytes into it, syncs it, renames it and syncs the folder. A finished file is
/// never opened for writing again. Equal contents give equal bytes: no times are stored.
public final class HDF5Writer {
    /// The name that the file will have.
    private let path: String
    private let id: Int64
    /// The same file, open for reserving room.
    private let descriptor: Int32
    private var reserved = 0

    private init(_ path: String, _ id: Int64, _ descriptor: Int32) {
        self.path = path
        self.id = id
        self.descriptor = descriptor
    }

    /// Makes sure that the disk has room for `bytes` more, with a margin for what describes them.
    ///
    /// libhdf5 can crash when a write fails for want of space, and cannot even close the file then;
    /// so space is taken before libhdf5 needs it. Sealing the file gives the rest back.
    private func reserve(_ bytes: Int) throws {
        reserved += bytes + 1024
        let margin = 1 << 17
        guard cf_reserve(descriptor, UInt64(reserved + margin)) == 0 else { throw Self.systemError(path) }
    }

    /// Writes a file: `body` fills it, then it becomes visible under `path` at once.
    /// - Throws: `HDF5Error`, also for a full disk; nothing is left of the file then.
    public static func write(to path: String, _ body: (HDF5Writer) throws -> Void) throws {
        let temporary = "\(path).writing-\(getpid())"
        do {
            let offset = try fill(temporary, for: path, body)
            try seal(temporary, digestAt: offset)
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw HDF5Error(file: path, "cannot be put in place: \(reason)")
        }
        syncFolder(of: path)
    }

    private static func fill(_ temporary: String, for path: String, _ body: (HDF5Writer) throws -> Void) throws
        -> UInt64
    {
        let id = ch5_create_file(temporary)
        guard id >= 0 else { throw lastError(path, "cannot be created") }
        let descriptor = open(temporary, O_WRONLY | O_CLOEXEC)
        defer { close(descriptor) }
        let writer = HDF5Writer(path, id, descriptor)
        var offset: UInt64 = 0
        let written = Result {
            try writer.reserve(0)
            guard ch5_write_fixed_string(id, FileDigest.object, FileDigest.placeholder, &offset) >= 0 else {
                throw lastError(path, "cannot be written")
            }
            try writer.attribute("axis_order", "C")
            try body(writer)
        }
        // Closing writes what HDF5 still holds, so a full disk can show here first.
        let closed = ch5_close_file(id)
        try written.get()
        guard closed >= 0 else { throw lastError(path, "cannot be closed") }
        return offset
    }

    /// Puts the digest into its place and the bytes onto the disk.
    private static func seal(_ path: String, digestAt offset: UInt64) throws {
        let text = try FileDigest.compute(path, hole: Int(offset))
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw systemError(path) }
        defer { close(file) }
        let bytes = Array(text.utf8)
        let size = lseek(file, 0, SEEK_END)
        guard ftruncate(file, size) == 0, pwrite(file, bytes, bytes.count, off_t(offset)) == bytes.count,
            fsync(file) == 0
        else {
            throw systemError(path)
        }
    }

    private static func systemError(_ path: String) -> HDF5Error {
        HDF5Error(file: path, "cannot be written: \(String(cString: strerror(errno)))")
    }

    private static func lastError(_ path: String, _ what: String) -> HDF5Error {
        HDF5Error(file: path, "\(what) (\(String(cString: ch5_error_text())))")
    }

    private func check(_ status: Int64, _ object: String) throws {
        guard status >= 0 else {
            throw HDF5Error(file: path, object: object, "cannot be written (\(String(cString: ch5_error_text())))")
        }
    }

    /// A contiguous dataset with its attributes (scalar strings); groups on its path are made.
    public func dataset<T: HDF5Element>(
        _ name: String, _ values: UnsafePointer<T>, shape: [Int], attributes: [String: String] = [:]
    ) throws {
        try reserve(shape.reduce(MemoryLayout<T>.stride, *))
        let id = ch5_write_dataset(self.id, name, T.memoryType, Int32(shape.count), shape.map(UInt64.init), values)
        try check(id, name)
        defer { _ = ch5_close_object(id) }
        for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
            try check(Int64(ch5_write_string_attribute(id, key, value)), name)
        }
    }

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
        try reserve(rows * columns * MemoryLayout<T>.stride)
        let id = ch5_create_matrix(self.id, name, T.memoryType, UInt64(rows), UInt64(columns))
        try check(id, name)
        defer { _ = ch5_close_object(id) }
        let buffer = UnsafeMutablePointer<T>.allocate(capacity: max(min(rowsAtOnce, rows) * columns, 1))
        defer { buffer.deallocate() }
        for first in stride(from: 0, to: rows, by: rowsAtOnce) {
            let count = min(rowsAtOnce, rows - first)
            try fill(first, count, buffer)
            try check(
                Int64(ch5_write_rows(id, T.memoryType, UInt64(first), UInt64(count), UInt64(columns), buffer)), name)
        }
        for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
            try check(Int64(ch5_write_string_attribute(id, key, value)), name)
        }
    }

    /// A vector of texts.
    public func strings(_ name: String, _ texts: [String], attributes: [String: String] = [:]) throws {
        try reserve(texts.reduce(0) { $0 + $1.utf8.count + 64 })
        let copies = texts.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        try check(
            Int64(ch5_write_strings(id, name, UInt64(texts.count), copies.map { UnsafePointer($0) })), name)
        for (key, value) in attributes.sorted(by: { $0.key < $1.key }) { try attribute(key, of: name, value) }
    }

    public func group(_ name: String) throws {
        let id = ch5_create_group(self.id, name)
        try check(id, name)
        _ = ch5_close_object(id)
    }

    /// A scalar attribute of a group or dataset: a string, an integer or a float.
    public func attribute(_ key: String, of object: String = "/", _ value: some AttributeValue) throws {
        try reserve(value.byteCount)
        try withObject(object) { try check(Int64(value.write(to: $0, key)), object) }
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
        try reserve(8 * values.count + 64 * columns.count)
        let names = columns.map { strdup($0) }
        defer { names.forEach { free($0) } }
        let pointers = names.map { UnsafePointer($0) }
        try check(
            Int64(ch5_write_table(id, name, UInt64(rows), UInt64(columns.count), pointers, values)), name)
    }

    private func withObject(_ object: String, _ body: (Int64) throws -> Void) throws {
        let opened = ch5_open_object(id, object)
        try check(opened, object)
        defer { _ = ch5_close_object(opened) }
        try body(opened)
    }
}

/// A value that an attribute can hold.
public protocol AttributeValue {
    var byteCount: Int { get }
    func write(to object: Int64, _ key: String) -> Int32
}

extension String: AttributeValue {
    public var byteCount: Int { utf8.count }
    public func write(to object: Int64, _ key: String) -> Int32 { ch5_write_string_attribute(object, key, self) }
}

extension Int: AttributeValue {
    public var byteCount: Int { 8 }
    public func write(to object: Int64, _ key: String) -> Int32 {
        var value = Int64(self)
        return ch5_write_number_attribute(object, key, Int64.memoryType, &value)
    }
}

extension Double: AttributeValue {
    public var byteCount: Int { 8 }
    public func write(to object: Int64, _ key: String) -> Int32 {
        var value = self
        return ch5_write_number_attribute(object, key, Double.memoryType, &value)
    }
}

/// Makes a rename or a new file in a folder durable.
public func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let id = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY)
    guard id >= 0 else { return }
    fsync(id)
    close(id)
}
