import Execution
import Files
import HDF5
import LinearAlgebra

/// The finished tiles of a kernel on disk, a file each, and what they belong to.
///
/// A tile appears whole or not at all, and carries a digest; a job that was killed finds those it had finished.
struct TileStore<P: Scalar & HDF5Element> {
    let folder: JobFolder
    let grid: TileGrid
    /// Rows of the kernel for a sample.
    let rowsEach: Int
    /// Of the job's identity: a tile that a process writes which slept through the end of its job is not another's.
    let mark: String

    init(_ folder: JobFolder, _ identity: KernelIdentity, rowsEach: Int) {
        (self.folder, grid, self.rowsEach, mark) = (folder, identity.grid, rowsEach, identity.digest)
    }

    private func path(_ tile: TileGrid.Tile) -> String { "\(folder.path)/\(tile.name).h5" }

    func shape(_ tile: TileGrid.Tile) -> (rows: Int, columns: Int) {
        (grid.samples(row: tile.row).count * rowsEach, grid.samples(column: tile.column).count * rowsEach)
    }

    /// The tiles that are there.
    func tiles() throws -> Set<TileGrid.Tile> {
        let names = Set(try Disk.names(in: folder.path))
        return Set(grid.tiles.filter { names.contains($0.name + ".h5") })
    }

    func has(_ tile: TileGrid.Tile) -> Bool { Disk.exists(path(tile)) }

    /// Removes a tile that is damaged or another job's, so that it is made again.
    /// - Returns: whether it is still there.
    func keepsSound(_ tile: TileGrid.Tile) throws -> Bool {
        guard has(tile) else { return false }
        if try FileDigest.verify(path(tile)) == .sound, try isOwn(HDF5File(reading: path(tile))) { return true }
        try WholeFile.remove(path(tile))
        return false
    }

    func isOwn(_ file: HDF5File) throws -> Bool { try file.string("job", of: "/") == mark }

    /// - Parameter traces: of the layers over the tile's samples, for a tile on the diagonal.
    func write(_ tile: TileGrid.Tile, _ memory: UnsafePointer<P>, traces: [Double]) throws {
        let (rows, columns) = shape(tile)
        try HDF5Writer.write(to: path(tile)) { file in
            try file.dataset("/tile", memory, shape: [rows, columns])
            try file.dataset("/layer_trace", traces)
            try file.attribute("job", mark)
        }
    }

    /// - Throws: `Interrupted` where a signal has come: tiles are read when all are there, and stay.
    func read(_ tile: TileGrid.Tile, into memory: UnsafeMutablePointer<P>) throws {
        if Interruption.isRequested { throw Interrupted() }
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
}

/// Stopped by a signal.
struct Interrupted: Error {}
