import HDF5
import LinearAlgebra

extension TileStore {
    /// Rows first..<first + count of the kernel, whole, into memory [count, columns].
    ///
    /// - Parameter scratch: room for the largest tile.
    @specialized(where P == Float)
    @specialized(where P == Double)
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
