import LinearAlgebra
import Sampling
import Testing

/// Shapes around the register tiles and the pieces of the pool, thin and square.
private let shapes: [(m: Int, n: Int, k: Int)] = [
    (1, 1, 1), (1, 7, 3), (5, 1, 9), (7, 10, 6), (16, 6, 33), (47, 49, 51), (96, 97, 13), (200, 3, 64), (3, 200, 64),
    (129, 257, 65), (64, 512, 300), (20, 70, 700),
]

/// The widths of vectors that this processor has, and those of them that are not its widest.
let vectorWidths = BLAS.VectorWidth.allCases.filter { $0 <= BLAS.vectorWidth }
let narrowerWidths = vectorWidths.filter { $0 < BLAS.vectorWidth }

private func random<S: Scalar>(_ rows: Int, _ columns: Int, _ name: String) -> MatrixBuffer<S> {
    let result = MatrixBuffer<S>(rows, columns)
    RandomStream(seed: 5, name).fillNormal(result.base, count: result.count, standardDeviation: 1)
    return result
}

/// The definition, in float64, with Higham's bound on the rounding of any order of summation,
/// (k + 3) u (|α| Σ|a||b| + |β||c|) (Accuracy and Stability of Numerical Algorithms, 2nd ed., (3.5)).
private func definition<S: Scalar>(
    _ a: MatrixBuffer<S>, _ ta: Transpose, _ b: MatrixBuffer<S>, _ tb: Transpose, _ alpha: S, _ beta: S,
    _ c: MatrixBuffer<S>
) -> [(value: Double, bound: Double)] {
    var out: [(value: Double, bound: Double)] = []
    for i in 0..<c.rows {
        for j in 0..<c.columns {
            var sum = 0.0
            var magnitude = 0.0
            for l in 0..<(ta == .yes ? a.rows : a.columns) {
                let term = Double(ta == .yes ? a[l, i] : a[i, l]) * Double(tb == .yes ? b[j, l] : b[l, j])
                sum += term
                magnitude += abs(term)
            }
            let unit = Double(S.ulpOfOne) / 2
            let length = Double(ta == .yes ? a.rows : a.columns)
            let scale = abs(Double(alpha)) * magnitude + abs(Double(beta) * Double(c[i, j]))
            out.append((Double(alpha) * sum + Double(beta) * Double(c[i, j]), (length + 3) * unit * scale))
        }
    }
    return out
}

private func checkProducts<S: Scalar>(_ type: S.Type) {
    for (m, n, k) in shapes {
        for (ta, tb) in [(Transpose.no, Transpose.no), (.yes, .no), (.no, .yes), (.yes, .yes)] {
            for (alpha, beta) in [(S(1), S(0)), (S(-0.5), S(1)), (S(2), S(0.25))] {
                let a: MatrixBuffer<S> = ta == .yes ? random(k, m, "a") : random(m, k, "a")
                let b: MatrixBuffer<S> = tb == .yes ? random(n, k, "b") : random(k, n, "b")
                let c: MatrixBuffer<S> = random(m, n, "c")
                let expected = definition(a, ta, b, tb, alpha, beta, c)
                // Where β is 0, what was there is not read.
                let start = beta == 0 ? [S](repeating: .nan, count: c.count) : c.entries
                let found = MatrixBuffer<S>(m, n, start)
                MatrixBuffer.product(a, ta, b, tb, alpha: alpha, beta: beta, into: found)
                let isWithin = zip(found.entries, expected).allSatisfy { abs(Double($0) - $1.value) <= $1.bound }
                #expect(isWithin, "\(m)x\(n)x\(k) \(ta) \(tb) α=\(alpha) β=\(beta)")

                // A ReLU that is taken along is that of a pass of its own, by the product's sign or by another's.
                for sign: MatrixBuffer<S>? in [nil, random(m, n, "sign")] {
                    let rectified = MatrixBuffer<S>(m, n, start)
                    S.gemm(
                        ta, tb, m: m, n: n, k: k, alpha: alpha, a.base, a.columns, b.base, b.columns, beta: beta,
                        rectified.base, n, slope: S(0.25), where: sign.map { UnsafePointer($0.base) })
                    let apart = zip(found.entries, (sign ?? found).entries).map { $1 > 0 ? $0 : S(0.25) * $0 }
                    #expect(rectified.entries == apart, "\(m)x\(n)x\(k) \(ta) \(tb) α=\(alpha) β=\(beta)")
                }
            }
        }
    }
}

