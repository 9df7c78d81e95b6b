/// tr A of a symmetric operator known by its products, by XTrace.
///
/// With Gaussian vectors ω_1 … ω_N and Q the orthonormal basis of A ω_1 … A ω_N, each ω_i in turn is left out of the basis:
/// tr(Q_iᵀ A Q_i) + c_i ω_iᵀ (I − Q_i Q_iᵀ) A (I − Q_i Q_iᵀ) ω_i is unbiased, with c_i = (d − N + 1)/‖(I − Q_i Q_iᵀ) ω_i‖².
/// The estimate is their mean, its error that of the mean (Epperly, Tropp, Webber 2024, algorithm 1.1 and section 2.3).
/// Where A has fewer than N eigenvalues that are not 0, Q has all of them and the trace is exact to rounding.
/// Cost: 2N products and 6N²·dimension flops. Memory: 3N vectors.
public final class TraceEstimate<A: LinearOperator> {
    private let a: A
    /// ω_i, A ω_i and then the basis q_i, A q_i: [N, dimension] each.
    private let omega: MatrixBuffer<A.S>
    private let basis: MatrixBuffer<A.S>
    private let images: MatrixBuffer<A.S>
    /// R of A Ω = Q R, upper triangular, [N, N].
    private let r: MatrixBuffer<Double>
    /// Vectors of the basis; nil until all products with ω are there.
    private var rank: Int?

    /// - Parameter start: fills vector i with independent normal numbers.
    public init(_ a: A, vectors count: Int, start: (_ index: Int, UnsafeMutablePointer<A.S>) -> Void) {
        self.a = a
        omega = MatrixBuffer(count, a.dimension)
        basis = MatrixBuffer(count, a.dimension)
        images = MatrixBuffer(count, a.dimension)
        r = MatrixBuffer(count, count)
        for i in 0..<count { start(i, omega.base + i * a.dimension) }
    }

    /// The estimate with its standard error: 0 beside rounding where the whole range of A was seen, nil for one vector alone.
    /// - Returns: nil where A gives a number that is not finite.
    public func run() -> (value: Double, error: Double?)? {
        let (n, count) = (a.dimension, omega.rows)
        guard n > 0, count > 0 else { return (0, 0) }
        for i in 0..<count { a.apply(omega.base + i * n, basis.base + i * n) }
        guard A.S.dot(basis.count, basis.base, basis.base).isFinite else { return nil }
        let rank = orthogonalize()
        for i in 0..<rank { a.apply(basis.base + i * n, images.base + i * n) }
        guard A.S.dot(images.count, images.base, images.base).isFinite else { return nil }
        let h = products(basis, rank, images, rank)
        if rank < count || rank == n { return ((0..<rank).reduce(0) { $0 + h[$1, $1] }, 0) }
        return spread(of: estimates(h, products(basis, rank, omega, count)))
    }

    /// Gram-Schmidt in the rows of `basis`, until a vector lies among those before it.
    private func orthogonalize() -> Int {
        let (n, count) = (a.dimension, basis.rows)
        var rows = MendedRows(basis)
        for i in 0..<count {
            let row = basis.base + i * n
            let length = A.S.dot(n, row, row).squareRoot()
            var left = length
            for _ in 0..<2 where i > 0 {
                let (overlaps, rest) = rows.mend(i..<(i + 1))
                for j in 0..<i { r[j, i] += overlaps[j] }
                left = rest
            }
            guard left > 32 * Double(A.S.ulpOfOne) * length else { return i }
            A.S.scale(n, A.S(1 / left), row)
            r[i, i] = left
        }
        return count
    }

    /// X Yᵀ of the first rows of both.
    private func products(_ x: MatrixBuffer<A.S>, _ rows: Int, _ y: MatrixBuffer<A.S>, _ columns: Int) -> MatrixBuffer<
        Double
    > {
        let result = MatrixBuffer<Double>(rows, columns)
        var sums = [Double](repeating: 0, count: max(rows, 1) * RowDots.pieces)
        for j in 0..<columns where rows > 0 {
            A.S.rowDots(
                rows: rows, columns: a.dimension, x.base, vectors: 1, y.base + j * a.dimension, &sums)
            for i in 0..<rows { result[i, j] = sums[i] }
        }
        return result
    }

    /// One estimate for each vector, from H = Qᵀ A Q and W = Qᵀ Ω, both [N, N].
    private func estimates(_ h: MatrixBuffer<Double>, _ w: MatrixBuffer<Double>) -> [Double] {
        let (n, count) = (a.dimension, omega.rows)
        let trace = (0..<count).reduce(0) { $0 + h[$1, $1] }
        func form(_ x: [Double], _ y: [Double]) -> Double {
            x.indices.reduce(0) { sum, i in sum + x[i] * y.indices.reduce(0) { $0 + h[i, $1] * y[$1] } }
        }
        return (0..<count).map { i in
            let s = missing(i)
            let column = (0..<count).map { w[$0, i] }
            let overlap = zip(s, column).reduce(0) { $0 + $1.0 * $1.1 }
            // Coordinates of what Q_i takes of ω_i; A ω_i = Q R e_i.
            let taken = zip(s, column).map { $1 - overlap * $0 }
            let image = (0..<count).map { r[$0, i] }
            let whole = zip(column, image).reduce(0) { $0 + $1.0 * $1.1 }
            let mixed = zip(taken, image).reduce(0) { $0 + $1.0 * $1.1 }
            let row = omega.base + i * n
            let left = A.S.dot(n, row, row) - taken.reduce(0) { $0 + $1 * $1 }
            let rest = (whole - 2 * mixed + form(taken, taken)) * Double(n - count + 1) / left
            return trace - form(s, s) + rest
        }
    }

    /// The unit vector that is orthogonal to all columns of R but the i-th: the direction of Q that ω_i alone brought.
    private func missing(_ i: Int) -> [Double] {
        let count = r.rows
        var s = [Double](repeating: 0, count: count)
        // Rᵀ s = e_i by forward substitution.
        for k in i..<count {
            let sum = (i..<k).reduce(k == i ? 1 : 0) { $0 - r[$1, k] * s[$1] }
            s[k] = sum / r[k, k]
        }
        let length = s.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return s.map { $0 / length }
    }
}
