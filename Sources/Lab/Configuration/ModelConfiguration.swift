import Networks

/// `model`: the network, up to the shapes that the data decides.
public struct ModelConfiguration: Sendable {
    enum Network: String, CaseIterable { case mlp }

    private let template: MLP

    init(_ section: ConfigSection) {
        _ = section.choice("network", default: Network.mlp, "kind of network")
        let width = section.integer("width", default: 1024, in: 1...(1 << 20), "m, neurons of a hidden layer")
        let depth = section.integer(
            "depth", default: 3, in: 0...4096,
            "L, hidden layers W1 … WL; in the paper's parametrization between the frozen A and B")
        let function = section.choice("activation", default: Activation.Function.relu, "φ")
        let slope = section.number(
            "negative_slope", default: 0.01, in: 0...1, "slope for x ≤ 0, for activation: leaky-relu")
        let parametrization = section.choice(
            "parametrization", default: Parametrization.paper,
            "paper (A, W ~ N(0, 2/m), B ~ N(0, 1/K), only W trained), standard (He) or ntk (N(0, 1), scaled forward)")
        let bias = section.flag("bias", default: false, "whether layers add a bias")
        let biasScale = section.number(
            "bias_scale", default: 0.1, in: 0...1e6, "β, factor of N(0, 1) biases in the ntk parametrization")
        let frozen = section.words("frozen", "tensors that stay at their start, such as [output, W1.bias]")
        let trained = section.words("trained", "tensors that train against the parametrization's rule, such as [A, B]")
        template = MLP(
            inputs: 1, width: width, depth: depth, outputs: 1, activation: Activation(function, negativeSlope: slope),
            parametrization: parametrization, hasBias: bias, biasScale: biasScale, frozen: Set(frozen),
            trained: Set(trained))
    }

    /// The network for inputs of d numbers and K outputs.
    func model(inputs: Int, outputs: Int) throws -> Model {
        var network = template
        network.inputs = inputs
        network.outputs = outputs
        do {
            return try network.model()
        } catch let error as ModelError {
            throw LabError("model: \(error)")
        }
    }
}
