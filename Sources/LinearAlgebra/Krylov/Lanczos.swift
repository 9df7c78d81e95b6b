import CLinearAlgebra

/// How a Lanczos run ended.
public enum LanczosOutcome: Sendable, Equatable {
    /// The residual fell below the tolerance.
    case converged
    /// The step limit came first; the value is a lower bound with the error stated.
    case stepLimit
    /// The Krylov space was exhausted: the value is exact to rounding.
    case exhausted
    /// The operator returned a number that is not finite.
    case nonFinite
}

/// The largest eigenvalue of a symmetric positive semi-definite operator, with its error.
public struct LargestEigenvalue: Sendable {
    public let value: Double
    /// ‖A v − λ v‖: an eigenvalue lies within this distance of `value` (up to rounding).
    public let residual: Double
    public let steps: Int
    public let outcome: LanczosOutcome
}

/// An approximate eigenvalue and how far an eigenvalue can be from it.
public struct RitzValue: Sendable {
    public let value: Double
    /// ‖A v − θ v‖.
    public let residual: Double

    public init(value: Double, residual: Double) {
        self.value = value
        self.residual = residual
    }
}

/// Approximations of both ends of the spectrum of a symmetric operator, θ_min ≥ λ_min and θ_max ≤ λ_max.
public struct ExtremeEigenvalues: Sendable {
    public var smallest: RitzValue
    public var largest: RitzValue
    public var steps: Int
    public var outcome: LanczosOutcome

    public init(smallest: RitzValue, largest: RitzValue, steps: Int, outcome: LanczosOutcome) {
        self.smallest = smallest
        self.largest = largest
        self.steps = steps
        self.outcome = outcome
    }
}

/// λ_max(A) by the Lanczos iteration, see `extremeEigenvalues`.
///
/// The eigenvalue's own error is of the order of the square of its residual.
/// - Parameter tolerance: stop when residual ≤ tolerance · λ.
public func largestEigenvalue<A: LinearOperator>(
    of a: A, start: [A.S], tolerance: Double, maximumSteps: Int
) -> LargestEigenvalue {
    let ends = extremeEigenvalues(of: a, start: start, maximumSteps: maximumSteps) {
        $0.largest.residual <= tolerance * $0.largest.value
    }
    return LargestEigenvalue(
        value: ends.largest.value, residual: ends.largest.residual, steps: ends.steps, outcome: ends.outcome)
}

/// Both ends of the spectrum of A by the Lanczos iteration with full reorthogonalization.
///
/// Krylov vectors are kept in the operator's own precision, coefficients in float64. The residual of a Ritz pair is
/// β_k |s_k|, with s the eigenvector of the tridiagonal matrix.
/// Cost: `steps` products and 2·steps²·dimension flops; steps · dimension numbers of memory.
/// Source: Golub and Van Loan, Matrix Computations, 4th ed., sections 10.1 and 10.3.
/// - Parameters:
///   - start: a vector of `dimension` entries, not zero; the result does not depend on its length.
///   - isConverged: asked after each of the first 60 steps, then after every eighth.
public func extremeEigenvalues<A: LinearOperator>(
    of a: A, start: [A.S], maximumSteps: Int, until isConverged: (ExtremeEigenvalues) -> Bool
) -> ExtremeEigenvalues {
    let n = a.dimension
    let limit = min(maximumSteps, n)
    let basis = Matrix<A.S>(limit + 1, max(n, 1))
    var alphas: [Double] = []
    var betas: [Double] = []
    let zero = RitzValue(value: 0, residual: 0)
    var best = ExtremeEigenvalues(smallest: zero, largest: zero, steps: 0, outcome: .exhausted)
    basis.base.update(from: start, count: n)
    guard normalize(basis.base, n) > 0 else { return best }
    for step in 0..<limit {
        let v = basis.base + step * n
        let next = v + n
        a.apply(v, next)
        let norm = A.S.dot(n, next, next).squareRoot()
        guard norm.isFinite else { return best.ending(.nonFinite) }
        alphas.append(A.S.dot(n, v, next))
        orthogonalize(next, against: basis, count: step + 1)
        let beta = normalize(next, n)
        let isExhausted = beta <= 4 * Double(A.S.ulpOfOne) * norm
        // Later ones, which cost more, are looked at more rarely.
        let isDue = step < 60 || step % 8 == 0 || step == limit - 1 || isExhausted
        if isDue { best = ritzValues(alphas, betas, lastBeta: beta) }
        if isExhausted { return best.ending(.exhausted) }
        if isDue, isConverged(best) { return best.ending(.converged) }
        betas.append(beta)
    }
    return best.ending(limit == n ? .exhausted : .stepLimit)
}

extension ExtremeEigenvalues {
    fileprivate func ending(_ outcome: LanczosOutcome) -> Self {
        var result = self
        result.outcome = outcome
        return result
    }
}

/// v ← v/‖v‖; returns ‖v‖ and leaves a zero vector alone.
private func normalize<S: Scalar>(_ v: UnsafeMutablePointer<S>, _ n: Int) -> Double {
    let norm = S.dot(n, v, v).squareRoot()
    if norm > 0, norm.isFinite { S.scale(n, S(1 / norm), v) }
    return norm
}

/// v ← v − Q Qᵀ v, twice ("twice is enough"), for the first `count` rows of `basis`.
private func orthogonalize<S: Scalar>(_ v: UnsafeMutablePointer<S>, against basis: Matrix<S>, count: Int) {
    let overlaps = Matrix<S>(1, count)
    for _ in 0..<2 {
        S.gemv(.no, rows: count, columns: basis.columns, alpha: 1, basis.base, v, beta: 0, overlaps.base)
        S.gemv(.yes, rows: count, columns: basis.columns, alpha: -1, basis.base, overlaps.base, beta: 1, v)
    }
}

private func ritzValues(_ alphas: [Double], _ betas: [Double], lastBeta: Double) -> ExtremeEigenvalues {
    let k = alphas.count
    var diagonal = alphas
    var offDiagonal = betas + [0]
    var vectors = [Double](repeating: 0, count: k * k)
    let info = la_tridiagonal_eigen_f64(k, &diagonal, &offDiagonal, &vectors)
    func pair(_ index: Int) -> RitzValue {
        guard info == 0 else { return RitzValue(value: .nan, residual: .infinity) }
        return RitzValue(value: diagonal[index], residual: lastBeta * abs(vectors[index * k + k - 1]))
    }
    return ExtremeEigenvalues(smallest: pair(0), largest: pair(k - 1), steps: k, outcome: .stepLimit)
}
