import CFiles
import Files

/// NPY (inputs and targets in two files) and NPZ (two arrays of one archive), as NumPy writes them.
package struct NPYReader: Sendable {
    package enum Location: Sendable, Equatable {
        case files(inputs: String, targets: String)
        case archive(path: String, inputs: String, targets: String)
    }

    package let location: Location
    package let kind: TargetKind?

    package init(_ location: Location, as kind: TargetKind? = nil) {
        self.location = location
        self.kind = kind
    }

    /// - Throws: `DatasetError` for a damaged file, or arrays that do not belong together.
    package func read() throws -> RawSamples {
        switch location {
        case .files(let inputs, let targets):
            let x = try Self.file(inputs)
            let y = try Self.file(targets)
            return try NumericArray.samples(inputs: x, targets: y, as: kind, "\(inputs) and \(targets)")
        case .archive(let path, let inputs, let targets):
            let archive = try NPZArchive(path)
            return try NumericArray.samples(
                inputs: archive.array(inputs), targets: archive.array(targets), as: kind, path)
        }
    }

    private static func file(_ path: String) throws -> NumericArray {
        let file = try FileBytes(path)
        let array = try NPYArray(file, path)
        let result = try array.values(file)
        guard try file.next(1) == nil else {
            throw DatasetError("\(path): holds more than the \(array.size) bytes of its shape \(array.shape)")
        }
        return result
    }
}

/// An archive of NumPy arrays, each stored as `name.npy`.
package final class NPZArchive {
    private let path: String
    private let archive: OpaquePointer
    /// Of its entries, with their endings.
    package private(set) var names: [String] = []

    package init(_ path: String) throws {
        guard let archive = cf_open_archive(try PlainFile.open(path)) else {
            throw DatasetError("\(path): is not a sound NPZ archive")
        }
        self.path = path
        self.archive = archive
        for index in 0..<cf_entry_count(archive) {
            var packed: UInt64 = 0
            names.append(cf_entry(archive, index, &packed).map { String(cString: $0) } ?? "")
        }
    }

    deinit { cf_close_archive(archive) }

    /// Shape of an array and its element type, without its values.
    /// - Throws: `DatasetError` where there is no such array, or it is damaged.
    package func describe(_ name: String) throws -> (shape: [Int], type: String) {
        let entry = try entry(name)
        let array = try NPYArray(entry, entry.path)
        return (array.shape, array.typeName)
    }

    /// The comment of an entry, by its place in `names`; of the archive itself for nil.
    package func comment(of index: Int?) -> [UInt8] {
        var size = 0
        guard let text = cf_archive_comment(archive, index ?? -1, &size) else { return [] }
        return Array(UnsafeRawBufferPointer(start: text, count: size))
    }

    /// - Throws: `DatasetError` where there is no such array, or it is damaged.
    package func array(_ name: String) throws -> NumericArray {
        let entry = try entry(name)
        let array = try NPYArray(entry, entry.path)
        let result = try array.values(entry)
        try entry.finish()
        return result
    }

    private func entry(_ name: String) throws -> NPZEntry {
        guard let index = names.firstIndex(of: name + ".npy") else {
            let known = names.map { $0.hasSuffix(".npy") ? String($0.dropLast(4)) : $0 }.filter { !$0.isEmpty }
            throw DatasetError(
                "\(path): expected an array named \(name), found "
                    + (known.isEmpty ? "none" : known.prefix(20).joined(separator: ", ")))
        }
        return try NPZEntry(archive, index, "\(path): \(name)")
    }
}

/// One array of an archive, unpacked as it is read.
private final class NPZEntry: ByteSource {
    let path: String
    private let entry: OpaquePointer
    private var bound: UnpackingBound

    init(_ archive: OpaquePointer, _ index: Int, _ path: String) throws {
        self.path = path
        var packed: UInt64 = 0
        guard cf_entry(archive, index, &packed) != nil, let entry = cf_open_entry(archive, index)
        else { throw DatasetError("\(path): is damaged or encrypted: it cannot be unpacked") }
        self.entry = entry
        bound = UnpackingBound(packed: Int(clamping: packed))
    }

    deinit { cf_close_entry(entry) }

    func bytes(_ count: Int, _ what: String) throws -> [UInt8] {
        try bound.add(count, path)
        return try inBlocks(of: count, path, what) { buffer, wanted in
            let got = cf_read_entry(entry, buffer, wanted)
            guard got >= 0 else { throw damage }
            return got
        }
    }

    /// Reads to the end, where libzip compares its checksum.
    func finish() throws {
        var byte: UInt8 = 0
        guard cf_read_entry(entry, &byte, 1) == 0 else { throw damage }
    }

    private var damage: DatasetError {
        DatasetError("\(path) is damaged: it does not unpack to what the archive says")
    }
}
