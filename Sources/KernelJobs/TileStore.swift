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

    /// What decides the entries of a kernel: equal for equal bytes.
    struct Identity: Codable, Equatable {
        let parameters: String
        let data: String
        let outputs: String
        let against: String
        let step: Int
        let precision: String
        let grid: TileGrid
        let environment: String

        fileprivate var fields: [(name: String, value: String)] {
            [
                ("step", "\(step)"), ("outputs", outputs), ("against", against), ("precision", precision),
                ("samples", "\(grid.columns) and \(grid.rows)"), ("samples of a tile (--memory)", "\(grid.side)"),
                ("tiles kept at once (--memory)", "\(grid.strip)"), ("data", data), ("parameters", parameters),
                ("program and machine", environment),
            ]
        }
    }

    /// Opens or makes the folder of a job.
    /// - Throws: `LabError` where it holds tiles of another one.
    init(_ folder: String, _ grid: TileGrid, rowsEach: Int, identity: Identity) throws {
        self.folder = folder
        self.grid = grid
        self.rowsEach = rowsEach
        try WholeFile.makeFolder(folder)
        lock = try FileLock(folder + "/.lock", of: folder, warn: Diagnostics.line)
        let path = folder + "/job.json"
        guard access(path, F_OK) == 0 else {
            // Tiles without a record are what is left of a job whose folder was being removed.
            for name in try Self.names(in: folder) where name.hasPrefix("tile-") {
                try WholeFile.remove("\(folder)/\(name)")
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try RunDirectory.write(String(decoding: encoder.encode(identity), as: UTF8.self) + "\n", to: path)
            return
        }
        let found: Identity
        do {
            found = try JSONDecoder().decode(Identity.self, from: Data(PlainFile.read(path, limit: 1 << 20)))
        } catch {
            throw LabError("\(path): is not the record of a kernel job: remove the folder to begin anew")
        }
        for (own, other) in zip(identity.fields, found.fields) where own.value != other.value {
            throw LabError(
                "\(folder): holds an unfinished kernel of another job: \(own.name): expected \(own.value), found "
                    + "\(other.value); finish that one with its own options, remove the folder, or choose another --out"
            )
        }
    }

    private static func names(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw LabError("\(folder): cannot be read: \(reason(error))")
        }
    }

    private func path(_ tile: TileGrid.Tile) -> String { "\(folder)/tile-\(tile.row)-\(tile.column).h5" }

    func shape(_ tile: TileGrid.Tile) -> (rows: Int, columns: Int) {
        (grid.samples(row: tile.row).count * rowsEach, grid.samples(column: tile.column).count * rowsEach)
    }

    /// Whether a tile is there and sound; one that is damaged will be made again.
    func has(_ tile: TileGrid.Tile) throws -> Bool {
        guard FileManager.default.fileExists(atPath: path(tile)) else { return false }
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

    /// Rows first..<first + count of the kernel, whole, into memory [count, columns].
    ///
    /// - Parameter scratch: room for the largest tile.
    func readRows(first: Int, count: Int, scratch: MatrixBuffer<P>, into memory: UnsafeMutablePointer<P>) throws {
        let columns = grid.columns * rowsEach
        let side = grid.side * rowsEach
        for tileRow in (first / side)...((first + count - 1) / side) {
            let rows = max(first, tileRow * side)..<min(first + count, (tileRow + 1) * side)
            for tileColumn in 0..<grid.columnTiles {
                let tile = TileGrid.Tile(row: tileRow, column: tileColumn)
                let isMirrored = !grid.contains(tile)
                let stored = isMirrored ? TileGrid.Tile(row: tileColumn, column: tileRow) : tile
                try read(stored, into: scratch.base)
                let width = shape(tile).columns
                for row in rows {
                    let to = memory + (row - first) * columns + tileColumn * side
                    let local = row - tileRow * side
                    if isMirrored {
                        let step = shape(stored).columns
                        for c in 0..<width { to[c] = scratch.base[c * step + local] }
                    } else {
                        to.update(from: scratch.base + local * width, count: width)
                    }
                }
            }
        }
    }
}

/// y = Θ x from the tiles, each read once a product.
final class TiledKernel<P: Scalar & HDF5Element>: LinearOperator {
    private let store: TileStore<P>
    private let scratch: MatrixBuffer<P>
    /// The first failure to read; a product after it is not a number.
    private(set) var failure: (any Error)?

    init(_ store: TileStore<P>) {
        self.store = store
        let side = store.grid.side * store.rowsEach
        scratch = MatrixBuffer(side, side)
    }

    var dimension: Int { store.grid.rows * store.rowsEach }

    func apply(_ x: UnsafePointer<P>, _ out: UnsafeMutablePointer<P>) {
        out.update(repeating: 0, count: dimension)
        let side = store.grid.side * store.rowsEach
        for tile in store.grid.tiles where failure == nil {
            do {
                try store.read(tile, into: scratch.base)
            } catch {
                failure = error
                out.update(repeating: .nan, count: dimension)
                return
            }
            let (rows, columns) = store.shape(tile)
            let (top, left) = (tile.row * side, tile.column * side)
            P.gemv(.no, rows: rows, columns: columns, alpha: 1, scratch.base, x + left, beta: 1, out + top)
            guard tile.row != tile.column else { continue }
            P.gemv(.yes, rows: rows, columns: columns, alpha: 1, scratch.base, x + top, beta: 1, out + left)
        }
    }
}
