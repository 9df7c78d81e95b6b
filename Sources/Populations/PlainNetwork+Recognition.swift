import Layers
import LinearAlgebra
import Networks

extension PlainNetwork {
    /// The network that a model is, with the model as it is given, so that w is that of its runs.
    ///
    /// Linear activations, and flattening of inputs, change nothing.
    /// - Returns: nil for a model that has more than dense layers and elementwise activations, biases, layers that are not trained, or
    ///   weights with a factor: they are W_j themselves in the standard parametrization.
    package init?(recognizing model: Model) {
        var activations: [[Activation]] = [[]]
        var widths = [model.inputCount]
        for (s, stage) in model.stages.enumerated() {
            guard case .layer(let layer) = stage.operation, stage.source == s else { return nil }
            switch layer {
            case let dense as Dense:
                guard dense.bias == nil, dense.trainsWeight, dense.weightScale == 1 else { return nil }
                widths.append(dense.outputs)
                activations.append([])
            case let activation as Activation:
                if !activation.isAffine { activations[activations.count - 1].append(activation) }
            case is Flatten: break
            default: return nil
            }
        }
        guard widths.count > 1 else { return nil }
        let kind: Kind
        if activations.joined().isEmpty {
            kind = .linear
        } else if activations[0].isEmpty, activations.dropFirst().allSatisfy({ $0 == [Activation(.sigmoid)] }) {
            kind = .sigmoid
        } else {
            kind = .other
        }
        self.init(kind, widths: widths, model: model)
    }

    /// Whether no activation has a kink.
    package var isSmooth: Bool {
        let (w, x) = (ParameterVector<Double>(model.layout), MatrixBuffer<Double>(1, inputs))
        return model.kinkMargins(w.base, x) == nil
    }
}
