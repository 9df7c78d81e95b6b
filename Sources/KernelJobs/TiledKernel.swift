import HDF5
import LinearAlgebra

/// y = Θ x from the tiles, each read once a product, or once for all where memory has room for it.
final class TiledKernel<P: Scalar & HDF5Element>: LinearOperator {
    private let store: TileStore<P>
    private let scratch: MatrixBuffer<P>
    private var kept: [TileGrid.Tile: MatrixBuffer<P>] = [:]
    private var room: Int
    /// The first failure to read; a product after it is not a number.
    private(set) var failure: (any Error)?

    /// - Parameter bytes: what tiles may take that are kept.
    init(_ store: TileStore<P>, bytes: Int) {
        (self.store, room) = (store, bytes)
        let side = store.grid.side * store.rowsEach
        scratch = MatrixBuffer(side, side)
    }

    var dimension: Int { store.grid.rows * store.rowsEach }

    func apply(_ x: UnsafePointer<P>, _ out: UnsafeMutablePointer<P>) {
        out.update(repeating: 0, count: dimension)
        let side = store.grid.side * store.rowsEach
        for tile in store.grid.tiles where failure == nil {
            let entries: MatrixBuffer<P>
            do { entries = try read(tile) } catch {
                failure = error
                out.update(repeating: .nan, count: dimension)
                return
            }
            let (rows, columns) = store.shape(tile)
            let (top, left) = (tile.row * side, tile.column * side)
            P.gemv(.no, rows: rows, columns: columns, alpha: 1, entries.base, x + left, beta: 1, out + top)
            guard tile.row != tile.column else { continue }
            P.gemv(.yes, rows: rows, columns: columns, alpha: 1, entries.base, x + top, beta: 1, out + left)
        }
    }

    private func read(_ tile: TileGrid.Tile) throws -> MatrixBuffer<P> {
        if let known = kept[tile] { return known }
        let (rows, columns) = store.shape(tile)
        let bytes = rows * columns * MemoryLayout<P>.stride
        guard bytes <= room else {
            try store.read(tile, into: scratch.base)
            return scratch
        }
        let own = MatrixBuffer<P>(rows, columns)
        try store.read(tile, into: own.base)
        room -= bytes
        kept[tile] = own
        return own
    }
}
