import LinearAlgebra
import Sampling
import Testing

/// One, two and five vectors less rows and less those before them, and the length of the last, against sums in their definition; of
/// more columns than are summed at once, and not a multiple of them.
@Test(arguments: [1, 2, 5]) func rowsAreSubtractedAndMeasured(vectors: Int) {
    check(Float.self, vectors: vectors, tolerance: 1e-5)
    check(Double.self, vectors: vectors, tolerance: 1e-13)
}

private func check<S: Scalar>(_ type: S.Type, vectors: Int, tolerance: Double) {
    for (rows, columns) in [(5, 7), (40, 5000), (6, 64 * 2048 + 2 * 2048 + 13)] {
        let stream = RandomStream(seed: 1, "rows")
        let all = MatrixBuffer<S>(rows + vectors, columns)
        stream.fillNormal(all.base, count: all.count, standardDeviation: 1)
        let exact = all.copy()
        let width = rows + vectors - 1
        let factors = (0..<(width * vectors)).map { S(Double($0 % 7) / 7 - 0.4) }
        var sums = [Double](repeating: .nan, count: RowDots.pieces)
        S.subtractRows(
            rows: rows, columns: columns, all.base, vectors: vectors, all.base + rows * columns, factors, &sums)
        var worst = 0.0
        for v in 0..<vectors {
            for j in 0..<columns {
                let sum = (0..<(rows + v)).reduce(0.0) { $0 + Double(factors[v * width + $1]) * Double(exact[$1, j]) }
                worst = max(worst, abs(Double(all[rows + v, j]) - Double(exact[rows + v, j]) + sum))
                exact[rows + v, j] -= S(sum)
            }
        }
        #expect(worst <= 10 * tolerance, "\(rows), \(columns): \(worst)")
        let last = rows + vectors - 1
        let square = (0..<columns).reduce(0.0) { $0 + Double(all[last, $1]) * Double(all[last, $1]) }
        #expect(abs(sums[0] - square) <= tolerance * square, "\(rows), \(columns): \(sums[0]), \(square)")
    }
}