@Suite(.serialized) struct ProductTests {
    @Test(arguments: [1, 2, 3].map { ($0, BLAS.vectorWidth) } + narrowerWidths.map { (2, $0) })
    func productsMatchTheirDefinition(threads: Int, width: BLAS.VectorWidth) {
        BLAS.threadCount = threads
        BLAS.limitTiles(to: width)
        defer { BLAS.limitTiles(to: nil) }
        checkProducts(Float.self)
        checkProducts(Double.self)
    }

    @Test func vectorProductsMatchMatrixProducts() {
        for (m, n) in [(1, 1), (5, 7), (300, 1000), (1000, 300)] {
            let a: MatrixBuffer<Double> = random(m, n, "a")
            let x: MatrixBuffer<Double> = random(1, max(m, n), "x")
            for transpose in [Transpose.no, .yes] {
                let rows = transpose == .yes ? n : m
                let y: MatrixBuffer<Double> = random(1, rows, "y")
                let expected = (0..<rows).map { i -> Double in
                    let sum = (0..<(transpose == .yes ? m : n)).reduce(0.0) {
                        $0 + (transpose == .yes ? a[$1, i] : a[i, $1]) * x[0, $1]
                    }
                    return 2 * sum - y[0, i]
                }
                Double.gemv(transpose, rows: m, columns: n, alpha: 2, a.base, x.base, beta: -1, y.base)
                #expect(zip(y.entries, expected).allSatisfy { abs($0 - $1) < 1e-11 })
            }
        }
    }

    @Test func equalThreadsGiveEqualBits() {
        let a: MatrixBuffer<Float> = random(300, 500, "a")
        let b: MatrixBuffer<Float> = random(500, 400, "b")
        for threads in [1, 2, 4] {
            BLAS.threadCount = threads
            let results = (0..<20).map { _ -> [Float] in
                let c = MatrixBuffer<Float>(300, 400)
                MatrixBuffer.product(a, .no, b, .no, into: c)
                return c.entries
            }
            #expect(results.allSatisfy { $0 == results[0] })
        }
    }

    /// Many jobs of every size in quick succession: each piece runs exactly once, on any number of threads.
    @Test func thePoolRunsEveryPieceOnce() {
        let pieces = 12
        let piece = 16384
        let ones = MatrixBuffer<Float>(1, pieces * piece, [Float](repeating: 1, count: pieces * piece))
        let sums = MatrixBuffer<Float>(1, pieces * piece)
        for round in 0..<12_000 {
            BLAS.threadCount = 1 + round / 2000
            Float.axpy((round % pieces + 1) * piece, 1, ones.base, sums.base)
        }
        #expect((0..<(pieces * piece)).allSatisfy { sums.base[$0] == Float(12_000 - 1000 * ($0 / piece)) })
    }

    @Test(arguments: [2, 4]) func vectorKernelsDoNotDependOnThreads(threads: Int) {
        let x: MatrixBuffer<Float> = random(1, 300_001, "x")
        let y: MatrixBuffer<Float> = random(1, 300_001, "y")
        func results() -> ([Float], Double, Double) {
            let z = MatrixBuffer<Float>(1, y.count, y.entries)
            Float.axpy(z.count, 0.3, x.base, z.base)
            Float.rectifyMask(z.count, 0.1, x.base, z.base, z.base)
            return (z.entries, Float.dot(z.count, x.base, y.base), Float.squaredDistance(z.count, x.base, y.base))
        }
        BLAS.threadCount = 1
        let alone = results()
        BLAS.threadCount = threads
        #expect(results() == alone)
    }
}
