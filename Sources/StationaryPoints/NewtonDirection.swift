import LinearAlgebra

/// p with H p = −g in the least-squares sense, as far as MINRES-QLP came.
struct NewtonDirection {
    let p: [Double]
    /// ⟨H p, g⟩.
    let slope: Double
    /// ‖H p + g‖.
    let residual: Double
    /// Whether p is the shortest least-squares solution, and no direction was left out.
    let isLeastSquares: Bool
    /// Whether H p = −g, within the tolerance of MINRES-QLP.
    let isSolved: Bool
    var step: (p: [Double], slope: Double) { (p, slope) }
}

extension StationarySearch {
    /// For one direction of Newton's.
    private static let mostProducts = 1000

    /// Cost: up to 2 n + 22 products, 1,002 at most.
    static func newtonDirection<F: TwiceDifferentiable>(_ f: F, _ place: Place) -> NewtonDirection {
        let hessian = f.hessian(at: place.w)
        let limits = MinresLimits(maximumSteps: min(2 * f.dimension + 20, mostProducts))
        let solution = minimumLengthSolution(of: hessian, place.gradient.map { -$0 }, limits: limits)
        let p = solution.x.entries
        return NewtonDirection(
            p: p, slope: dot(hessian.product(p), place.gradient), residual: solution.residual,
            isLeastSquares: [.solved, .leastSquares, .exhausted].contains(solution.outcome),
            isSolved: solution.outcome == .solved)
    }
}
