import LinearAlgebra
import Sampling

/// A subspace of the trained weights through w: w + A z, with A [n, p] of full rank.
///
/// Its columns are kept as the rows of a matrix [p, n]. Memory: p n numbers.
package struct Subspace {
    /// Aᵀ, [p, n].
    package let directions: MatrixBuffer<Double>

    /// - Parameter directions: [p, n], p ≤ n, linearly independent rows.
    package init(directions: MatrixBuffer<Double>) {
        precondition(directions.rows <= directions.columns, "more directions than weights")
        self.directions = directions
    }

    /// A of standard normal entries, number `index` of a seed: A z moves each weight by about |z|.
    package init(random index: Int, dimension: Int, weights: Int, seed: UInt64) {
        self.init(directions: MatrixBuffer(dimension, weights))
        RandomStream(seed: seed, "sharpness/subspace/\(index)").fillNormal(
            directions.base, count: directions.count, standardDeviation: 1)
    }

    /// p.
    package var dimension: Int { directions.rows }

    /// out ← A z.
    func expand(_ z: UnsafePointer<Double>, into out: UnsafeMutablePointer<Double>) {
        Double.gemv(
            .yes, rows: directions.rows, columns: directions.columns, alpha: 1, directions.base, z, beta: 0, out)
    }

    /// out ← Aᵀ v.
    func reduce(_ v: UnsafePointer<Double>, into out: UnsafeMutablePointer<Double>) {
        Double.gemv(
            .no, rows: directions.rows, columns: directions.columns, alpha: 1, directions.base, v, beta: 0, out)
    }

    /// A⁺ v, [p]: the z with the least ‖A z − v‖, by the normal equations (AᵀA = Q Λ Qᵀ) corrected once by their
    /// residual, which leaves an error like that of a QR factorization while κ(A)² u < 1 (Björck 1987).
    /// Cost: 2 n p² + 4 p³ flops; p² numbers.
    ///
    /// - Returns: nil where AᵀA is singular to rounding.
    package func coordinates(of v: MatrixBuffer<Double>) -> MatrixBuffer<Double>? {
        let p = dimension
        let gram = MatrixBuffer<Double>(p, p)
        MatrixBuffer.product(directions, .no, directions, .yes, into: gram)
        guard let eigen = SymmetricEigen(destroying: gram, vectors: true), let q = eigen.vectors,
            let largest = eigen.values.last, let least = eigen.values.first,
            least > Double(p) * Double.ulpOfOne * largest
        else { return nil }
        let (z, right, turned) = (
            MatrixBuffer<Double>(1, p), MatrixBuffer<Double>(1, p), MatrixBuffer<Double>(1, p)
        )
        let rest = v.copy()
        for pass in 0..<2 {
            if pass > 0 {
                expand(z.base, into: rest.base)
                Double.axpby(v.count, 1, v.base, -1, rest.base)
            }
            reduce(rest.base, into: right.base)
            Double.gemv(.no, rows: p, columns: p, alpha: 1, q.base, right.base, beta: 0, turned.base)
            for k in 0..<p { turned.base[k] /= eigen.values[k] }
            Double.gemv(.yes, rows: p, columns: p, alpha: 1, q.base, turned.base, beta: 1, z.base)
        }
        return z
    }
}
