/// What is fitted against the width, under the name that a sweep's configuration gives it.
public enum ScalingObservable: String, Sendable, CaseIterable {
    case weightDrift = "weight_drift"
    case relativeDrift = "weight_drift_relative"
    case rowDrift = "row_drift"
    case flips
    case backwardChange = "backward_change"
    case kernelDrift = "kernel_drift"
    case linearizationGap = "linearization_gap"
    case forwardNormError = "forward_norm_error"
    case kernelLambdaMin = "kernel_lambda_min_start"
    case gradientRatio = "gradient_ratio"
    case steps

    /// What it is, as a formula.
    public var meaning: String {
        switch self {
        case .weightDrift: "‖W_T − W_0‖_F of all trained weights"
        case .relativeDrift: "‖W_T − W_0‖_F/‖W_0‖_F of all trained weights"
        case .rowDrift: "largest ‖w_r(T) − w_r(0)‖ of a neuron, over all trained tensors"
        case .flips: "share of flipped ReLU units in the last ReLU layer"
        case .backwardChange: "‖b_T − b_0‖/‖b_0‖ of the backward vectors b = ∂f/∂g_1 below the first trained activation"
        case .kernelDrift: "‖Θ_T − Θ_0‖_F/‖Θ_0‖_F"
        case .linearizationGap: "‖f − f_lin‖/‖f‖ on the test samples, or ‖f − f_lin‖/‖r_0‖ on the training samples"
        case .forwardNormError: "largest |‖h_l(x)‖ − 1| over samples and layers at the start"
        case .kernelLambdaMin: "λ_min(Θ_0)"
        case .gradientRatio: "smallest ‖∇F‖²/(2F) on the way"
        case .steps: "steps to the loss ratio"
        }
    }
}

/// The power of the width that theory gives an observable at a fixed loss ratio.
public struct ExpectedExponent: Sendable, Equatable {
    /// What the theorem guarantees, a bound; nil where none speaks of it.
    public let worstCase: Double?
    /// Whether the theorem bounds from above (decay at least as fast) or from below.
    public let isUpperBound: Bool
    /// What is usually seen, after first-order perturbation theory around the start.
    public let typical: ClosedRange<Double>
    /// Of the worst case.
    public let source: String

    init(_ worst: Double?, _ typical: ClosedRange<Double>, atLeast: Bool = false, _ source: String = "") {
        worstCase = worst
        self.typical = typical
        isUpperBound = !atLeast
        self.source = source
    }
}

/// The parametrization, which decides every exponent.
public enum ScalingRegime: String, Sendable, CaseIterable {
    /// A, W ~ N(0, 2/m), B ~ N(0, 1/K), W trained, Θ ~ m, η ~ 1/m.
    case paper
    /// He initialization, everything trained, η ~ 1/m.
    case standard
    /// Weights N(0, 1), everything trained, Θ ~ 1, η ~ 1.
    case ntk

    /// The exponents of an observable in the width m.
    ///
    /// Sources: after Allen-Zhu, Li, Song 2019, Theorems 1, 3 and 5, with ‖W_t − W_0‖ ~ ω ~ m^(−1/2) put into the powers of ω of
    /// Cao, Gu 2019, Lemmas B.2 and D.1; Lee et al. 2019, Theorem 2.1 and appendix G.
    public func exponent(of observable: ScalingObservable) -> ExpectedExponent {
        switch self {
        case .paper: paper(observable)
        case .standard: standard(observable)
        case .ntk: ntk(observable)
        }
    }

    private func paper(_ observable: ScalingObservable) -> ExpectedExponent {
        let theorem = "Allen-Zhu, Li, Song 2019"
        return switch observable {
        case .weightDrift: ExpectedExponent(-0.5, at(-0.5), "after \(theorem), Theorem 1")
        case .relativeDrift: ExpectedExponent(-1, at(-1), "after \(theorem), Theorem 1")
        case .rowDrift: ExpectedExponent(nil, at(-1))
        case .flips: ExpectedExponent(-1 / 3.0, at(-0.5), "ω^(2/3); Cao, Gu 2019, Lemma D.1")
        case .backwardChange: ExpectedExponent(-1 / 6.0, at(-0.25), "ω^(1/3); Cao, Gu 2019, Lemma B.2")
        case .kernelDrift: ExpectedExponent(-1 / 6.0, -1...(-0.5), "ω^(1/3); after \(theorem), Theorem 5")
        case .linearizationGap: ExpectedExponent(-1 / 6.0, at(-0.5), "ω^(4/3) √m; after \(theorem), Theorem 5")
        case .forwardNormError: ExpectedExponent(-0.5, at(-0.5), "Cao, Gu 2019, appendix B")
        case .kernelLambdaMin: ExpectedExponent(1, at(1), atLeast: true, "after \(theorem), Theorem 3")
        case .gradientRatio: ExpectedExponent(1, at(1), atLeast: true, "after \(theorem), Theorem 3")
        case .steps: ExpectedExponent(0, at(0), "after \(theorem), Theorem 1")
        }
    }

    private func standard(_ observable: ScalingObservable) -> ExpectedExponent {
        let theorem = "Lee et al. 2019, Theorem 2.1"
        return switch observable {
        case .weightDrift: ExpectedExponent(-0.5, at(-0.5), "Lee et al. 2019, appendix G.1")
        case .relativeDrift: ExpectedExponent(nil, -1...(-0.5))
        case .rowDrift: ExpectedExponent(nil, at(-1))
        case .flips: ExpectedExponent(nil, at(-0.5))
        case .backwardChange: ExpectedExponent(nil, -0.5...(-0.25))
        case .kernelDrift: ExpectedExponent(-0.5, -1...(-0.5), theorem)
        case .linearizationGap: ExpectedExponent(-0.5, -1...(-0.5), theorem)
        case .forwardNormError: ExpectedExponent(nil, at(-0.5))
        case .kernelLambdaMin: ExpectedExponent(nil, at(1), atLeast: true)
        case .gradientRatio: ExpectedExponent(nil, at(1), atLeast: true)
        case .steps: ExpectedExponent(nil, at(0))
        }
    }

    private func ntk(_ observable: ScalingObservable) -> ExpectedExponent {
        switch observable {
        case .weightDrift: ExpectedExponent(0, at(0), "Lee et al. 2019, appendix G.1")
        case .rowDrift: ExpectedExponent(nil, at(-0.5))
        case .kernelLambdaMin: ExpectedExponent(nil, at(0), atLeast: true)
        case .gradientRatio: ExpectedExponent(nil, at(0), atLeast: true)
        case .relativeDrift, .flips, .backwardChange, .kernelDrift, .linearizationGap, .forwardNormError, .steps:
            standard(observable)
        }
    }

    private func at(_ value: Double) -> ClosedRange<Double> { value...value }
}
