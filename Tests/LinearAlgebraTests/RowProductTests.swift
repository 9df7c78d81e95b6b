import LinearAlgebra
import Sampling
import Testing

/// Rows less those before them, of one, two and five vectors, and what the last is to the rows that end with it, against sums in their definition; of more columns
/// than are summed at once, and not a multiple of them.
@Test(arguments: [1, 2, 5], [1, 2, 3, 4]) func rowsAreSubtractedAndMultiplied(vectors: Int, dots: Int) {
    check(Float.self, vectors: vectors, dots: dots, tolerance: 1e-5)
    check(Double.self, vectors: vectors, dots: dots, tolerance: 1e-13)
}

private func check<S: Scalar>(_ type: S.Type, vectors: Int, dots: Int, tolerance: Double) {
    for (rows, columns) in [(5, 7), (40, 5000), (6, 64 * 2048 + 2 * 2048 + 13)] {
        let stream = RandomStream(seed: 1, "rows")
        let all = MatrixBuffer<S>(rows + vectors, columns)
        stream.fillNormal(all.base, count: all.count, standardDeviation: 1)
        let exact = all.copy()
        let width = rows + vectors - 1
        let factors = (0..<(width * vectors)).map { S(Double($0 % 7) / 7 - 0.4) }
        var sums = [Double](repeating: .nan, count: 4 * RowDots.pieces)
        S.subtractRows(
            rows: rows, columns: columns, all.base, vectors: vectors, factors, dots: dots, &sums)
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
        for k in 0..<dots {
            let row = last - dots + 1 + k
            let sum = (0..<columns).reduce(0.0) { $0 + Double(all[row, $1]) * Double(all[last, $1]) }
            let size = (0..<columns).reduce(0.0) { $0 + abs(Double(all[row, $1]) * Double(all[last, $1])) }
            #expect(abs(sums[k] - sum) <= tolerance * size, "\(rows), \(columns), \(k): \(sums[k]), \(sum)")
        }
    }
}
