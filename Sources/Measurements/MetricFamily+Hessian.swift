/// The families of metrics of the Hessian along a run.
extension MetricFamily {
    /// λ_max(H), by Lanczos.
    public static let hessianLambdaMax = MetricFamily(
        "hessian_lambda_max",
        "largest eigenvalue of the Hessian of F, over tracking.hessian.samples, in all trained weights that Lanczos found: the largest of all is no smaller"
    )
    /// Of λ_max.
    public static let hessianLambdaMaxError = MetricFamily(
        "hessian_lambda_max_error",
        "how far from hessian_lambda_max an eigenvalue is at most: its residual, and an estimate of the arithmetic's error"
    )
    /// λ_min(H), by Lanczos.
    public static let hessianLambdaMin = MetricFamily(
        "hessian_lambda_min", "smallest eigenvalue of the same that Lanczos found: the smallest of all is no larger")
    /// Of λ_min.
    public static let hessianLambdaMinError = MetricFamily(
        "hessian_lambda_min_error", "the same for hessian_lambda_min")
    /// η λ_max; descent on a quadratic is stable below 2 (Cohen et al. 2021).
    public static let hessianSharpness = MetricFamily(
        "hessian_sharpness",
        "learning rate of the next step times hessian_lambda_max; none for the Hessian of some samples alone, and of steps not along -g, as Adam's"
    )
    /// vᵀRv/λ_max.
    public static let hessianResidualShare = MetricFamily(
        "hessian_residual_share",
        "v^T R v over hessian_lambda_max, v its eigenvector and R = H - G what the Gauss-Newton matrix G lacks")
    /// tr H.
    public static let hessianTrace = MetricFamily(
        "hessian_trace", "trace of the Hessian, by XTrace from random vectors")
    /// Of the trace.
    public static let hessianTraceError = MetricFamily(
        "hessian_trace_error", "standard error of hessian_trace; none for a single vector")
}
