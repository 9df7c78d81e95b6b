/// How a Lanczos run ended.
public enum LanczosOutcome: Sendable, Equatable {
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
