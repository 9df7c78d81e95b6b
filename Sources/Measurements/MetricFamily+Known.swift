/// The families of metrics that statements and sweeps speak of. Others stand in the file of the probe that records them.
extension MetricFamily {
    // MARK: of every row
    /// t.
    public static let step = MetricFamily(
        "step", "number of parameter updates made")
    /// η of the next step.
    public static let learningRate = MetricFamily(
        "learning_rate", "learning rate of the next step")

    // MARK: of the loss
    /// F.
    public static let trainLoss = MetricFamily(
        "train_loss", "objective F over the training samples")
    /// Known only where targets are classes.
    public static let trainAccuracy = MetricFamily(
        "train_accuracy", "share of training samples classified correctly")
    /// F of the test samples.
    public static let testLoss = MetricFamily(
        "test_loss", "objective over the test samples")
    /// Likewise for the test samples.
    public static let testAccuracy = MetricFamily(
        "test_accuracy", "share of test samples classified correctly")
    /// ‖∇F‖.
    public static let gradientNorm = MetricFamily(
        "gradient_norm", "Euclidean norm of the gradient of F in all trained weights")

    // MARK: of the weights
    /// ‖W_t − W_0‖_F.
    public static let weightDrift = MetricFamily(
        "weight_drift", "Frobenius norm of W_t - W_0", members: .allAndTensors)
    /// ‖W_t − W_0‖_F/‖W_0‖_F.
    public static let weightDriftRelative = MetricFamily(
        "weight_drift_relative", "Frobenius norm of W_t - W_0 over that of W_0", members: .allAndTensors)
    /// ‖W_t − W_0‖₂.
    public static let weightDriftSpectral = MetricFamily(
        "weight_drift_spectral", "spectral norm of W_t - W_0", members: .tensors)
    /// max_i ‖(W_t − W_0)_i‖.
    public static let weightDriftRow = MetricFamily(
        "weight_drift_row", "largest Euclidean norm of a row of W_t - W_0", members: .tensors)

    // MARK: of the units
    /// Share of D_t ≠ D_0, D = [g > 0].
    public static let patternFlips = MetricFamily(
        "pattern_flips",
        "share of ReLU units whose sign differs from initialization; 0 for a linearized network, whose units stay those of its start",
        members: .rectifiers)
    /// ‖b_t − b_0‖_F/‖b_0‖_F.
    public static let backwardChange = MetricFamily(
        "backward_change",
        "Frobenius norm of b_t - b_0 over that of b_0, b = df/dg the backward vectors of a ReLU layer",
        members: .rectifiers)

    // MARK: of the linearized network
    /// F after (I − ηcΘ_0)ᵗ.
    public static let predictedLoss = MetricFamily(
        "predicted_loss", "objective of the linearized network after the same steps, from Theta_0")
    /// F after e^(−cΘ_0 ∫η dt).
    public static let predictedLossFlow = MetricFamily(
        "predicted_loss_flow", "objective of the linearized network after gradient flow of the same time")
    /// The first of these two for the test samples.
    public static let predictedTestLoss = MetricFamily(
        "predicted_test_loss", "objective of the linearized network over the test samples")
    /// Of the training samples, over ‖r_0‖.
    public static let predictionGap = MetricFamily(
        "prediction_gap", "norm of predicted minus measured training outputs over that of the residual at the start")
    /// Of the test samples, over ‖f_t‖.
    public static let predictionGapTest = MetricFamily(
        "prediction_gap_test", "norm of predicted minus measured test outputs over that of the measured ones")

    // MARK: of mini-batches
    /// The mean over batches b of −ln F(w − ηg_b)/F(w).
    public static let batchContraction = MetricFamily(
        "batch_contraction",
        "mean of -ln F(w - eta g_b)/F(w) over mini-batches b that the run may take next, F over all training samples; none where steps are others, as Adam's"
    )
    /// Its standard deviation over b.
    public static let batchContractionSpread = MetricFamily(
        "batch_contraction_spread", "standard deviation of the same over the batches")
    /// Its least value over b.
    public static let batchContractionWorst = MetricFamily(
        "batch_contraction_worst", "least of the same over the batches")

    // MARK: of the tangent kernel
    /// ‖Θ_t − Θ_0‖_F/‖Θ_0‖_F.
    public static let kernelDrift = MetricFamily(
        "kernel_drift", "Frobenius norm of Theta_t - Theta_0 over that of Theta_0")
    /// 1 − ⟨Θ_t, Θ_0⟩/(‖Θ_t‖ ‖Θ_0‖).
    public static let kernelDistance = MetricFamily(
        "kernel_distance", "1 - cosine of the angle between Theta_t and Theta_0")
    /// The same between two kernels that follow one another, over their steps.
    public static let kernelVelocity = MetricFamily(
        "kernel_velocity", "1 - cosine of the angle between Theta_t and the kernel measured before it, for each step")
    /// λ_min(Θ_t).
    public static let kernelLambdaMin = MetricFamily(
        "kernel_lambda_min", "smallest eigenvalue of Theta_t; none where its error is as large as it is")
    /// λ_max(Θ_t).
    public static let kernelLambdaMax = MetricFamily(
        "kernel_lambda_max", "largest eigenvalue of Theta_t")
    /// λ_r(Θ_t), r the rank.
    public static let kernelLambdaRange = MetricFamily(
        "kernel_lambda_range",
        "smallest eigenvalue of Theta_t on its range: the r-th largest, r the rank that inputs and weights allow; none where "
            + "its error is as large as it is")
    /// Holds for each λ of the same row.
    public static let kernelLambdaError = MetricFamily(
        "kernel_lambda_error", "bound on the error of both eigenvalues, from the kernel's arithmetic and the solver")
    /// λ_max/λ_min.
    public static let kernelCondition = MetricFamily(
        "kernel_condition", "largest over smallest eigenvalue of Theta_t")
    /// tr Θ_t.
    public static let kernelTrace = MetricFamily(
        "kernel_trace", "trace of Theta_t")
    /// (tr Θ_t)²/‖Θ_t‖_F².
    public static let kernelEffectiveRank = MetricFamily(
        "kernel_effective_rank", "squared trace over squared Frobenius norm of Theta_t")
    /// ⟨Θ_t, YYᵀ⟩/(‖Θ_t‖ ‖YYᵀ‖).
    public static let kernelAlignment = MetricFamily(
        "kernel_alignment", "cosine of the angle between Theta_t and Y Y^T, Y the targets")
    /// ⟨HΘ_tH, HYYᵀH⟩/(‖HΘ_tH‖ ‖HYYᵀH‖), H = I − 1/n.
    public static let kernelAlignmentCentered = MetricFamily(
        "kernel_alignment_centered",
        "the same with the means over samples taken out of both; none where its error is as large as it is")
    /// Of the centered alignment.
    public static let kernelAlignmentCenteredError = MetricFamily(
        "kernel_alignment_centered_error", "bound on the error of the same, from the kernel's arithmetic")
    /// tr Θ_t of a layer over tr Θ_t.
    public static let kernelShare = MetricFamily(
        "kernel_share", "share of a layer in the trace of Theta_t", members: .tensors)
    /// √(uᵀΘ_t u), u = ∂F/∂f.
    public static let kernelGradientNorm = MetricFamily(
        "kernel_gradient_norm", "square root of u^T Theta_t u with u = dF/df: equal to gradient_norm")
}
