import CLinearAlgebra

/// How `Scalar.rowDots` cuts its sums.
public enum RowDots {
    /// Sums that are kept for each row, whatever the number of threads.
    public static var pieces: Int { Int(LA_ROW_DOTS_PIECES) }
}

/// All Krylov vectors of an operator, each made orthogonal to those before it, to rounding.
///
/// What the recurrence of three terms leaves loses orthogonality only as Ritz values converge; subtracting the overlaps
/// with all vectors mends that. Once is enough where it takes little away, which the lengths before and after show; else
/// it is done again (Daniel, Gragg, Kaufman, Stewart 1976; Parlett, The Symmetric Eigenvalue Problem, section 6.9).
/// Memory: `capacity` vectors. Cost of a step: a product, and all vectors so far read twice.
final class KrylovBasis<A: LinearOperator>: KrylovVectors {
    let a: A
    /// [capacity, dimension], of which `count` rows are there.
    let vectors: MatrixBuffer<A.S>
    private(set) var count: Int
    private var beta: Double
    private var sums: [Double] = []
    private let overlaps: MatrixBuffer<A.S>
    /// Whether there is no vector to begin with.
    var isZero: Bool { count == 0 }

    /// - Parameter start: [dimension], not zero; its length does not matter.
    init(_ a: A, _ start: UnsafePointer<A.S>, capacity: Int) {
        self.a = a
        vectors = MatrixBuffer(capacity, max(a.dimension, 1))
        overlaps = MatrixBuffer(1, capacity)
        vectors.base.update(from: start, count: a.dimension)
        (count, beta) = (0, 0)
        if Self.normalize(vectors.base, a.dimension) > 0 { count = 1 }
    }

    /// As it was after some steps.
    /// - Parameter beta: length of what the last step left.
    init(_ a: A, _ vectors: MatrixBuffer<A.S>, count: Int, beta: Double) {
        self.a = a
        self.vectors = vectors
        self.count = count
        self.beta = beta
        overlaps = MatrixBuffer(1, vectors.rows)
    }

    func advance() -> (alpha: Double, beta: Double, scale: Double)? {
        let n = a.dimension
        let last = vectors.base + (count - 1) * n
        let next = last + n
        a.apply(last, next)
        let scale = A.S.dot(n, next, next).squareRoot()
        guard scale.isFinite else { return nil }
        let alpha = A.S.dot(n, last, next)
        A.S.axpy(n, A.S(-alpha), last, next)
        if count > 1 { A.S.axpy(n, A.S(-beta), last - n, next) }
        var length = A.S.dot(n, next, next).squareRoot()
        // Three times at most: what is left after that is rounding.
        for _ in 0..<3 {
            orthogonalize(next)
            let left = A.S.dot(n, next, next).squareRoot()
            let isEnough = left > 0.7 * length
            length = left
            if isEnough { break }
        }
        beta = Self.normalize(next, n)
        count += 1
        return (alpha, beta, scale)
    }

    /// v ← v/‖v‖; returns ‖v‖ and leaves a zero vector alone.
    private static func normalize(_ v: UnsafeMutablePointer<A.S>, _ n: Int) -> Double {
        let norm = A.S.dot(n, v, v).squareRoot()
        if norm > 0, norm.isFinite { A.S.scale(n, A.S(1 / norm), v) }
        return norm
    }

    /// v ← v − Qᵀ Q v, Q [count, dimension] the vectors so far.
    private func orthogonalize(_ v: UnsafeMutablePointer<A.S>) {
        let room = count * RowDots.pieces
        if sums.count < room { sums = [Double](repeating: 0, count: room) }
        A.S.rowDots(rows: count, columns: vectors.columns, vectors.base, v, &sums)
        for i in 0..<count { overlaps.base[i] = A.S(sums[i]) }
        A.S.gemv(.yes, rows: count, columns: vectors.columns, alpha: -1, vectors.base, overlaps.base, beta: 1, v)
    }
}
