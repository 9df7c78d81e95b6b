import CLinearAlgebra

/// How `Scalar.rowDots` cuts its sums.
public enum RowDots {
    /// Sums that are kept for each row, whatever the number of threads.
    public static var pieces: Int { Int(LA_ROW_DOTS_PIECES) }
}

/// Rows of a matrix that are made orthogonal to rows before them: few, and longer than the caches, so that what counts is how often
/// they are read.
struct MendedRows<S: Scalar> {
    /// [capacity, dimension].
    let matrix: MatrixBuffer<S>
    private var factors: [S] = []
    private var sums: [Double]

    init(_ matrix: MatrixBuffer<S>) {
        self.matrix = matrix
        sums = [Double](repeating: 0, count: 4 * RowDots.pieces)
    }

    /// ⟨row, other⟩ for some rows, and others: [rows, others]. Cost: a pass over all.
    mutating func dots(of rows: Range<Int>, with others: Range<Int>) -> ArraySlice<Double> {
        let count = rows.count * others.count
        if sums.count < count * RowDots.pieces { sums = [Double](repeating: 0, count: count * RowDots.pieces) }
        let n = matrix.columns
        S.rowDots(
            rows: others.count, columns: n, matrix.base + others.lowerBound * n, vectors: rows.count,
            matrix.base + rows.lowerBound * n, &sums)
        return sums.prefix(count)
    }

    /// row ← row − Σ c_i others_i for rows in turn, the others being those from `first` up to the row; in one pass.
    /// - Parameter c: [rows, rows.upperBound − 1 − first].
    /// - Returns: the dot products of the last row with the `dots` rows that end with itself, 1 to 4.
    mutating func subtract(
        from first: Int, _ c: some Sequence<Double>, of rows: Range<Int>, dots: Int
    ) -> ArraySlice<Double> {
        precondition((1...4).contains(dots) && dots <= rows.upperBound, "dot products with 1 to 4 rows that are there")
        factors = c.map { S($0) }
        let n = matrix.columns
        S.subtractRows(
            rows: rows.lowerBound - first, columns: n, matrix.base + first * n, vectors: rows.count, factors,
            dots: dots, &sums)
        return sums.prefix(dots)
    }

    /// row ← row − Σ ⟨row, other⟩ other over all rows before it, for some rows in turn; of overlaps among these rows their squares
    /// are left. Cost: two passes over all.
    ///
    /// - Returns: ⟨row, other⟩ as they were, [rows, rows.upperBound − 1], and the length of the last row.
    @discardableResult
    mutating func mend(_ rows: Range<Int>) -> (overlaps: [Double], left: Double) {
        let width = rows.upperBound - 1
        let overlaps = Array(dots(of: rows, with: 0..<width))
        return (overlaps, subtract(from: 0, overlaps, of: rows, dots: 1)[0].squareRoot())
    }
}
