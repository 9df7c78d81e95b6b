/// Both ends of the spectrum of A by the Lanczos iteration with full reorthogonalization.
///
/// Krylov vectors are kept in the operator's own precision, coefficients in float64. The residual of a Ritz pair is
/// β_k |s_k|, with s the eigenvector of the tridiagonal matrix; the eigenvalue's own error is of the order of its square.
/// Cost: `steps` products and 2·steps²·dimension flops; steps · dimension numbers of memory.
/// Source: Golub and Van Loan, Matrix Computations, 4th ed., sections 10.1 and 10.3.
/// - Parameters:
///   - start: a vector of `dimension` entries, not zero; the result does not depend on its length.
///   - isConverged: asked after each of the first 60 steps, then after every eighth.
public func extremeEigenvalues<A: LinearOperator>(
    of a: A, start: [A.S], maximumSteps: Int, until isConverged: (ExtremeEigenvalues) -> Bool
) -> ExtremeEigenvalues {
    let limit = min(maximumSteps, a.dimension)
    var vectors = OrthogonalVectors(a, start, count: limit + 1)
    guard !vectors.isZero else {
        let zero = RitzValue(value: 0, residual: 0)
        return ExtremeEigenvalues(smallest: zero, largest: zero, steps: 0, outcome: .exhausted)
    }
    return lanczos(&vectors, steps: limit, until: isConverged).ends
}

/// All Krylov vectors, each made orthogonal to those before it.
private struct OrthogonalVectors<A: LinearOperator>: KrylovVectors {
    let a: A
    private let basis: MatrixBuffer<A.S>
    private var step = 0
    /// Whether there is no vector to begin with.
    let isZero: Bool

    init(_ a: A, _ start: [A.S], count: Int) {
        self.a = a
        let n = a.dimension
        basis = MatrixBuffer(count, max(n, 1))
        basis.base.update(from: start, count: n)
        isZero = !(Self.normalize(basis.base, n) > 0)
    }

    mutating func advance() -> (alpha: Double, beta: Double, scale: Double)? {
        let n = a.dimension
        let v = basis.base + step * n
        let next = v + n
        a.apply(v, next)
        let norm = A.S.dot(n, next, next).squareRoot()
        guard norm.isFinite else { return nil }
        let alpha = A.S.dot(n, v, next)
        step += 1
        orthogonalize(next)
        return (alpha, Self.normalize(next, n), norm)
    }

    /// v ← v/‖v‖; returns ‖v‖ and leaves a zero vector alone.
    private static func normalize(_ v: UnsafeMutablePointer<A.S>, _ n: Int) -> Double {
        let norm = A.S.dot(n, v, v).squareRoot()
        if norm > 0, norm.isFinite { A.S.scale(n, A.S(1 / norm), v) }
        return norm
    }

    /// v ← v − Q Qᵀ v, twice ("twice is enough"), Q the vectors so far.
    private func orthogonalize(_ v: UnsafeMutablePointer<A.S>) {
        let overlaps = MatrixBuffer<A.S>(1, step)
        for _ in 0..<2 {
            A.S.gemv(.no, rows: step, columns: basis.columns, alpha: 1, basis.base, v, beta: 0, overlaps.base)
            A.S.gemv(.yes, rows: step, columns: basis.columns, alpha: -1, basis.base, overlaps.base, beta: 1, v)
        }
    }
}
