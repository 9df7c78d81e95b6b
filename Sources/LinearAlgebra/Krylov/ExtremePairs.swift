/// Both ends of the spectrum of a symmetric operator with their unit vectors.
public struct ExtremePairs<S: Scalar> {
    /// The ends, with residuals that were measured, and how the iteration ended.
    public let values: ExtremeEigenvalues
    /// The Ritz vectors, [1, dimension] each; they mean nothing where the outcome is `nonFinite`.
    public let smallestVector: MatrixBuffer<S>
    /// Of the upper end, [1, dimension].
    public let largestVector: MatrixBuffer<S>
}

/// Both ends of the spectrum of A with their Ritz vectors, by Lanczos in two passes with five vectors of memory.
///
/// The first pass finds the tridiagonal matrix, the second makes the same vectors again and sums those of the ends.
/// Without reorthogonalization converged ends come back as copies, which leaves the ends themselves as accurate as they
/// are (Paige 1980; Golub, Van Loan, Matrix Computations, 4th ed., section 10.3). The residuals are measured.
/// Cost: 2·steps + 2 products.
/// - Parameter start: a vector of `dimension` entries, not zero.
public func extremePairs<A: LinearOperator>(of a: A, start: MatrixBuffer<A.S>, steps: Int) -> ExtremePairs<A.S> {
    var first = ShortRecurrence(a, start)
    var (t, ends) = lanczos(&first, steps: max(min(steps, a.dimension), 1)) { _ in false }
    let sums = [MatrixBuffer<A.S>(1, a.dimension), MatrixBuffer<A.S>(1, a.dimension)]
    if ends.outcome != .nonFinite, let vectors = t.eigen()?.vectors {
        var second = ShortRecurrence(a, start)
        for step in 0..<t.order {
            for (sum, index) in zip(sums, [0, t.order - 1]) {
                A.S.axpy(a.dimension, A.S(vectors[index * t.order + step]), second.vector.base, sum.base)
            }
            if step + 1 < t.order { _ = second.advance() }
        }
        (ends.smallest, ends.largest) = (a.rayleighQuotient(sums[0].base), a.rayleighQuotient(sums[1].base))
    } else {
        ends.outcome = .nonFinite
    }
    return ExtremePairs(values: ends, smallestVector: sums[0], largestVector: sums[1])
}

/// β_j q_{j+1} = A q_j − α_j q_j − β_{j−1} q_{j−1}, keeping two vectors.
private struct ShortRecurrence<A: LinearOperator>: KrylovVectors {
    let a: A
    /// q_j.
    private(set) var vector: MatrixBuffer<A.S>
    private var previous: MatrixBuffer<A.S>
    private var beta = 0.0

    init(_ a: A, _ start: MatrixBuffer<A.S>) {
        self.a = a
        vector = MatrixBuffer(1, a.dimension)
        previous = MatrixBuffer(1, a.dimension)
        A.S.axpby(
            a.dimension, A.S(1 / A.S.dot(a.dimension, start.base, start.base).squareRoot()), start.base, 0, vector.base)
    }

    mutating func advance() -> (alpha: Double, beta: Double, scale: Double)? {
        let n = a.dimension
        let next = MatrixBuffer<A.S>(1, n)
        a.apply(vector.base, next.base)
        A.S.axpy(n, A.S(-beta), previous.base, next.base)
        let alpha = A.S.dot(n, vector.base, next.base)
        A.S.axpy(n, A.S(-alpha), vector.base, next.base)
        beta = A.S.dot(n, next.base, next.base).squareRoot()
        guard alpha.isFinite, beta.isFinite else { return nil }
        if beta > 0 { A.S.scale(n, A.S(1 / beta), next.base) }
        (previous, vector) = (vector, next)
        return (alpha, beta, abs(alpha))
    }
}
