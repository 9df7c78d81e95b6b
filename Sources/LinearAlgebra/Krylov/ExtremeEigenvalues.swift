/// Both ends of the spectrum of A by the Lanczos iteration with full reorthogonalization.
///
/// Krylov vectors are kept in the operator's own precision, coefficients in float64. The residual of a Ritz pair is
/// β_k |s_k|, with s the eigenvector of the tridiagonal matrix; the eigenvalue's own error is of the order of its square.
/// Cost: `steps` products and 2·steps²·dimension flops, twice that where orthogonality was lost; steps · dimension numbers of memory.
/// Source: Golub and Van Loan, Matrix Computations, 4th ed., sections 10.1 and 10.3.
/// - Parameters:
///   - start: a vector of `dimension` entries, not zero; the result does not depend on its length.
///   - isConverged: asked after each of the first 60 steps, then after every eighth.
public func extremeEigenvalues<A: LinearOperator>(
    of a: A, start: [A.S], maximumSteps: Int, until isConverged: (ExtremeEigenvalues) -> Bool
) -> ExtremeEigenvalues {
    let limit = min(maximumSteps, a.dimension)
    var vectors = KrylovBasis(a, start, capacity: limit + 1)
    guard !vectors.isZero else {
        let zero = RitzValue(value: 0, residual: 0)
        return ExtremeEigenvalues(smallest: zero, largest: zero, steps: 0, outcome: .exhausted)
    }
    return lanczos(&vectors, steps: limit, until: isConverged).ends
}
