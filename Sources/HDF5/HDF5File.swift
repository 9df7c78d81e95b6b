import CHDF5
import Glibc

/// An HDF5 file open for reading.
///
/// Everything is addressed by its path from the root, `/parameters/W1/weight`; names may hold dots.
public final class HDF5File {
    public let path: String
    let id: Int64
    private let storage: UnsafeMutablePointer<ch5_storage>

    /// - Throws: `HDF5Error` where there is no such file or it is not HDF5.
    public init(reading path: String) throws {
        let descriptor = try Self.open(path)
        let storage = UnsafeMutablePointer<ch5_storage>.allocate(capacity: 1)
        storage.initialize(to: ch5_storage(descriptor: descriptor, error: 0, is_written: 0))
        let id = ch5_open_file(storage)
        guard id >= 0 else {
            storage.deallocate()
            close(descriptor)
            throw HDF5Error(file: path, "cannot be read as HDF5 (\(String(cString: ch5_error_text())))")
        }
        self.path = path
        self.id = id
        self.storage = storage
    }

    deinit {
        // Nothing was written: what closing says does not matter.
        _ = ch5_close_file(id)
        close(storage.pointee.descriptor)
        storage.deallocate()
    }

    /// An open descriptor of a plain file.
    static func open(_ path: String) throws(HDF5Error) -> Int32 {
        do { return try PlainFile.open(path) } catch { throw HDF5Error(error) }
    }

    /// Version of the linked library.
    public static var linkedVersion: String { String(cString: ch5_version()) }

    /// Whether a group or dataset is there.
    public func contains(_ object: String) -> Bool {
        var known = ""
        for part in object.split(separator: "/") {
            known += "/" + part
            guard ch5_exists(id, known) > 0 else { return false }
        }
        return true
    }

    public func isGroup(_ object: String) throws -> Bool {
        try withObject(object) { ch5_object_kind($0) == Int32(CH5_GROUP.rawValue) }
    }

    /// Names in a group, in alphabetical order.
    public func names(in group: String) throws -> [String] {
        try withObject(group) { id in
            let count = ch5_link_count(id)
            guard count >= 0 else { throw error(group, "is not a group") }
            return try (0..<count).map { index in
                try name(of: group) { ch5_link_name(id, index, $0, $1) }
            }
        }
    }

    /// Type and shape of a dataset.
    public func describe(_ dataset: String) throws -> Description {
        try withObject(dataset) { id in
            var raw = ch5_description()
            guard ch5_object_kind(id) == Int32(CH5_DATASET.rawValue), ch5_describe_dataset(id, &raw) >= 0,
                let description = Description(raw)
            else { throw error(dataset, "is not a dataset") }
            return description
        }
    }

    /// A whole numeric dataset, converted to `T`, with its shape.
    ///
    /// - Parameter limit: the most elements the caller will take; checked before any memory is.
    public func read<T: HDF5Element>(
        _ dataset: String, as type: T.Type = T.self, limit: Int
    ) throws -> (values: [T], shape: [Int]) {
        let description = try numeric(dataset)
        guard description.count <= limit else {
            throw error(dataset, "holds \(description.count) numbers, more than the \(limit) there is room for")
        }
        let values = try [T](unsafeUninitializedCapacity: description.count) { buffer, count in
            try fill(dataset, buffer.baseAddress, description.count)
            count = description.count
        }
        return (values, description.shape)
    }

    /// Reads a dataset of the given shape straight into memory that holds it.
    public func read<T: HDF5Element>(
        _ dataset: String, shape: [Int], into memory: UnsafeMutablePointer<T>
    ) throws {
        let found = try numeric(dataset).shape
        guard found == shape else { throw error(dataset, "expected shape \(shape), found \(found)") }
        try fill(dataset, memory, shape.reduce(1, *))
    }

    /// A vector of strings of any length.
    public func strings(_ dataset: String) throws -> [String] {
        let count = try describe(dataset).count
        var texts = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        defer { texts.forEach { ch5_free($0) } }
        return try withObject(dataset) { id in
            guard ch5_read_strings(id, UInt64(count), &texts) >= 0 else {
                throw error(dataset, "cannot be read (\(String(cString: ch5_error_text())))")
            }
            return texts.map { $0.map { String(cString: $0) } ?? "" }
        }
    }

    /// A description that is sure to be of numbers.
    private func numeric(_ dataset: String) throws -> Description {
        let description = try describe(dataset)
        guard description.kind == .integer || description.kind == .float else {
            throw error(dataset, "expected numbers, found \(description.typeName)")
        }
        return description
    }

    private func fill<T: HDF5Element>(_ dataset: String, _ memory: UnsafeMutablePointer<T>?, _ count: Int) throws {
        try withObject(dataset) { id in
            guard ch5_read_dataset(id, T.memoryType, UInt64(count), memory) >= 0 else {
                throw error(dataset, "cannot be read (\(String(cString: ch5_error_text())))")
            }
        }
    }

    /// Opens a group or dataset for the time of a call.
    func withObject<R>(_ object: String, _ body: (Int64) throws -> R) throws -> R {
        let target = object.isEmpty ? "/" : object
        guard target == "/" || contains(target) else { throw error(target, "is missing") }
        let opened = ch5_open_object(id, target)
        guard opened >= 0 else { throw error(target, "cannot be opened (\(String(cString: ch5_error_text())))") }
        defer { _ = ch5_close_object(opened) }
        return try body(opened)
    }

    func error(_ object: String, _ problem: String) -> HDF5Error {
        HDF5Error(file: path, object: object, problem)
    }

    /// A name from one of HDF5's fill-this-buffer calls.
    func name(of object: String, _ call: (UnsafeMutablePointer<CChar>?, Int) -> Int64) throws -> String {
        let length = call(nil, 0)
        guard length >= 0 else { throw error(object, "has a name that cannot be read") }
        var buffer = [CChar](repeating: 0, count: Int(length) + 1)
        guard call(&buffer, buffer.count) >= 0 else { throw error(object, "has a name that cannot be read") }
        return String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
