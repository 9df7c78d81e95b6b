import CFiles
import Files
import LinearAlgebra

/// Writes an archive of NumPy arrays, unpacked, as `numpy.savez` does; `NPZWeights` says where the metadata is.
package enum NPZWriter {
    /// The archive is made in memory, beside the arrays.
    /// - Throws: `FileError`, or `LabError` where there is no memory; the file then stays as it was.
    package static func write<S: Scalar>(_ arrays: [WeightArray<S>], _ metadata: WeightMetadata, to path: String) throws
    {
        let noMemory = LabError("\(path): no memory to make the archive: --format safetensors takes less")
        guard let archive = cf_make_archive() else { throw noMemory }
        defer { cf_free_archive(archive) }
        let entries = arrays.map(entry)
        for (array, entry) in zip(arrays, entries) {
            let comment = try WeightMetadata.json(metadata.tensors[array.name] ?? [:])
            guard cf_add_entry(archive, array.name + ".npy", entry.base, entry.count, comment) == 0 else {
                throw noMemory
            }
        }
        let comment = try WeightMetadata.json(metadata.file)
        guard comment.utf8.count <= Int(UInt16.max) else {
            throw LabError(
                "\(path): what is to be said of so deep a network takes more than the 65,535 bytes of a zip archive's comment: "
                    + "--format safetensors has room")
        }
        guard cf_pack_archive(archive, comment) == 0 else { throw noMemory }
        try WholeFile.write(to: path) { descriptor, _ in
            var block = [UInt8](repeating: 0, count: 1 << 20)
            while true {
                let got = cf_packed_bytes(archive, &block, block.count)
                guard got >= 0 else { throw noMemory }
                try WholeFile.append(Array(block[..<got]), to: descriptor, path)
                guard got == block.count else { return }
            }
        }
        // Their bytes were read until here.
        withExtendedLifetime(entries) {}
    }

    /// An array in NumPy's format, version 1.0: a header padded to 64 bytes, and the numbers.
    private static func entry<S: Scalar>(_ array: WeightArray<S>) -> EntryBytes {
        let axes = array.shape.map { "\($0)," }.joined(separator: " ")
        let type = S.precision == .float32 ? "<f4" : "<f8"
        var header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(axes)), }".utf8)
        let spaces = 63 - (10 + header.count) % 64
        header += [UInt8](repeating: UInt8(ascii: " "), count: spaces) + [UInt8(ascii: "\n")]
        let length = header.count
        let start = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
        return EntryBytes(start + header, array.bytes)
    }
}

/// Bytes that stay where they are.
private final class EntryBytes {
    let base: UnsafeMutableRawPointer
    let count: Int

    init(_ head: [UInt8], _ rest: UnsafeRawBufferPointer) {
        count = head.count + rest.count
        base = .allocate(byteCount: count, alignment: 64)
        base.copyMemory(from: head, byteCount: head.count)
        if let start = rest.baseAddress { (base + head.count).copyMemory(from: start, byteCount: rest.count) }
    }

    deinit { base.deallocate() }
}
