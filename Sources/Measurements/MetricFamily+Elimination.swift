/// The families of metrics of parameters that are trained beside the network's (`training.elimination`).
extension MetricFamily {
    /// ‖a‖.
    public static let eliminationNorm = MetricFamily("elimination_norm", "norm of a of training.elimination")
    /// max |g|.
    public static let eliminationOutput = MetricFamily(
        "elimination_output",
        "largest of all outputs of the added neurons for training samples, |g_k(x_i)|; for the scale |a e^b|")
    /// ‖(W, b)‖.
    public static let eliminationParameters = MetricFamily(
        "elimination_parameters", "norm of all weights and biases in the exponents of the same")
    /// F~.
    public static let eliminationLoss = MetricFamily(
        "elimination_loss", "what is descended: the training loss with the added parameters and their penalty")
}
