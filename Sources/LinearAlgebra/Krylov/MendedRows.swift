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
        sums = [Double](repeating: 0, count: RowDots.pieces)
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

    /// row ← row − Σ c_i other_i for rows in turn, the others being `others` and those of these rows that come before; in one pass.
    /// - Parameter c: [rows, others and all these rows but the last].
    /// - Returns: the length of the last row.
    mutating func subtract(_ others: Range<Int>, _ c: some Sequence<Double>, of rows: Range<Int>) -> Double {
        factors = c.map { S($0) }
        let n = matrix.columns
        S.subtractRows(
            rows: others.count, columns: n, matrix.base + others.lowerBound * n, vectors: rows.count,
            matrix.base + rows.lowerBound * n, factors, &sums)
        return sums[0].squareRoot()
    }

    /// row ← row − Σ ⟨row, other⟩ other over `others`, or over all rows before it, for some rows in turn; of overlaps among these rows
    /// their squares are left. Cost: two passes over all.
    ///
    /// - Returns: ⟨row, other⟩ as they were, [rows, others], and the length of the last row.
    @discardableResult
    mutating func mend(_ rows: Range<Int>, against others: Range<Int>? = nil) -> (overlaps: [Double], left: Double) {
        let overlaps = Array(dots(of: rows, with: others ?? 0..<(rows.upperBound - 1)))
        return (overlaps, subtract(others ?? 0..<rows.lowerBound, overlaps, of: rows))
    }
}
