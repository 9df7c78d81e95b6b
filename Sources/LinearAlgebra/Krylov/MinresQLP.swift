import RealModule

/// When `minimumLengthSolution` stops.
public struct MinresLimits: Sendable {
    /// For ‖r‖/(‖A‖‖x‖ + ‖b‖) and ‖A r‖/(‖A‖‖r‖).
    public var tolerance = 1e-10
    /// Products at most.
    public var maximumSteps: Int
    /// ‖A‖ over the smallest pivot: beyond it A counts as singular.
    public var largestCondition = 1e7
    /// ‖x‖ at most.
    public var longestSolution = 1e4

    /// The published limits with so many steps.
    public init(maximumSteps: Int) { self.maximumSteps = maximumSteps }
}

/// Why `minimumLengthSolution` stopped.
public enum MinresOutcome: Sendable {
    /// A x = b within the tolerance.
    case solved
    /// x is a least-squares solution within the tolerance: A (b − A x) = 0.
    case leastSquares
    /// The Krylov space has no more: x is what it holds.
    case exhausted
    /// A is singular, or close to it, in a direction that was left out of x.
    case singular
    /// One more direction would have made x too long, and was left out.
    case tooLong
    case stepLimit
    /// A number was not finite; x is the last one that was.
    case nonFinite
}

/// What `minimumLengthSolution` found.
public struct MinresSolution {
    /// [dimension].
    public let x: MatrixBuffer<Double>
    /// ‖b − A x‖, measured.
    public let residual: Double
    /// Products before the one for the residual.
    public let steps: Int
    /// Why it stopped.
    public let outcome: MinresOutcome
}

/// The shortest x that minimizes ‖A x − b‖, for a symmetric A that may be singular and indefinite: MINRES-QLP.
///
/// Where A x = b has solutions, this is the shortest one; else the shortest least-squares solution, A⁺ b. MINRES alone would
/// give another. Cost: steps + 1 products; seven vectors. Vectors are not made orthogonal again, so that a rank that is lost over more than
/// some dozen steps shows in `residual` only.
/// Source: Choi, Paige, Saunders 2011, SIAM J. Sci. Comput. 33(4), 1810, algorithm 1 and table 2, without preconditioner.
/// - Parameter b: [dimension].
public func minimumLengthSolution<A: LinearOperator>(
    of a: A, _ b: UnsafePointer<Double>, limits: MinresLimits
) -> MinresSolution where A.S == Double {
    var iteration = MinresIteration(a, b)
    var outcome = iteration.length == 0 ? MinresOutcome.solved : nil
    var steps = 0
    while outcome == nil {
        guard steps < limits.maximumSteps else {
            outcome = .stepLimit
            break
        }
        steps += 1
        outcome = iteration.advance(limits)
    }
    let residual = MatrixBuffer<Double>(1, a.dimension)
    a.apply(iteration.x.base, residual.base)
    return MinresSolution(
        x: iteration.x, residual: Double.squaredDistance(a.dimension, residual.base, b).squareRoot(), steps: steps,
        outcome: outcome ?? .stepLimit)
}

/// Lanczos vectors by their recurrence, the directions of the solution, and x.
private struct MinresIteration<A: LinearOperator> where A.S == Double {
    let a: A
    let length: Double
    /// The solution: sum of final directions, and of the two that are not.
    private(set) var x: MatrixBuffer<Double>
    private var final: MatrixBuffer<Double>
    private var finalSquares = 0.0
    private var directions: (last: MatrixBuffer<Double>, previous: MatrixBuffer<Double>)
    private var v: (last: MatrixBuffer<Double>, previous: MatrixBuffer<Double>)
    private var beta = 0.0
    private var norm = 0.0
    private var factorization: QLPFactorization

    init(_ a: A, _ b: UnsafePointer<Double>) {
        self.a = a
        let n = a.dimension
        func zeros() -> MatrixBuffer<Double> { MatrixBuffer(1, n) }
        (x, final, directions, v) = (zeros(), zeros(), (zeros(), zeros()), (zeros(), zeros()))
        length = Double.dot(n, b, b).squareRoot()
        factorization = QLPFactorization(length: length)
        if length > 0 { Double.axpby(n, 1 / length, b, 0, v.last.base) }
    }

    /// One product, and the solution with it; nil while it goes on.
    mutating func advance(_ limits: MinresLimits) -> MinresOutcome? {
        let n = a.dimension
        let next = MatrixBuffer<Double>(1, n)
        a.apply(v.last.base, next.base)
        let scale = Double.dot(n, next.base, next.base).squareRoot()
        Double.axpy(n, -beta, v.previous.base, next.base)
        let alpha = Double.dot(n, v.last.base, next.base)
        Double.axpy(n, -alpha, v.last.base, next.base)
        var nextBeta = Double.dot(n, next.base, next.base).squareRoot()
        guard length.isFinite, alpha.isFinite, nextBeta.isFinite else { return .nonFinite }
        norm = max(norm, Double.hypot(Double.hypot(beta, alpha), nextBeta))
        let isExhausted = nextBeta <= 8 * Double.ulpOfOne * max(scale, norm)
        if isExhausted { nextBeta = 0 }
        let normal = factorization.normalResidual(alpha, beta, next: nextBeta)
        let isLeastSquares = normal <= limits.tolerance * norm * factorization.residual
        factorization.append(alpha, beta, next: nextBeta)
        takeDirection()
        if nextBeta > 0 { Double.scale(n, 1 / nextBeta, next.base) }
        (v, beta) = ((next, v.last), nextBeta)
        return sum(limits, isLeastSquares: isLeastSquares) ?? (isExhausted ? .exhausted : nil)
    }

    /// The directions of this step from those of the last and the newest Lanczos vector.
    private mutating func takeDirection() {
        let n = a.dimension
        let (outer, inner) = factorization.right
        let t = factorization.t.final
        Double.axpy(n, t * outer.c, directions.previous.base, final.base)
        Double.axpy(n, t * outer.s, v.last.base, final.base)
        finalSquares += t * t
        // s w − c v, in place.
        Double.axpby(n, -outer.c, v.last.base, outer.s, directions.previous.base)
        let turned = MatrixBuffer<Double>(1, n)
        Double.axpby(n, inner.s, directions.last.base, 0, turned.base)
        Double.axpy(n, -inner.c, directions.previous.base, turned.base)
        Double.axpby(n, inner.c, directions.last.base, inner.s, directions.previous.base)
        directions = (turned, directions.previous)
    }

    /// x from the directions; the last is left out where A is singular in it, or it would make x too long.
    ///
    /// A residual with A r = 0 before this step is such a case: the step then only makes x the shortest.
    private mutating func sum(_ limits: MinresLimits, isLeastSquares: Bool) -> MinresOutcome? {
        let n = a.dimension
        let t = factorization.t
        let isSingular = isLeastSquares || abs(factorization.pivot) * limits.largestCondition <= norm
        let size = (finalSquares + t.previous * t.previous + (isSingular ? 0 : t.last * t.last)).squareRoot()
        guard size.isFinite else { return .nonFinite }
        x.base.update(from: final.base, count: n)
        Double.axpy(n, t.previous, directions.previous.base, x.base)
        if isSingular { return isLeastSquares ? .leastSquares : .singular }
        if size > limits.longestSolution { return .tooLong }
        Double.axpy(n, t.last, directions.last.base, x.base)
        return factorization.residual <= limits.tolerance * (norm * size + length) ? .solved : nil
    }
}
