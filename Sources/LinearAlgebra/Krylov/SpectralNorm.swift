/// Aᵀ A for a matrix A [rows, columns], without forming it.
struct NormalOperator<S: Scalar>: LinearOperator {
    let matrix: UnsafePointer<S>
    let rows: Int
    let columns: Int
    let image: Matrix<S>
    var dimension: Int { columns }

    func apply(_ x: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>) {
        S.gemv(.no, rows: rows, columns: columns, alpha: 1, matrix, x, beta: 0, image.base)
        S.gemv(.yes, rows: rows, columns: columns, alpha: 1, matrix, image.base, beta: 0, out)
    }
}

/// ‖A‖₂, the largest singular value of A [rows, columns], by Lanczos on Aᵀ A.
///
/// Stops where the residual of AᵀA is below `tolerance` times its eigenvalue; the error of the norm is
/// of the order of the square of that, 1e-6 by default.
/// Cost: 4 rows·columns flops a step, commonly ten to thirty steps.
/// - Returns: the norm; 0 for a zero matrix; NaN where entries are not finite.
public func spectralNorm<S: Scalar>(
    _ matrix: UnsafePointer<S>, rows: Int, columns: Int, tolerance: Double = 1e-3
) -> Double {
    let a = NormalOperator(matrix: matrix, rows: rows, columns: columns, image: Matrix<S>(1, max(rows, 1)))
    // A fixed start of varied entries: the same matrix always gets the same answer.
    let start = (0..<columns).map { S(1) + S(($0 &* 7919) % 1013) / 1013 }
    let top = largestEigenvalue(of: a, start: start, tolerance: tolerance, maximumSteps: 100)
    return top.outcome == .nonFinite ? .nan : max(top.value, 0).squareRoot()
}
