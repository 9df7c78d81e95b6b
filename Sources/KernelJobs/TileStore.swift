import Console
import Files
import Foundation
import HDF5
import LinearAlgebra
import Runs

/// The finished tiles of a kernel on disk, a file each, and what they belong to.
///
/// A tile appears whole or not at all, and carries a digest; a job that was killed finds those it had finished.
struct TileStore<P: Scalar & HDF5Element> {
    let folder: String
    let grid: TileGrid
    /// Rows of the kernel for a sample.
    let rowsEach: Int
    private let lock: FileLock

    /// Opens or makes the folder of a job.
    /// - Throws: `LabError` where it holds tiles of another one.
    init(_ folder: String, _ grid: TileGrid, rowsEach: Int, identity: KernelIdentity) throws {
        self.folder = folder
        self.grid = grid
        self.rowsEach = rowsEach
        try WholeFile.makeFolder(folder)
        lock = try FileLock(folder + "/.lock", of: folder, warn: Diagnostics.line)
        let path = folder + "/job.json"
        guard Disk.exists(path) else {
            // Tiles without a record are what is left of a job whose folder was being removed.
            for name in try Disk.names(in: folder) where name.hasPrefix("tile-") {
                try WholeFile.remove("\(folder)/\(name)")
            }
            try identity.write(to: path)
            return
        }
        try identity.refuseOther(KernelIdentity(reading: path), in: folder)
    }

    private func path(_ tile: TileGrid.Tile) -> String { "\(folder)/tile-\(tile.row)-\(tile.column).h5" }

    func shape(_ tile: TileGrid.Tile) -> (rows: Int, columns: Int) {
        (grid.samples(row: tile.row).count * rowsEach, grid.samples(column: tile.column).count * rowsEach)
    }

    /// Whether a tile is there and sound; one that is damaged will be made again.
    func has(_ tile: TileGrid.Tile) throws -> Bool {
        guard Disk.exists(path(tile)) else { return false }
        return try FileDigest.verify(path(tile)) == .sound
    }

    /// - Parameter traces: of the layers over the tile's samples, for a tile on the diagonal.
    func write(_ tile: TileGrid.Tile, _ memory: UnsafePointer<P>, traces: [Double]) throws {
        let (rows, columns) = shape(tile)
        try HDF5Writer.write(to: path(tile)) { file in
            try file.dataset("/tile", memory, shape: [rows, columns])
            try file.dataset("/layer_trace", traces)
        }
    }

    func read(_ tile: TileGrid.Tile, into memory: UnsafeMutablePointer<P>) throws {
        let (rows, columns) = shape(tile)
        try HDF5File(reading: path(tile)).read("/tile", shape: [rows, columns], into: memory)
    }

    /// The layers' traces over all samples, added up from the tiles on the diagonal.
    func layerTraces(count: Int) throws -> [Double] {
        var total = [Double](repeating: 0, count: count)
        for row in 0..<grid.rowTiles where grid.isSymmetric {
            let own = try HDF5File(reading: path(TileGrid.Tile(row: row, column: row)))
                .read("/layer_trace", as: Double.self, limit: count).values
            for (index, value) in own.enumerated() { total[index] += value }
        }
        return total
    }

    /// Removes all of it, the record first: tiles without it are nobody's.
    func remove() throws {
        try WholeFile.remove(folder + "/job.json")
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            throw LabError("\(folder): cannot be removed: \(reason(error))")
        }
    }
}
