import CScaLAPACK
import Files
import LinearAlgebra

/// Which entries of a matrix this process holds: Fortran's order, column after column, in blocks dealt out over a grid.
struct BlockLayout {
    let grid: ProcessGrid
    let rows: Int
    let columns: Int
    let localRows: Int
    let localColumns: Int
    /// As ScaLAPACK reads it.
    let descriptor: [Int32]
    private let rowBlock: Int
    private let columnBlock: Int

    /// - Throws: `LabError` where ScaLAPACK refuses it.
    init(_ grid: ProcessGrid, rows: Int, columns: Int, rowBlock: Int, columnBlock: Int) throws {
        self.grid = grid
        (self.rows, self.columns, self.rowBlock, self.columnBlock) = (rows, columns, rowBlock, columnBlock)
        localRows = Self.share(rows, rowBlock, grid.row, grid.rows)
        localColumns = Self.share(columns, columnBlock, grid.column, grid.columns)
        var descriptor = [Int32](repeating: 0, count: Int(SL_DESCRIPTOR))
        let info = sl_describe(
            &descriptor, Int32(rows), Int32(columns), Int32(rowBlock), Int32(columnBlock), grid.context,
            Int32(localRows))
        guard info == 0 else { throw LabError("ScaLAPACK refuses a matrix [\(rows), \(columns)]: info \(info)") }
        self.descriptor = descriptor
    }

    /// Of `count` rows in blocks, how many the process at a place among `places` holds.
    static func share(_ count: Int, _ block: Int, _ place: Int, _ places: Int) -> Int {
        Int(sl_local_count(Int32(count), Int32(block), Int32(place), Int32(places)))
    }

    /// Room for the entries of this process, a local column a row; zeros.
    func allocate() -> MatrixBuffer<Double> { MatrixBuffer(localColumns, localRows) }

    /// The row of the whole matrix that a local one is.
    func globalRow(_ local: Int) -> Int { (local / rowBlock * grid.rows + grid.row) * rowBlock + local % rowBlock }

    func globalColumn(_ local: Int) -> Int {
        (local / columnBlock * grid.columns + grid.column) * columnBlock + local % columnBlock
    }
}

/// Some columns of a matrix in one layout, from one on, with the memory of its entries here.
struct BlockColumns {
    let layout: BlockLayout
    let base: UnsafeMutablePointer<Double>
    var first = 0

    /// Copies `count` columns over to another layout.
    /// - Parameter grid: one that all processes of both are in.
    func copy(_ count: Int, to other: BlockColumns, on grid: ProcessGrid) {
        sl_copy(
            Int32(layout.rows), Int32(count), base, Int32(first), layout.descriptor, other.base, Int32(other.first),
            other.layout.descriptor, grid.context)
    }
}
