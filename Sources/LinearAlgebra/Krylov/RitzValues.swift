/// How a Lanczos run ended.
public enum LanczosOutcome: String, Sendable, Equatable {
    /// The residual fell below the tolerance.
    case converged
    /// The step limit came first; values lie inside the spectrum, and their residuals say how far they are off.
    case stepLimit
    /// The Krylov space was exhausted: values are exact to rounding.
    case exhausted
    /// The operator returned a number that is not finite: values mean nothing.
    case nonFinite
}

/// An approximate eigenvalue and how far an eigenvalue can be from it.
public struct RitzValue: Sendable {
    /// θ = vᵀ A v for the unit vector v.
    public let value: Double
    /// ‖A v − θ v‖.
    public let residual: Double

    /// A value θ with ‖A v − θ v‖.
    public init(value: Double, residual: Double) {
        self.value = value
        self.residual = residual
    }
}

/// Approximations of both ends of the spectrum of a symmetric operator, θ_min ≥ λ_min and θ_max ≤ λ_max.
public struct ExtremeEigenvalues: Sendable {
    /// The lower end, θ_min ≥ λ_min.
    public var smallest: RitzValue
    /// The upper end, θ_max ≤ λ_max.
    public var largest: RitzValue
    /// Steps of the iteration, a product with A each.
    public var steps: Int
    /// How the iteration ended, and so what the values are worth.
    public var outcome: LanczosOutcome

    /// Both ends as an iteration has left them.
    public init(smallest: RitzValue, largest: RitzValue, steps: Int, outcome: LanczosOutcome) {
        self.smallest = smallest
        self.largest = largest
        self.steps = steps
        self.outcome = outcome
    }
}
