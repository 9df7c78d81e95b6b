import CScaLAPACK

/// Processes in rows and columns, over which blocks of a matrix are dealt out.
struct ProcessGrid {
    let rows: Int
    let columns: Int
    /// Where this process stands; negative outside of the grid.
    let row: Int
    let column: Int
    let context: Int32

    init(rows: Int, columns: Int) {
        var (row, column): (Int32, Int32) = (-1, -1)
        context = sl_grid(Int32(rows), Int32(columns), &row, &column)
        (self.rows, self.columns) = (rows, columns)
        (self.row, self.column) = (Int(row), Int(column))
    }

    /// So many processes, as nearly square as their number allows: what is sent grows with the sum of both sides.
    init(near count: Int) {
        let rows = (1...count).last { $0 * $0 <= count && count % $0 == 0 } ?? 1
        self.init(rows: rows, columns: count / rows)
    }

    /// All in one row: each holds whole columns.
    init(row count: Int) { self.init(rows: 1, columns: count) }
}
