import CHDF5
import Files
import Glibc

/// An HDF5 file open for reading.
///
/// Everything is addressed by its path from the root, `/parameters/W1/weight`; names may hold dots.
public final class HDF5File {
    /// Where the file is, as it was opened.
    public let path: String
    let id: Int64
    let storage: UnsafeMutablePointer<ch5_storage>

    /// - Throws: `HDF5Error` where there is no such file or it is not HDF5.
    public init(reading path: String) throws {
        let descriptor = try Self.open(path)
        let storage = UnsafeMutablePointer<ch5_storage>.allocate(capacity: 1)
        storage.initialize(to: ch5_storage())
        storage.pointee.descriptor = descriptor
        storage.pointee.path = UnsafePointer(strdup(path))
        let id = ch5_open_file(storage)
        guard id >= 0 else {
            Self.dispose(of: storage)
            throw HDF5Error(file: path, "cannot be read as HDF5 (\(String(cString: ch5_error_text())))")
        }
        self.path = path
        self.id = id
        self.storage = storage
    }

    deinit {
        // Nothing was written: what closing says does not matter.
        _ = ch5_close_file(storage, id)
        Self.dispose(of: storage)
    }

    private static func dispose(of storage: UnsafeMutablePointer<ch5_storage>) {
        close(storage.pointee.descriptor)
        free(UnsafeMutablePointer(mutating: storage.pointee.path))
        storage.deallocate()
    }

    /// An open descriptor of a plain file.
    static func open(_ path: String) throws(HDF5Error) -> Int32 {
        do { return try PlainFile.open(path) } catch { throw HDF5Error(error) }
    }

    /// Version of the linked library.
    public static var linkedVersion: String { String(cString: ch5_version()) }

    /// Type and shape of a dataset.
    public func describe(_ dataset: String) throws -> Description {
        try withObject(dataset) { id in
            var raw = ch5_description()
            guard ch5_object_kind(storage, id) == Int32(CH5_DATASET.rawValue) else {
                throw error(dataset, "is not a dataset")
            }
            guard ch5_describe_dataset(storage, id, &raw) >= 0 else {
                throw error(dataset, "cannot be described (\(String(cString: ch5_error_text())))")
            }
            guard let description = Description(raw) else {
                throw error(dataset, "expected at most 8 axes, found \(raw.rank)")
            }
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

    /// Reads `count` rows of a matrix from `first` on, converted to `T`, into memory that holds them.
    /// - Precondition: the rows are within the shape.
    package func readRows<T: HDF5Element>(
        _ dataset: String, shape: [Int], first: Int, count: Int, into memory: UnsafeMutablePointer<T>
    ) throws {
        let found = try numeric(dataset).shape
        guard found == shape, shape.count == 2 else { throw error(dataset, "expected shape \(shape), found \(found)") }
        precondition(first >= 0 && count >= 0 && first + count <= shape[0], "rows beyond the matrix")
        guard count > 0 else { return }
        try withObject(dataset) { id in
            let status = ch5_read_rows(
                storage, id, T.memoryType, UInt64(first), UInt64(count), UInt64(shape[1]), memory)
            guard status >= 0 else { throw error(dataset, "cannot be read (\(String(cString: ch5_error_text())))") }
        }
    }

    /// A vector of strings of any length.
    /// - Parameter limit: the most of them the caller will take.
    public func strings(_ dataset: String, limit: Int) throws -> [String] {
        let count = try stored(dataset).count
        guard count <= limit else { throw error(dataset, "expected at most \(limit) strings, found \(count)") }
        var texts = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        defer { texts.forEach { ch5_free($0) } }
        return try withObject(dataset) { id in
            guard ch5_read_strings(storage, id, UInt64(count), &texts) >= 0 else {
                throw error(dataset, "cannot be read (\(String(cString: ch5_error_text())))")
            }
            return texts.map { $0.map { String(cString: $0) } ?? "" }
        }
    }

    /// A description that is sure to be of numbers in this file.
    private func numeric(_ dataset: String) throws -> Description {
        let description = try stored(dataset)
        guard description.kind == .integer || description.kind == .float else {
            throw error(dataset, "expected numbers, found \(description.typeName)")
        }
        return description
    }

    /// A description of a dataset whose values are all in this file.
    private func stored(_ dataset: String) throws -> Description {
        let description = try describe(dataset)
        if let absence = description.absence { throw error(dataset, absence.problem) }
        return description
    }

    private func fill<T: HDF5Element>(_ dataset: String, _ memory: UnsafeMutablePointer<T>?, _ count: Int) throws {
        try withObject(dataset) { id in
            guard ch5_read_dataset(storage, id, T.memoryType, UInt64(count), memory) >= 0 else {
                throw error(dataset, "cannot be read (\(String(cString: ch5_error_text())))")
            }
        }
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
