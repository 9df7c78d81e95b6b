import RealModule

/// How weights are drawn and scaled: the choice that decides every scaling exponent in the width.
public enum Parametrization: String, CaseIterable, Sendable {
    /// Allen-Zhu, Li, Song 2019, section 2: h₀ = φ(A x), h_l = φ(W_l h_{l−1}), f = B h_L with
    /// A, W ~ N(0, 2/m), B ~ N(0, 1/K); A and B stay at their start. Convolutions: N(0, 2/(patch·m)).
    case paper
    /// He initialization, weights N(0, gain²/fan-in), everything trained.
    case standard
    /// Weights N(0, 1), scaled by gain/√fan-in in the forward pass, everything trained
    /// (Jacot, Gabriel, Hongler 2018, eq. 1; Lee et al. 2019, eq. 1).
    case ntk

    /// Factor of the weights in the forward pass, and their standard deviation at the start.
    /// - Parameters:
    ///   - gain: of the activation; √2 for ReLU. The output layer has 1.
    ///   - patch: numbers of a kernel's window, 1 for a dense layer; fan-in is patch · inputs.
    func scaleAndDeviation(
        _ role: WeightOptions.Role, gain: Double, patch: Int, inputs: Int, outputs: Int
    ) -> (scale: Double, deviation: Double) {
        let perFanIn = (role == .output ? 1 : gain) / Double.sqrt(Double(patch * inputs))
        switch (self, role) {
        case (.paper, .output): return (1, 1 / Double.sqrt(Double(outputs)))
        // A reads the data and has m = its own outputs, so that norms are kept: E‖φ(Ax)‖² = ‖x‖².
        case (.paper, .input): return (1, gain / Double.sqrt(Double(patch * outputs)))
        case (.paper, .hidden), (.standard, _): return (1, perFanIn)
        case (.ntk, _): return (perFanIn, 1)
        }
    }
}
