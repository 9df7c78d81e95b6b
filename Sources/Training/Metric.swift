/// One measured number, with the name under which it is stored.
public struct Metric: Sendable, Equatable {
    /// `train_loss`, `weight_drift.W1`: a family, and the layer or tensor where it has one.
    public let name: String
    public let value: Double

    public init(_ name: String, _ value: Double) {
        self.name = name
        self.value = value
    }

    static func score(_ set: String, _ score: Score) -> [Metric] {
        [Metric("\(set)_loss", score.loss)] + (score.accuracy.map { [Metric("\(set)_accuracy", $0)] } ?? [])
    }

    static func totalDrift(_ drift: Double, _ initial: Double) -> [Metric] {
        [Metric("weight_drift", drift), Metric("weight_drift_relative", initial > 0 ? drift / initial : .nan)]
    }

    static func drift(_ tensor: String, _ drift: WeightDrift) -> [Metric] {
        [
            Metric("weight_drift.\(tensor)", drift.frobenius),
            Metric("weight_drift_relative.\(tensor)", drift.relative),
            Metric("weight_drift_spectral.\(tensor)", drift.spectral),
            Metric("weight_drift_row.\(tensor)", drift.largestRow),
        ]
    }

    /// What the families mean, for the attribute `long_name` of files and for documentation.
    public static let meanings: [String: String] = [
        "step": "number of parameter updates made",
        "learning_rate": "learning rate of the next step",
        "train_loss": "objective F over the training samples",
        "train_accuracy": "share of training samples classified correctly",
        "test_loss": "objective over the test samples",
        "test_accuracy": "share of test samples classified correctly",
        "gradient_norm": "Euclidean norm of the gradient of F in all trained weights",
        "weight_drift": "Frobenius norm of W_t - W_0",
        "weight_drift_relative": "Frobenius norm of W_t - W_0 over that of W_0",
        "weight_drift_spectral": "spectral norm of W_t - W_0",
        "weight_drift_row": "largest Euclidean norm of a row of W_t - W_0",
        "kernel_drift": "Frobenius norm of Theta_t - Theta_0 over that of Theta_0",
        "kernel_distance": "1 - cosine of the angle between Theta_t and Theta_0",
        "kernel_velocity": "1 - cosine of the angle between Theta_t and the kernel measured before it, for each step",
        "kernel_lambda_min": "smallest eigenvalue of Theta_t; none where its error is as large as it is",
        "kernel_lambda_max": "largest eigenvalue of Theta_t",
        "kernel_lambda_range":
            "smallest eigenvalue of Theta_t on its range: the r-th largest, r the rank that inputs and weights allow; none where "
            + "its error is as large as it is",
        "kernel_lambda_error": "bound on the error of both eigenvalues, from the kernel's arithmetic and the solver",
        "kernel_condition": "largest over smallest eigenvalue of Theta_t",
        "kernel_trace": "trace of Theta_t",
        "kernel_effective_rank": "squared trace over squared Frobenius norm of Theta_t",
        "kernel_alignment": "cosine of the angle between Theta_t and Y Y^T, Y the targets",
        "kernel_alignment_centered":
            "the same with the means over samples taken out of both; none where its error is as large as it is",
        "kernel_alignment_centered_error": "bound on the error of the same, from the kernel's arithmetic",
        "kernel_share": "share of a layer in the trace of Theta_t",
        "kernel_gradient_norm": "square root of u^T Theta_t u with u = dF/df: equal to gradient_norm",
        "predicted_loss": "objective of the linearized network after the same steps, from Theta_0",
        "predicted_loss_flow": "objective of the linearized network after gradient flow of the same time",
        "predicted_test_loss": "objective of the linearized network over the test samples",
        "prediction_gap": "norm of predicted minus measured training outputs over that of the residual at the start",
        "prediction_gap_test": "norm of predicted minus measured test outputs over that of the measured ones",
        "batch_contraction":
            "mean of -ln F(w - eta g_b)/F(w) over mini-batches b that the run may take next, F over all training samples",
        "batch_contraction_spread": "standard deviation of the same over the batches",
        "batch_contraction_worst": "least of the same over the batches",
        "backward_change":
            "Frobenius norm of b_t - b_0 over that of b_0, b = df/dg the backward vectors of a ReLU layer",
        "pattern_flips":
            "share of ReLU units whose sign differs from initialization; 0 for a linearized network, whose units stay those of its start",
    ]

    /// The meaning of a metric by its name: that of its family.
    public static func meaning(of name: String) -> String {
        let parts = name.split(separator: ".", maxSplits: 1)
        let family = parts.first.flatMap { meanings[String($0)] } ?? name
        return parts.count > 1 ? "\(family), \(parts[1])" : family
    }
}
