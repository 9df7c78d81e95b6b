import RealModule

/// How weights are drawn and scaled: the choice that decides every scaling exponent in the width.
public enum Parametrization: String, CaseIterable, Sendable {
    /// Allen-Zhu, Li, Song 2019, section 2: h₀ = φ(A x), h_l = φ(W_l h_{l−1}), f = B h_L with
    /// A, W ~ N(0, 2/m), B ~ N(0, 1/K); A and B stay at their start.
    case paper
    /// He initialization, weights N(0, gain²/fan-in), everything trained.
    case standard
    /// Weights N(0, 1), scaled by gain/√fan-in in the forward pass, everything trained
    /// (Jacot, Gabriel, Hongler 2018, eq. 1; Lee et al. 2019, eq. 1).
    case ntk
}

extension Activation.Function {
    /// The gain that keeps forward norms: √2 for ReLU (He et al. 2015, eq. 10), √(2/(1 + slope²))
    /// for the leaky ReLU (eq. 15), 1 for the others.
    public func gain(negativeSlope: Double) -> Double {
        switch self {
        case .relu: Double.sqrt(2)
        case .leakyReLU: Double.sqrt(2 / (1 + negativeSlope * negativeSlope))
        case .softplus, .erf, .tanh, .sigmoid, .linear: 1
        }
    }
}
