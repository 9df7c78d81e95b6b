import CLinearAlgebra

/// Both ends of the spectrum of a symmetric operator with their unit vectors.
public struct ExtremePairs<S: Scalar>: Sendable {
    public let smallest: RitzValue
    public let largest: RitzValue
    /// [1, dimension] each.
    public let smallestVector: Matrix<S>
    public let largestVector: Matrix<S>
}

/// Both ends of the spectrum of A with their Ritz vectors, by Lanczos in two passes with five vectors of memory.
///
/// The first pass finds the tridiagonal matrix, the second makes the same vectors again and sums those of the ends.
/// Without reorthogonalization converged ends come back as copies, which leaves the ends themselves as accurate as they
/// are (Paige 1980; Golub, Van Loan, Matrix Computations, 4th ed., section 10.3). The residuals are measured.
/// Cost: 2·steps + 2 products.
/// - Parameter start: a vector of `dimension` entries, not zero.
/// - Returns: nil where the operator gives a number that is not finite.
public func extremePairs<A: LinearOperator>(of a: A, start: Matrix<A.S>, steps: Int) -> ExtremePairs<A.S>? {
    var recurrence = LanczosRecurrence(a, start)
    var diagonal: [Double] = []
    var offDiagonal: [Double] = []
    for _ in 0..<max(min(steps, a.dimension), 1) {
        guard let (alpha, beta) = recurrence.advance() else { return nil }
        diagonal.append(alpha)
        offDiagonal.append(beta)
        if beta <= 4 * Double(A.S.ulpOfOne) * abs(alpha) { break }
    }
    let k = diagonal.count
    var values = diagonal
    var vectors = [Double](repeating: 0, count: k * k)
    offDiagonal[k - 1] = 0
    guard la_tridiagonal_eigen_f64(k, &values, &offDiagonal, &vectors) == 0 else { return nil }
    let ends = [Matrix<A.S>(1, a.dimension), Matrix<A.S>(1, a.dimension)]
    recurrence = LanczosRecurrence(a, start)
    for step in 0..<k {
        for (end, index) in zip(ends, [0, k - 1]) {
            A.S.axpy(a.dimension, A.S(vectors[index * k + step]), recurrence.vector.base, end.base)
        }
        if step + 1 < k { _ = recurrence.advance() }
    }
    let pairs = ends.map { measured(a, $0) }
    return ExtremePairs(
        smallest: pairs[0], largest: pairs[1], smallestVector: ends[0], largestVector: ends[1])
}

/// Makes a vector one of unit length, and returns vᵀ A v with ‖A v − (vᵀ A v) v‖.
private func measured<A: LinearOperator>(_ a: A, _ v: Matrix<A.S>) -> RitzValue {
    let n = a.dimension
    A.S.scale(n, A.S(1 / A.S.dot(n, v.base, v.base).squareRoot()), v.base)
    let image = Matrix<A.S>(1, n)
    a.apply(v.base, image.base)
    let value = A.S.dot(n, v.base, image.base)
    A.S.axpy(n, A.S(-value), v.base, image.base)
    return RitzValue(value: value, residual: A.S.dot(n, image.base, image.base).squareRoot())
}

/// β_j q_{j+1} = A q_j − α_j q_j − β_{j−1} q_{j−1}, keeping two vectors.
private struct LanczosRecurrence<A: LinearOperator> {
    let a: A
    /// q_j.
    private(set) var vector: Matrix<A.S>
    private var previous: Matrix<A.S>
    private var beta = 0.0

    init(_ a: A, _ start: Matrix<A.S>) {
        self.a = a
        vector = Matrix(1, a.dimension)
        previous = Matrix(1, a.dimension)
        A.S.axpby(
            a.dimension, A.S(1 / A.S.dot(a.dimension, start.base, start.base).squareRoot()), start.base, 0, vector.base)
    }

    /// α and β of this step, after which the next vector is there; nil where they are not finite.
    mutating func advance() -> (alpha: Double, beta: Double)? {
        let n = a.dimension
        let next = Matrix<A.S>(1, n)
        a.apply(vector.base, next.base)
        A.S.axpy(n, A.S(-beta), previous.base, next.base)
        let alpha = A.S.dot(n, vector.base, next.base)
        A.S.axpy(n, A.S(-alpha), vector.base, next.base)
        beta = A.S.dot(n, next.base, next.base).squareRoot()
        guard alpha.isFinite, beta.isFinite else { return nil }
        if beta > 0 { A.S.scale(n, A.S(1 / beta), next.base) }
        (previous, vector) = (vector, next)
        return (alpha, beta)
    }
}
