import CLinearAlgebra

/// Makes the Krylov vectors of an operator one after another: all that tells one Lanczos iteration from another.
protocol KrylovVectors {
    associatedtype A: LinearOperator
    var a: A { get }
    /// q_{j+1} from q_j; nil where the operator gives a number that is not finite.
    ///
    /// - Returns: α_j = q_jᵀ A q_j, β_j = the length of what is left of A q_j, and the length that a rounding of it is
    ///   compared with.
    mutating func advance() -> (alpha: Double, beta: Double, scale: Double)?
}

/// The tridiagonal matrix T = Qᵀ A Q of a Lanczos iteration.
struct Tridiagonal {
    private(set) var alphas: [Double] = []
    private(set) var betas: [Double] = []
    var order: Int { alphas.count }

    mutating func append(_ alpha: Double, _ beta: Double) {
        alphas.append(alpha)
        betas.append(beta)
    }

    /// Eigenvalues, ascending, and unit eigenvectors in the rows of [order, order]; nil where LAPACK finds none.
    func eigen() -> (values: [Double], vectors: [Double])? {
        let k = order
        var values = alphas
        var offDiagonal = betas
        offDiagonal[k - 1] = 0
        var vectors = [Double](repeating: 0, count: k * k)
        return la_tridiagonal_eigen_f64(k, &values, &offDiagonal, &vectors) == 0 ? (values, vectors) : nil
    }

    /// Its ends, with residuals β_k |s_k|, s the eigenvector.
    var ends: ExtremeEigenvalues {
        let k = order
        let found = eigen()
        func pair(_ index: Int) -> RitzValue {
            guard let found else { return RitzValue(value: .nan, residual: .infinity) }
            return RitzValue(
                value: found.values[index], residual: betas[k - 1] * abs(found.vectors[index * k + k - 1]))
        }
        return ExtremeEigenvalues(smallest: pair(0), largest: pair(k - 1), steps: k, outcome: .stepLimit)
    }
}

/// The Lanczos iteration, in the operator's own precision with coefficients in float64.
///
/// - Parameter isConverged: asked after each of the first 60 steps, then after every eighth.
/// - Returns: T and its ends, as they were when they were last looked at.
func lanczos<V: KrylovVectors>(
    _ vectors: inout V, steps limit: Int, until isConverged: (ExtremeEigenvalues) -> Bool
) -> (tridiagonal: Tridiagonal, ends: ExtremeEigenvalues) {
    var t = Tridiagonal()
    let zero = RitzValue(value: 0, residual: 0)
    var ends = ExtremeEigenvalues(smallest: zero, largest: zero, steps: 0, outcome: .exhausted)
    func ending(_ outcome: LanczosOutcome) -> (Tridiagonal, ExtremeEigenvalues) {
        ends.outcome = outcome
        return (t, ends)
    }
    for step in 0..<limit {
        guard let (alpha, beta, scale) = vectors.advance() else { return ending(.nonFinite) }
        t.append(alpha, beta)
        let isExhausted = beta <= 4 * Double(V.A.S.ulpOfOne) * scale
        // Later ones, which cost more, are looked at more rarely.
        let isDue = step < 60 || step % 8 == 0 || step == limit - 1 || isExhausted
        if isDue { ends = t.ends }
        if isExhausted { return ending(.exhausted) }
        if isDue, isConverged(ends) { return ending(.converged) }
    }
    return ending(limit == vectors.a.dimension ? .exhausted : .stepLimit)
}
