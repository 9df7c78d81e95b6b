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
    private let factors: MatrixBuffer<S>
    private var sums: [Double]

    init(_ matrix: MatrixBuffer<S>) {
        self.matrix = matrix
        factors = MatrixBuffer(2, max(matrix.rows, 1))
        sums = [Double](repeating: 0, count: 4 * RowDots.pieces)
    }

    /// ⟨row, other⟩ for other rows. Cost: a pass over both.
    mutating func dots(of row: Int, with others: Range<Int>) -> ArraySlice<Double> {
        dots(of: row..<(row + 1), with: others)
    }

    /// The same for a row or two that follow one another: [rows, others].
    private mutating func dots(of rows: Range<Int>, with others: Range<Int>) -> ArraySlice<Double> {
        let count = rows.count * others.count
        if sums.count < count * RowDots.pieces { sums = [Double](repeating: 0, count: count * RowDots.pieces) }
        let n = matrix.columns
        S.rowDots(
            rows: others.count, columns: n, matrix.base + others.lowerBound * n, vectors: rows.count,
            matrix.base + rows.lowerBound * n, &sums)
        return sums.prefix(count)
    }

    /// row ← row − Σ c_i others_i, in one pass.
    /// - Returns: its dot products with the `dots` rows that end with itself, 1 to 4.
    mutating func subtract(
        _ others: Range<Int>, _ c: some Sequence<Double>, from row: Int, dots: Int
    ) -> ArraySlice<Double> {
        subtract(others, c, from: row..<(row + 1), dots: dots)
    }

    private mutating func subtract(
        _ others: Range<Int>, _ c: some Sequence<Double>, from rows: Range<Int>, dots: Int
    ) -> ArraySlice<Double> {
        precondition((1...4).contains(dots) && dots <= rows.upperBound, "dot products with 1 to 4 rows that are there")
        for (i, factor) in c.enumerated() { factors.base[i] = S(factor) }
        let n = matrix.columns
        S.subtractRows(
            rows: others.count, columns: n, matrix.base + others.lowerBound * n, vectors: rows.count, factors.base,
            matrix.base + rows.lowerBound * n, dots: dots, &sums)
        return sums.prefix(dots)
    }

    /// row ← row − Qᵀ Q row, Q the other rows. Cost: two passes over all.
    /// - Returns: Q row, and the length that is left.
    @discardableResult
    mutating func mend(_ row: Int, by others: Range<Int>) -> (overlaps: ArraySlice<Double>, left: Double) {
        let overlaps = dots(of: row, with: others)
        return (overlaps, subtract(others, overlaps, from: row, dots: 1)[0].squareRoot())
    }

    /// The same for two rows that follow one another.
    /// - Returns: the largest overlap of the first, and the dot products of the second with both.
    mutating func mend(_ pair: Range<Int>, by others: Range<Int>) -> (largest: Double, left: ArraySlice<Double>) {
        let overlaps = dots(of: pair, with: others)
        let largest = overlaps.prefix(others.count).reduce(0) { max($0, abs($1)) }
        return (largest, subtract(others, overlaps, from: pair, dots: 2))
    }
}
