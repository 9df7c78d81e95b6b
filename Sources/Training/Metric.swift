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
        "pattern_flips": "share of ReLU units whose sign differs from initialization",
    ]

    /// The meaning of a metric by its name: that of its family.
    public static func meaning(of name: String) -> String {
        let parts = name.split(separator: ".", maxSplits: 1)
        let family = parts.first.flatMap { meanings[String($0)] } ?? name
        return parts.count > 1 ? "\(family), \(parts[1])" : family
    }
}
