import CHDF5
import Glibc

/// What a file can hold.
extension HDF5Writer {
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

    /// Gives the file those scalar attributes that another file has at its root and this one does not yet.
    package func copyAttributes(of other: HDF5File) throws {
        let known = Set(expected.attributes.filter { $0.object == "/" }.map(\.key))
        for name in try other.attributeNames(of: "/") where !known.contains(name) {
            guard let value = try other.value(name, of: "/") else { continue }
            try attribute(name, value)
        }
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
}
