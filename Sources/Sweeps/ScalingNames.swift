import Configurations
import Layers
import Measurements
import ScalingLaws
import Training

extension ScalingObservable {
    /// The observable that a name in `sweep.fit` stands for: itself, or a metric of one layer.
    package init?(ofMetric name: String) {
        if let observable = ScalingObservable(rawValue: name) {
            self = observable
            return
        }
        let ofLayers: [ScalingObservable] = [
            .weightDrift, .relativeDrift, .rowDrift, .flips, .backwardChange, .linearizationGap,
        ]
        if MetricFamily.predictionGapTest.contains(name) {
            self = .linearizationGap
        } else if let observable = ofLayers.first(where: { $0.family?.contains(name) == true }) {
            self = observable
        } else {
            return nil
        }
    }
}

extension ScalingLayer {
    /// The layer that a metric's name ends with, `W1` … or `output`; all of them for a name without one, nil for a
    /// bias.
    package init?(ofMetric name: String, in regime: ScalingRegime) {
        switch name.split(separator: ".").dropFirst().first {
        case nil: self = .all
        // What the paper trains are W_1 … W_L, all between A and B.
        case "W1" where regime != .paper: self = .first
        case "output": self = .output
        case let tensor? where tensor.hasPrefix("W") && tensor.dropFirst().allSatisfy(\.isNumber): self = .hidden
        default: return nil
        }
    }
}

extension Configuration {
    /// What decides a network's exponents; nil where they were not derived: for lists of layers, other tensors than
    /// usual trained, biases, activations of outputs, sparse layers, lazy and linearized forms, Adam, eliminations, and residual networks
    /// whose τ changes with the width.
    var scalingNetwork: ScalingNetwork? {
        let (family, regime) = (values["model.network"], model.parametrization.regime)
        let isKnownFamily =
            family == "mlp"
            || regime == .paper
                && (family == "cnn"
                    || family == "resnet" && values["model.block"] == "paper" && values["model.tau"] != "auto")
        let usual = [
            "model.frozen": "[]", "model.trained": "[]", "model.bias": "false", "training.linearized": "false",
            "training.optimizer.kind": "sgd", "training.elimination.kind": "none",
        ]
        guard isKnownFamily, usual.allSatisfy({ values[$0.key] == $0.value }), values["training.lazy_scale"] == nil,
            values["model.output_activation"] != "true",
            values["model.sparsity"].map({ Double($0) == 0 }) ?? true,
            let depth = values["model.depth"].flatMap({ Int($0) }),
            let function = values["model.activation"].flatMap({ Activation.Function(rawValue: $0) })
        else { return nil }
        let kind: ScalingNetwork.Activation =
            switch function {
            case .linear: .linear
            case .relu, .leakyReLU: .rectified
            case .softplus, .erf, .tanh, .sigmoid: .smooth
            }
        return ScalingNetwork(
            regime, kind, depth: depth, hasAutomaticRate: values["training.learning_rate"] == "auto",
            hasSquaredLoss: loss == .squared)
    }

    /// The exponents of what a name in `sweep.fit` stands for, at one loss ratio.
    func expectedExponent(of name: String) -> ExpectedExponent? {
        guard let network = scalingNetwork, let observable = ScalingObservable(ofMetric: name),
            let layer = ScalingLayer(ofMetric: name, in: network.regime)
        else { return nil }
        // Only the sum over tensors, or the first below all, was derived.
        if observable == .backwardChange, layer != .all { return nil }
        return network.exponent(of: observable, layer: layer)
    }
}

extension Parametrization {
    package var regime: ScalingRegime {
        switch self {
        case .paper: .paper
        case .standard: .standard
        case .ntk: .ntk
        }
    }
}
