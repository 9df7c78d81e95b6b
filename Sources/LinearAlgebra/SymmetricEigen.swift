import CLinearAlgebra

/// A = V diag(λ) Vᵀ of a symmetric matrix in float64.
public struct SymmetricEigen {
    /// Ascending.
    public let values: [Double]
    /// [n, n], row k the unit eigenvector of values[k]; nil where only values were asked for.
    public let vectors: MatrixBuffer<Double>?

    /// By LAPACK's dsyevd: reduction to tridiagonal form, then divide and conquer.
    ///
    /// Backward stable: the values are those of a matrix within about 10·ε·‖A‖ (Anderson et al., LAPACK Users'
    /// Guide, section 4.7). Cost: 4/3 n³ flops for values, about 4 n³ with vectors; 2 n² more numbers of memory
    /// with vectors.
    /// - Parameter matrix: symmetric, [n, n]; destroyed (it becomes the vectors).
    /// - Returns: nil where the matrix has an entry that is not finite, or the iteration does not converge.
    public init?(destroying matrix: MatrixBuffer<Double>, vectors: Bool) {
        precondition(matrix.rows == matrix.columns, "a symmetric matrix is square")
        let n = matrix.rows
        guard UnsafeBufferPointer(start: matrix.base, count: matrix.count).allSatisfy(\.isFinite) else { return nil }
        var values = [Double](repeating: 0, count: n)
        guard n == 0 || la_symmetric_eigen_f64(n, vectors ? 1 : 0, matrix.base, &values) == 0 else { return nil }
        self.values = values
        self.vectors = vectors ? matrix : nil
    }

    /// Bound on the error that the eigenvalue solver itself makes, for a matrix of this norm.
    public static func solverError(norm: Double) -> Double { 10 * Double.ulpOfOne * norm }
}
