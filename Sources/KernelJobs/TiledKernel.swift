import HDF5
import LinearAlgebra

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
