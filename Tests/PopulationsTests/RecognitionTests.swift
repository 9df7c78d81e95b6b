import Layers
import LinearAlgebra
import Networks
import Populations
import Testing

/// An MLP with two hidden layers of 3 and one output, of 2 inputs.
private func mlp(_ builder: ModelBuilder, depth: Int = 2, inputShape: [Int] = [2]) throws -> Model {
    try builder.model(MLP(width: 3, depth: depth).layers(builder), inputShape: inputShape, outputs: 1)
}

private func standard(_ function: Activation.Function, hasBias: Bool = false) -> ModelBuilder {
    ModelBuilder(parametrization: .standard, activation: Activation(function), hasBias: hasBias)
}

private let dense = DenseDescription(units: 3)
private let sigmoid = ActivationDescription(Activation(.sigmoid))

private func model(_ layers: [any LayerDescription], outputs: Int = 3) throws -> Model {
    try standard(.relu).model(layers, inputShape: [2], outputs: outputs)
}

@Test func networksAreRecognizedByWhatTheyCompute() throws {
    let linear = try #require(PlainNetwork(recognizing: mlp(standard(.linear))))
    #expect(linear.kind == .linear && linear.widths == [2, 3, 3, 1] && linear.isSmooth)
    let image = try #require(PlainNetwork(recognizing: mlp(standard(.linear), inputShape: [2, 2, 3])))
    #expect(image.kind == .linear && image.inputs == 12)
    for kind in PlainNetwork.Kind.published {
        let network = try #require(PlainNetwork(recognizing: PlainNetwork(kind, widths: [4, 3, 2]).model))
        #expect(network.kind == kind && network.widths == [4, 3, 2] && network.isSmooth)
    }
    // A linear activation more changes nothing; the last sigmoid missing, one before the first layer, or two in a row do.
    let identity = ActivationDescription(Activation(.linear))
    #expect(
        PlainNetwork(recognizing: try model([identity, dense, sigmoid, identity, dense, sigmoid]))?.kind == .sigmoid)
    let others: [[any LayerDescription]] = [
        [dense, sigmoid, dense], [sigmoid, dense, sigmoid], [dense, sigmoid, sigmoid], [dense, dense, sigmoid],
        [dense, ActivationDescription(Activation(.tanh))], [sigmoid, dense],
    ]
    for layers in others {
        let network = try #require(PlainNetwork(recognizing: model(layers)))
        #expect(network.kind == .other && network.isSmooth)
    }
    let relu = try #require(PlainNetwork(recognizing: mlp(standard(.relu))))
    #expect(relu.kind == .other && relu.widths == [2, 3, 3, 1] && !relu.isSmooth)
}

/// Each is refused for one reason.
@Test func networksThatAreNotPlainAreRefused() throws {
    func isRefused(_ model: Model) -> Bool { PlainNetwork(recognizing: model) == nil }
    #expect(!isRefused(try model([dense])))
    #expect(isRefused(try mlp(standard(.relu, hasBias: true))), "a bias")
    var frozen = standard(.relu)
    frozen.frozen = ["W2"]
    #expect(isRefused(try mlp(frozen)), "a frozen layer")
    #expect(isRefused(try mlp(ModelBuilder(parametrization: .ntk))), "a factor by the parametrization")
    #expect(isRefused(try model([DenseDescription(units: 3, weight: WeightOptions(scale: 2))])), "a factor")
    let block = ResidualDescription(scale: 1, branch: [dense], shortcut: [])
    #expect(isRefused(try model([dense, block])), "a residual block")
    let convolution = CNN(width: 2, depth: 1)
    let builder = standard(.relu)
    #expect(
        isRefused(try builder.model(convolution.layers(builder), inputShape: [4, 4, 1], outputs: 2)), "a convolution")
    #expect(isRefused(try model([sigmoid], outputs: 2)), "no layer")
}

/// f of a linear MLP is W_3 W_2 W_1 x with blocks of w where the layout of the model has them.
@Test func recognizedNetworksKeepTheirLayout() throws {
    let network = try #require(PlainNetwork(recognizing: mlp(standard(.linear))))
    let w = (0..<network.weightCount).map { 0.1 * Double($0 * 7 % 11) - 0.4 }
    let x = [0.5, -1.5]
    var f = x
    for (j, block) in network.blocks.enumerated() {
        f = product(Array(w[block]), f, rows: network.widths[j + 1], inner: network.widths[j])
    }
    let risk = NetworkRisk(network, MatrixBuffer(1, 2, x), MatrixBuffer(1, 1, [0.25]))
    #expect(abs(risk.gradient(at: w).value - (f[0] - 0.25) * (f[0] - 0.25) / 2) < 1e-14)
}
