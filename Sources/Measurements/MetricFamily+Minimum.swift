/// The families of metrics of the value that a run ends at, beside what first derivatives say of it. All losses in the units of F.
extension MetricFamily {
    /// F in float64, whatever the run's arithmetic.
    public static let minimumLoss = MetricFamily(
        "minimum_loss", "F in float64, at the end of the run or at tracked steps")
    /// ‖∇F‖ in float64.
    public static let minimumGradientNorm = MetricFamily(
        "minimum_gradient_norm", "gradient_norm at the same weights, in float64")
    /// c/2 ‖Y − P Y‖².
    public static let minimumPredicted = MetricFamily(
        "minimum_predicted",
        "what the range of the Jacobian leaves of the targets: c/2 |Y - P Y|^2, the value of F at a stationary point where the network is smooth"
    )
    /// Its lower bound.
    public static let minimumPredictedLow = MetricFamily(
        "minimum_predicted_low", "least value of the same, with undecided directions in the range")
    /// Its upper bound.
    public static let minimumPredictedHigh = MetricFamily(
        "minimum_predicted_high", "largest value of the same, by the error of the kernel's arithmetic")
    /// c/2 ‖f − P f‖².
    public static let minimumOutside = MetricFamily(
        "minimum_outside", "the same of the outputs, which is 0 where the last layer is linear and trained")
    /// rank J.
    public static let minimumRank = MetricFamily(
        "minimum_rank", "rank of the Jacobian: eigenvalues of J J^T above their error")
    /// What may come to it.
    public static let minimumRankUndecided = MetricFamily(
        "minimum_rank_undecided", "eigenvalues of the same that may or may not be 0")
    /// nK.
    public static let minimumRows = MetricFamily(
        "minimum_rows", "rows of the Jacobian, samples times outputs: the largest rank")
    /// Of the range.
    public static let minimumLambdaMin = MetricFamily(
        "minimum_lambda_min", "smallest eigenvalue of J J^T on its range, less its error")
    /// λ_max.
    public static let minimumLambdaMax = MetricFamily(
        "minimum_lambda_max", "largest eigenvalue of the same, with its error")
    /// In steps of descent.
    public static let minimumKinkDistance = MetricFamily(
        "minimum_kink_distance",
        "least |z| over what the next step of full-batch descent moves z by, z = 0 at kinks; none where that moves nothing, the network is smooth, or steps are others, as Adam's"
    )
    /// Of a step.
    public static let minimumStepGain = MetricFamily(
        "minimum_step_gain",
        "what the same step takes off F over learning_rate |dF/dw|^2: 1 for short steps where F is smooth, near 0 where kinks hold it"
    )
    /// By layer.
    public static let minimumGain = MetricFamily(
        "minimum_gain", "what a layer's range takes off the loss beside those of the layers before it",
        members: .tensors)
    /// By unit.
    public static let minimumUnitGain = MetricFamily(
        "minimum_unit_gain",
        "what a unit's range takes off the loss beside those of the units and layers before it", members: .units)
    /// By layer.
    public static let minimumBaseline = MetricFamily(
        "minimum_baseline",
        "least F of a linear regression on what goes into a layer: on inputs for the first, on a hidden layer's features for others",
        members: .tensors)
    /// By layer.
    public static let minimumBaselineError = MetricFamily(
        "minimum_baseline_error", "what the same may be less by", members: .tensors)
}
