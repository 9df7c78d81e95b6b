import LinearAlgebra

extension MatrixBuffer where S == Double {
    /// The inverse of a symmetric matrix that is positive definite once its diagonal is scaled to ones.
    /// - Returns: nil where it is singular, to 11 digits.
    static func inverse(ofPositive a: MatrixBuffer) -> MatrixBuffer? {
        let k = a.rows
        let scale = (0..<k).map { 1 / max(a[$0, $0], .leastNormalMagnitude).squareRoot() }
        guard let eigen = scaledEigen(a, scale), let vectors = eigen.vectors, let least = eigen.values.first,
            least > 1e-11
        else { return nil }
        let result = MatrixBuffer(k, k)
        for i in 0..<k {
            for j in 0..<k {
                let sum = eigen.values.indices.reduce(0) { $0 + vectors[$1, i] * vectors[$1, j] / eigen.values[$1] }
                result[i, j] = scale[i] * sum * scale[j]
            }
        }
        return result
    }

    /// Eigenvalues and eigenvectors of diag(scale) A diag(scale); nil where an entry is not finite.
    static func scaledEigen(_ a: MatrixBuffer, _ scale: [Double]) -> SymmetricEigen? {
        let scaled = MatrixBuffer(a.rows, a.columns)
        for i in 0..<a.rows {
            for j in 0..<a.columns { scaled[i, j] = scale[i] * a[i, j] * scale[j] }
        }
        guard scaled.entries.allSatisfy(\.isFinite) else { return nil }
        return SymmetricEigen(destroying: scaled, vectors: true)
    }
}
