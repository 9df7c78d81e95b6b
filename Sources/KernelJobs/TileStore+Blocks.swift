import Files
import Foundation
import HDF5
import LinearAlgebra
import TangentKernels

/// Filled blocks on disk, so that no two processes fill the same.
///
/// A file holds 32 digits each of a digest and of the job's mark, then the arrays. Blocks can be filled again, so they are not
/// synced, and one whose digest does not fit is as good as none.
extension TileStore {
    private func path(_ block: BlockName) -> String { "\(folder.path)/\(block.text).bin" }

    /// The blocks that are there.
    func blocks() throws -> Set<BlockName> {
        let names = Set(try Disk.names(in: folder.path))
        let rows = (0..<grid.rowTiles).map { BlockName(isColumn: false, index: $0) }
        let columns = (0..<(grid.isSymmetric ? 0 : grid.columnTiles)).map { BlockName(isColumn: true, index: $0) }
        return Set((rows + columns).filter { names.contains("\($0.text).bin") })
    }

    func write(_ name: BlockName, _ block: KernelBlock<P>) throws {
        try WholeFile.write(to: path(name), isDurable: false) { descriptor, temporary in
            try WholeFile.append(Array((digest(of: block) + mark).utf8), to: descriptor, temporary)
            try block.forEachArray { _, memory, count in
                try WholeFile.append(UnsafeRawBufferPointer(bytes(memory, count)), to: descriptor, temporary)
            }
        }
    }

    /// - Returns: false where it is not there, or damaged.
    func read(_ name: BlockName, into block: KernelBlock<P>) throws -> Bool {
        guard Disk.exists(path(name)) else { return false }
        let descriptor = try PlainFile.open(path(name))
        defer { close(descriptor) }
        let file = DescriptorBytes(descriptor, path(name))
        let head = try file.read(upTo: 64, at: 0)
        var offset = head.count
        var isWhole = true
        block.take(samples: grid.samples(of: name).count)
        try block.forEachArray { _, memory, count in
            let bytes = bytes(memory, count)
            isWhole = try file.read(into: bytes, at: offset) == bytes.count && isWhole
            offset += bytes.count
        }
        return isWhole && head == Array((digest(of: block) + mark).utf8)
    }

    private func bytes(_ memory: UnsafeMutablePointer<P>, _ count: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: memory, count: count * MemoryLayout<P>.stride)
    }

    private func digest(of block: KernelBlock<P>) -> String {
        var all = ""
        block.forEachArray { all += memoryDigest(UnsafeRawBufferPointer(bytes($1, $2))) }
        return memoryDigest(of: all)
    }
}
