import LinearAlgebra

/// The range of a symmetric positive semi-definite matrix K = J Jᵀ, as far as K's arithmetic tells it from the rest.
///
/// Eigenvalues above the error of K are of the range. Which of the others are 0 can't be seen: they are undecided, down to the largest
/// rank that K can have. Memory: [N, N]. Cost: 9 N³ flops.
package struct RangeProjection {
    /// Eigenvalues above the error.
    package let rank: Int
    /// Smaller ones that may or may not be 0.
    package let undecided: Int
    /// The smallest of the range, less its error; NaN where there is none.
    package let least: Double
    /// The largest, with its error.
    package let largest: Double
    private let values: [Double]
    private let vectors: MatrixBuffer<Double>
    private let error: Double

    /// Squared lengths of the two parts of some vectors.
    package struct Split {
        /// What the range has of them.
        package let inside: Double
        /// What it leaves, the undecided directions with it.
        package let outside: Double
        /// Between which the exact one of that lies: undecided directions may be of the range, and eigenvectors are off.
        package let bounds: ClosedRange<Double>
    }

    /// - Parameters:
    ///   - matrix: K [N, N], destroyed.
    ///   - error: bound on ‖computed K − K‖₂.
    ///   - rankLimit: the largest rank that K can have.
    /// - Returns: nil where K is not finite.
    package init?(destroying matrix: MatrixBuffer<Double>, error arithmetic: Double, rankLimit: Int) {
        guard let eigen = SymmetricEigen(destroying: matrix, vectors: true), let vectors = eigen.vectors else {
            return nil
        }
        let norm = max(abs(eigen.values.first ?? 0), abs(eigen.values.last ?? 0))
        error = arithmetic + SymmetricEigen.solverError(norm: norm)
        (values, self.vectors) = (eigen.values, vectors)
        let error = error
        rank = min(values.count { $0 > error }, rankLimit)
        undecided = max(min(rankLimit, values.count) - rank, 0)
        least = rank > 0 ? values[values.count - rank] - error : .nan
        largest = norm + error
    }

    /// The parts of the columns of Y [N, m].
    ///
    /// A vector without a part in the exact range has a part of at most e/λ in a computed eigenvector of eigenvalue λ, K being
    /// off by e; so much is what the range leaves off by. Cost: 2 N² m flops.
    package func split(_ y: MatrixBuffer<Double>) -> Split {
        let (n, m) = (values.count, y.columns)
        let parts = MatrixBuffer<Double>(n, max(m, 1))
        if m > 0 {
            Double.gemm(.no, .no, m: n, n: m, k: n, alpha: 1, vectors.base, n, y.base, m, beta: 0, parts.base, m)
        }
        let squares = (0..<n).map { i in (0..<m).reduce(0.0) { $0 + parts[i, $1] * parts[i, $1] } }
        let first = n - rank
        let inside = squares[first...].reduce(0, +)
        let certain = squares[..<max(first - undecided, 0)].reduce(0, +)
        let outside = squares[..<first].reduce(0, +)
        let off = (first..<n).reduce(0.0) { $0 + squares[$1].squareRoot() * min(error / values[$1], 1) }
        let low = max(certain.squareRoot() - off, 0)
        let high = outside.squareRoot() + off
        return Split(inside: inside, outside: outside, bounds: (low * low)...(high * high))
    }
}
