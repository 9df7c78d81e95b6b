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
    /// Of K, and over its trace.
    private let error: Double
    private let relativeError: Double

    /// Squared lengths of the two parts of some vectors.
    package struct Split {
        /// What the range has of them.
        package let inside: Double
        /// What it leaves, the undecided directions with it.
        package let outside: Double
        /// Between which the exact one of that lies: undecided directions may be of the range, and eigenvectors are off.
        package let bounds: ClosedRange<Double>

        /// - Parameter off: how far the part outside may be off.
        init(inside: Double, outside: Double, undecided: Double, off: Double) {
            (self.inside, self.outside) = (inside, outside)
            let low = max(max(outside - undecided, 0).squareRoot() - off, 0)
            let high = outside.squareRoot() + off
            bounds = (low * low)...(high * high)
        }
    }

    /// - Parameters:
    ///   - matrix: K [N, N], destroyed.
    ///   - error: bound on ‖computed K − K‖₂.
    ///   - trace: tr K.
    ///   - rankLimit: the largest rank that K can have.
    /// - Returns: nil where K is not finite.
    package init?(destroying matrix: MatrixBuffer<Double>, error arithmetic: Double, trace: Double, rankLimit: Int) {
        guard let eigen = SymmetricEigen(destroying: matrix, vectors: true), let vectors = eigen.vectors else {
            return nil
        }
        let norm = max(abs(eigen.values.first ?? 0), abs(eigen.values.last ?? 0))
        error = arithmetic + SymmetricEigen.solverError(norm: norm)
        relativeError = trace > 0 ? error / trace : 0
        (values, self.vectors) = (eigen.values, vectors)
        let error = error
        rank = min(values.count { $0 > error }, rankLimit)
        undecided = max(min(rankLimit, values.count) - rank, 0)
        least = rank > 0 ? values[values.count - rank] - error : .nan
        largest = norm + error
    }

    /// Eigenvectors of the range, and of those that are undecided.
    private var range: Range<Int> { (values.count - rank)..<values.count }
    private var open: Range<Int> { max(values.count - rank - undecided, 0)..<(values.count - rank) }

    /// vᵢᵀ y for all eigenvectors and columns: [N, m].
    private func parts(_ y: MatrixBuffer<Double>) -> MatrixBuffer<Double> {
        let (n, m) = (values.count, y.columns)
        let parts = MatrixBuffer<Double>(n, m)
        Double.gemm(.no, .no, m: n, n: m, k: n, alpha: 1, vectors.base, n, y.base, m, beta: 0, parts.base, m)
        return parts
    }

    /// The parts of the columns of Y [N, m], m > 0.
    ///
    /// A vector without a part in the exact range has a part of at most e/λ in a computed eigenvector of eigenvalue λ, K being
    /// off by e; so much is what the range leaves off by. Cost: 2 N² m flops.
    package func split(_ y: MatrixBuffer<Double>) -> Split {
        let parts = parts(y)
        let squares = (0..<y.rows).map { i in (0..<y.columns).reduce(0.0) { $0 + parts[i, $1] * parts[i, $1] } }
        return Split(
            inside: squares[range].reduce(0, +), outside: squares[..<range.lowerBound].reduce(0, +),
            undecided: squares[open].reduce(0, +),
            off: range.reduce(0) { $0 + squares[$1].squareRoot() * min(error / values[$1], 1) })
    }

    /// The parts of one vector, with eigenvectors mended: what the range leaves of it is o with K o = 0. Three times o takes
    /// vᵢ vᵢᵀ K o/λᵢ off, with K o = J (Jᵀ o), whose rounding is that of J, the root of K's.
    ///
    /// A direction is then off by γ √(tr K/λ) ‖o‖ for e = γ tr K, and (e/λ)⁴ of its part. Cost: three products with K, 12 N² flops.
    package func split<A: LinearOperator>(_ y: [Double], mendedBy k: A) -> Split where A.S == Double {
        let n = values.count
        let parts = parts(MatrixBuffer(n, 1, y))
        let (o, image) = (MatrixBuffer<Double>(1, n), MatrixBuffer<Double>(1, n))
        for i in 0..<range.lowerBound { Double.axpy(n, parts[i, 0], vectors.base + i * n, o.base) }
        for _ in 0..<3 {
            k.apply(o.base, image.base)
            for i in range {
                let v = vectors.base + i * n
                Double.axpy(n, -Double.dot(n, v, image.base) / values[i], v, o.base)
            }
        }
        let outside = Double.dot(n, o.base, o.base)
        let undecided = open.reduce(0.0) { sum, i in
            let part = Double.dot(n, vectors.base + i * n, o.base)
            return sum + part * part
        }
        let off = range.reduce(0.0) { sum, i in
            let share = min(error / values[i], 1)
            return sum + (relativeError * share).squareRoot() * outside.squareRoot()
                + abs(parts[i, 0]) * share * share * share * share
        }
        return Split(
            inside: y.reduce(0) { $0 + $1 * $1 } - outside, outside: outside, undecided: undecided, off: off)
    }
}
