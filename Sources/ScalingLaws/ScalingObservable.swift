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

/// Which weights an observable is of.
public enum ScalingLayer: Sendable, CaseIterable {
    /// All that are trained together, or the largest of them.
    case all
    /// W_1, which reads the data, where no frozen A does.
    case first
    /// Those with as many inputs as outputs.
    case hidden
    case output
}
