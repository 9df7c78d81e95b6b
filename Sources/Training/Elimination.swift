import Networks
import RealModule

/// Parameters that are trained beside the network's, so that the loss of all has no bad local minima.
///
/// F is the run's objective, λ the weight, and (a, b, W) what is added.
///
///     neuron:  F~ = F(f + g) + λ ‖a‖²,  g_k(x) = a_k exp(w_kᵀx + b_k)     a [K], b [K], W [K, d]
///     scale:   F~ = F(f) (1 + (a eᵇ − 1)²) + λ a²                          a [1], b [1]
///
/// In both a_k ∂F~/∂a_k − ∂F~/∂b_k = 2λ a_k², so that a = 0 wherever the gradient vanishes. With the neuron and
/// a loss convex in the outputs the network's weights are a global minimum of F at each local minimum of F~; with the scale F = 0 at each
/// stationary point. What the theorems leave is that the added parameters grow without bound and none is reached.
///
/// Sources: Kawaguchi, Kaelbling 2020, theorem 1 (neuron); Sohl-Dickstein, Kawaguchi 2019 (scale). There F is a mean; λ
/// here stands beside F in its own units, whatever its reduction.
public struct Elimination: Sendable, Equatable {
    /// What is added.
    public enum Kind: String, CaseIterable, Sendable {
        /// A neuron of exponential activation for each output.
        case neuron
        /// A factor of the loss.
        case scale
    }

    /// Which of the two it is.
    public let kind: Kind
    /// λ > 0, in the units of F.
    public let weight: Double

    /// An elimination with its penalty.
    public init(_ kind: Kind, weight: Double = 1e-3) {
        self.kind = kind
        self.weight = weight
    }

    /// Where a, b and W lie, one after another, and how they start.
    ///
    /// a is normal with deviation 0.1, b is 0, W normal with deviation 1/√d, as the standard parametrization of a layer
    /// is: no start with a ≠ 0 is stationary, and g begins at about a tenth of outputs of unit size for inputs whose
    /// coordinates have unit size.
    public func layout(inputs: Int, outputs: Int) -> ParameterLayout {
        func tensor(_ role: String, _ shape: [Int], _ axes: String, deviation: Double) -> Tensor {
            Tensor(
                layer: kind.rawValue, role: role, shape: shape, axes: axes, isTrained: true,
                standardDeviation: deviation)
        }
        let count = kind == .neuron ? outputs : 1
        let start = [
            tensor("a", [count], "out", deviation: 0.1), tensor("b", [count], "out", deviation: 0),
        ]
        guard kind == .neuron else { return ParameterLayout(start) }
        let deviation = 1 / Double(max(inputs, 1)).squareRoot()
        return ParameterLayout(start + [tensor("W", [outputs, inputs], "out,in", deviation: deviation)])
    }

    /// What a run needs for it and hasn't, in words; nil where nothing is lacking.
    package func lack(_ optimizer: Optimizer, _ form: FunctionForm, _ learningRate: Double?) -> String? {
        var decays = false
        if case .adam(let adam) = optimizer { decays = adam.weightDecay != 0 || adam.decoupledWeightDecay != 0 }
        let lacking = [
            learningRate == nil ? "a number as training.learning_rate, found auto, which is stable for F alone" : nil,
            form.isNetwork ? nil : "the network itself, without training.linearized or training.lazy_scale",
            decays ? "0 as training.optimizer.weight_decay and decoupled_weight_decay" : nil,
        ].compactMap(\.self)
        return lacking.isEmpty ? nil : "needs " + lacking.joined(separator: "; ")
    }
}
