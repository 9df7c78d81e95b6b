import RealModule

/// A law that a decreasing loss may follow, F as a function of the time t, ∫η dt in steps at the first learning rate.
public enum DecayModel: String, Sendable, CaseIterable {
    /// A e^(−rt): linear convergence.
    case exponential
    /// A e^(−rt) + B e^(−qt), q > r: linear convergence with a faster mode that is still seen.
    case twoExponentials = "two exponentials"
    /// A (t + s)^(−p).
    case powerLaw = "power law"
    /// A e^(−(rt)^β), β < 1.
    case stretched = "stretched exponential"
    /// c + A e^(−rt).
    case plateau

    /// Whether it is linear convergence: a factor a unit of time in the end.
    public var isLinear: Bool { self == .exponential || self == .twoExponentials }

    /// ln F at t, in times scaled so that the data lie in 0 … 1; every parameter may be any real number.
    func logarithm(_ t: Double, _ p: [Double]) -> Double {
        switch self {
        case .exponential: return p[0] - p[1] * t
        case .twoExponentials:
            let slow = p[0] - Double.exp(p[1]) * t
            let fast = p[2] - (Double.exp(p[1]) + Double.exp(p[3])) * t
            return logSum(slow, fast)
        case .powerLaw: return p[0] - p[1] * Double.log(t + Self.offset(p[2]))
        case .stretched: return p[0] - Double.exp(p[1]) * Double.pow(max(t, 0), Self.exponent(p[2]))
        case .plateau: return logSum(p[0] - Double.exp(p[1]) * t, p[2])
        }
    }

    /// s between 0.0001 and 10 of the span: more is an exponential under another name.
    static func offset(_ p: Double) -> Double { 1e-4 + 10 / (1 + Double.exp(-p)) }
    /// β between 0 and 1.
    static func exponent(_ p: Double) -> Double { 1 / (1 + Double.exp(-p)) }

    /// Where searches begin, from F's straight line through ln F: intercept a and rate r > 0, and its last value.
    func starts(a: Double, r: Double, last: Double) -> [[Double]] {
        let rate = Double.log(max(r, 1e-6))
        return switch self {
        case .exponential: [[a, r]]
        case .twoExponentials: [1.5, 3, 8].map { [a - 0.5, rate - 0.3, a, Double.log(max(r, 1e-6) * $0)] }
        case .powerLaw: [-9.0, -4.6, -2, 2].map { [last, max(r, 1e-6) * max(Self.offset($0), 0.3), $0] }
        case .stretched: [-1.0, 0, 2].map { [a, rate, $0] }
        case .plateau: [0.01, 0.3, 0.9].map { [a, rate + 0.5, last + Double.log($0)] }
        }
    }
}

private func logSum(_ a: Double, _ b: Double) -> Double {
    max(a, b) + Double.log(onePlus: Double.exp(-abs(a - b)))
}

/// A model with its parameters, fitted to ln F.
public struct DecayFit: Sendable {
    /// The law that was fitted.
    public let model: DecayModel
    /// n ln(RSS/n + misfit²) + k ln n (Schwarz 1978): smaller is better.
    public let bic: Double
    /// Rate r a unit of time, with its 99 % interval; for the power law, its exponent p.
    public let rate: Estimate
    /// The level c of a plateau; nil for other models.
    public let floor: Estimate?
    /// F at a time.
    public let value: @Sendable (Double) -> Double
}
