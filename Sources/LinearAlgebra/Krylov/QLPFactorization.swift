import RealModule

/// The reflection [c s; s −c] that maps (a, b) to (r, 0), r ≥ 0.
struct PlaneReflection {
    private(set) var c = -1.0
    private(set) var s = 0.0
    private(set) var r = 0.0

    /// Maps (a, b) to (−a, b): what reflections before the first are.
    init() {}

    init(_ a: Double, _ b: Double) {
        r = Double.hypot(a, b)
        if r > 0 { (c, s) = (a / r, b / r) }
    }

    func callAsFunction(_ a: Double, _ b: Double) -> (Double, Double) { (c * a + s * b, s * a - c * b) }
}

/// Q T P = L, step by step: T [k + 1, k] the tridiagonal matrix of k steps of Lanczos, L lower triangular with three
/// diagonals, and the solution t of L t = Q β₁ e₁.
///
/// A reflection from the left a step takes T to R, upper triangular with rows (λ, γ, ε). Two from the right take that to L,
/// whose last three rows are
///
///     μ₋₂                         row k − 2, done
///     ψ₋₂  μ′₋₁                   row k − 1: μ′ changes once more
///     ρ₋₂  ψ′₋₁  μ′′              row k: ψ′ and μ′′ change in the next step, μ′′ twice
///
/// Only what the next step needs is kept. Rows before the first are zeros, so that no step is a case of its own.
/// Source: Choi, Paige, Saunders 2011, section 3 and algorithm 1.
struct QLPFactorization {
    /// ‖b − A x‖ of the solution so far, as the recurrence has it.
    private(set) var residual: Double
    /// Coordinates of the solution: of the direction that is final now, of the one before the last, and of the last.
    private(set) var t: (final: Double, previous: Double, last: Double) = (0, 0, 0)
    /// The reflections of this step from the right, of columns k − 2 and k, and of columns k − 1 and k.
    private(set) var right: (outer: PlaneReflection, inner: PlaneReflection) = (PlaneReflection(), PlaneReflection())
    /// μ′′: where it is tiny T is close to singular.
    private(set) var pivot = 0.0

    private var left: (last: PlaneReflection, before: PlaneReflection) = (PlaneReflection(), PlaneReflection())
    private var muBefore = 0.0
    private var psi = 0.0
    private var numerator = 0.0
    private var xi = 0.0
    /// Its sign tells with which sign Q β₁ e₁ goes on.
    private var zeta: Double

    /// - Parameter length: β₁, the length of the right-hand side.
    init(length: Double) { (residual, zeta) = (length, length) }

    /// γ and the diagonal entry of R before this step's own reflection.
    private func diagonal(_ alpha: Double, _ beta: Double) -> (gamma: Double, diagonal: Double) {
        left.last(-left.before.c * beta, alpha)
    }

    /// ‖A r‖ of the residual before the step with these entries of T.
    func normalResidual(_ alpha: Double, _ beta: Double, next: Double) -> Double {
        abs(zeta) * Double.hypot(diagonal(alpha, beta).diagonal, left.last.c * next)
    }

    /// A step: column (β, α, next) of T; β is 0 in the first.
    mutating func append(_ alpha: Double, _ beta: Double, next: Double) {
        let (gamma, diagonal) = diagonal(alpha, beta)
        let epsilon = left.before.s * beta
        left = (PlaneReflection(diagonal, next), left.last)
        let lambda = left.last.r
        let right = left.last.c * zeta
        zeta *= left.last.s
        residual = abs(zeta)

        let outer = PlaneReflection(muBefore, epsilon)
        let (psiFinal, theta) = outer(psi, gamma)
        let (rho, eta) = outer(0, lambda)
        let inner = PlaneReflection(pivot, theta)
        (psi, pivot) = inner(0, eta)
        muBefore = inner.r
        self.right = (outer, inner)

        t.final = quotient(numerator, outer.r)
        numerator = xi - psiFinal * t.final
        t.previous = quotient(numerator, inner.r)
        xi = right - rho * t.final
        t.last = quotient(xi - psi * t.previous, pivot)
    }

    /// a/b, 0 where there is nothing to divide by: the coordinate of a direction that is not there.
    private func quotient(_ a: Double, _ b: Double) -> Double { b == 0 ? 0 : a / b }
}
