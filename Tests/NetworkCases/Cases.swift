import Layers
import LinearAlgebra
import Networks
import Sampling

/// One row of the table that every property test runs over. A new layer joins by one line.
package struct Case: CustomStringConvertible, Sendable {
    package let description: String
    package let inputShape: [Int]
    package let outputs: Int
    package let builder: ModelBuilder
    package let layers: [any LayerDescription]
    package let loss: LossKind
    package let reduction: Reduction
    package let rows: Int

    /// A list of layers.
    package init(
        _ name: String, _ layers: [any LayerDescription], input: [Int] = [5, 6, 3], outputs: Int = 2,
        _ function: Activation.Function = .relu, _ parametrization: Parametrization = .standard, bias: Bool = false,
        loss: LossKind = .squared, reduction: Reduction = .sum, frozen: Set<String> = [], trained: Set<String> = [],
        rows: Int = 6
    ) {
        description = name
        self.rows = rows
        inputShape = input
        self.outputs = outputs
        builder = ModelBuilder(
            parametrization: parametrization, activation: Activation(function, negativeSlope: 0.2), hasBias: bias,
            frozen: frozen, trained: trained)
        self.layers = layers
        self.loss = loss
        self.reduction = reduction
    }

    /// A shorthand.
    package init(
        _ name: String, _ network: some NetworkShorthand, input: [Int] = [5, 6, 3], outputs: Int = 2,
        _ function: Activation.Function = .relu, _ parametrization: Parametrization = .standard, bias: Bool = false,
        loss: LossKind = .squared, reduction: Reduction = .sum, frozen: Set<String> = [], trained: Set<String> = [],
        rows: Int = 6
    ) {
        let builder = ModelBuilder(
            parametrization: parametrization, activation: Activation(function, negativeSlope: 0.2), hasBias: bias)
        self.init(
            name, network.layers(builder), input: input, outputs: outputs, function, parametrization, bias: bias,
            loss: loss, reduction: reduction, frozen: frozen, trained: trained, rows: rows)
    }

    /// A fully connected network of width 7.
    package init(
        _ name: String, depth: Int = 2, _ function: Activation.Function, _ parametrization: Parametrization = .standard,
        bias: Bool = false, outputs: Int = 3, loss: LossKind = .squared, reduction: Reduction = .sum,
        frozen: Set<String> = [], trained: Set<String> = []
    ) {
        self.init(
            name, MLP(width: 7, depth: depth), input: [5], outputs: outputs, function, parametrization, bias: bias,
            loss: loss, reduction: reduction, frozen: frozen, trained: trained)
    }

    package static let all = fullyConnected + singleLayers + images

    private static let fullyConnected: [Case] = [
        Case("linear regression", depth: 0, .relu),
        Case("one hidden layer", depth: 1, .relu, bias: true),
        Case("relu", .relu, bias: true),
        Case("deep relu", depth: 6, .relu),
        Case("leaky relu", .leakyReLU, bias: true),
        Case("tanh", .tanh, bias: true),
        Case("sigmoid", .sigmoid, .ntk, bias: true),
        Case("softplus", .softplus, .paper),
        Case("erf", .erf, bias: true),
        Case("deep linear", depth: 4, .linear),
        Case("paper", depth: 3, .relu, .paper),
        Case("ntk", .relu, .ntk, bias: true, reduction: .mean),
        Case("cross-entropy", .tanh, bias: true, loss: .crossEntropy, reduction: .mean),
        Case("cross-entropy of relu", .relu, loss: .crossEntropy),
        Case("logistic", .tanh, outputs: 1, loss: .logistic),
        Case("sigmoid loss", .erf, bias: true, outputs: 2, loss: .sigmoid, reduction: .mean),
        Case("frozen inside", depth: 3, .tanh, bias: true, frozen: ["W2", "output.bias"]),
        Case("frozen first layers", depth: 3, .erf, bias: true, frozen: ["W1", "W1.bias", "W2", "W2.bias"]),
        Case("paper with all trained", .relu, .paper, trained: ["A", "B"]),
        activated("one layer with a sigmoid", depth: 0, .sigmoid, bias: true),
        activated("sigmoid after every layer", depth: 2, .sigmoid, .ntk),
        activated("relu after the output", depth: 2, .relu, .paper, trained: ["B"]),
        activated("erf after the output", depth: 1, .erf, bias: true),
        sparse("sparse", 0.5, .tanh, bias: true),
        sparse("sparse relu", 0.3, .relu, .ntk, bias: true),
        sparse("sparse and frozen", 0.6, .erf, frozen: ["W2"]),
    ]

    /// Those with layers some of whose weights are held at 0.
    package static let sparse = fullyConnected.filter { $0.description.hasPrefix("sparse") }

    /// The others.
    package static let dense = all.filter { !$0.description.hasPrefix("sparse") }

    private static func sparse(
        _ name: String, _ share: Double, _ function: Activation.Function,
        _ parametrization: Parametrization = .standard,
        bias: Bool = false, frozen: Set<String> = []
    ) -> Case {
        Case(
            name, MLP(width: 7, depth: 2, sparsity: share), input: [5], outputs: 3, function, parametrization,
            bias: bias,
            frozen: frozen)
    }

    /// A fully connected network with an activation after its output layer.
    private static func activated(
        _ name: String, depth: Int, _ function: Activation.Function, _ parametrization: Parametrization = .standard,
        bias: Bool = false, trained: Set<String> = []
    ) -> Case {
        Case(
            name, MLP(width: 7, depth: depth, hasOutputActivation: true), input: [5], outputs: 3, function,
            parametrization, bias: bias, trained: trained)
    }

    private static func sides(_ y: Int, _ x: Int) -> WindowShape.Sides { WindowShape.Sides(y, x) }
    private static func conv(
        _ channels: Int, _ kernel: WindowShape.Sides = sides(3, 3), stride: WindowShape.Sides = sides(1, 1),
        _ padding: ConvolutionDescription.Padding = .same
    ) -> ConvolutionDescription {
        ConvolutionDescription(channels: channels, kernel: kernel, stride: stride, padding: padding)
    }
    private static let phi = ActivationDescription(Activation(.tanh))
    private static let relu = ActivationDescription(Activation(.relu))
    private static let erf = ActivationDescription(Activation(.erf))
    /// A layer between two convolutions, so that what comes before it and after it moves.
    private static func between(_ layer: any LayerDescription) -> [any LayerDescription] {
        [conv(4), phi, layer, conv(3), phi, FlattenDescription(), DenseDescription()]
    }

    /// Every kind of layer, in shapes that do not divide evenly.
    private static let singleLayers: [Case] = [
        Case("conv same", between(conv(5)), bias: true),
        Case("conv valid", between(conv(5, .init(2, 3), .valid)), bias: true),
        Case("conv with stride", between(conv(5, stride: .init(2, 2)))),
        Case(
            "conv with unequal strides", between(conv(5, .init(3, 2), stride: .init(1, 3), .valid)), .relu, .ntk,
            bias: true),
        Case("conv with gaps", between(conv(4, .init(1, 1), stride: .init(2, 3)))),
        Case(
            "conv of full vectors",
            [conv(64), phi, conv(34), phi, GlobalAveragePoolDescription(), DenseDescription()]),
        Case(
            "conv by Winograd's filtering",
            [conv(16), phi, conv(32), phi, conv(16), phi, GlobalAveragePoolDescription(), DenseDescription()],
            input: [8, 7, 3], bias: true),
        Case("avg-pool", between(AveragePoolDescription(PoolingWindow(kernel: .init(2, 2))))),
        Case(
            "overlapping avg-pool",
            between(AveragePoolDescription(PoolingWindow(kernel: .init(3, 2), stride: .init(1, 2))))),
        Case("max-pool", between(MaxPoolDescription(PoolingWindow(kernel: .init(2, 2))))),
        Case(
            "overlapping max-pool", between(MaxPoolDescription(PoolingWindow(kernel: .init(2, 3), stride: .init(1, 1))))
        ),
        Case("global-avg-pool", [conv(4), phi, GlobalAveragePoolDescription(), DenseDescription()]),
        Case("flatten first", [FlattenDescription(), DenseDescription(units: 6), phi, DenseDescription()]),
        Case("residual", between(ResidualDescription(scale: 0.7, branch: [conv(4), phi]))),
        Case(
            "residual of the input",
            [ResidualDescription(scale: -2, branch: [conv(3), erf]), FlattenDescription(), DenseDescription()]),
        Case(
            "residual with a shortcut",
            between(
                ResidualDescription(
                    scale: 0.5, branch: [phi, conv(6, stride: .init(2, 2)), erf, conv(6)],
                    shortcut: [conv(6, .init(1, 1), stride: .init(2, 2))])), bias: true),
        Case(
            "residual in a residual",
            between(
                ResidualDescription(
                    scale: 0.5, branch: [conv(4), ResidualDescription(scale: 1, branch: [relu, conv(4)]), phi],
                    shortcut: [ResidualDescription(scale: 2, branch: [phi])]))),
        Case(
            "residual frozen on one side",
            between(
                ResidualDescription(scale: 1, branch: [conv(4)], shortcut: [conv(4)])), frozen: ["W1", "W2"]),
        Case(
            "residual frozen on the other side",
            between(
                ResidualDescription(scale: 1, branch: [conv(4)], shortcut: [conv(4)])), frozen: ["W1", "W3"]),
    ]

    /// The shorthands.
    private static let images: [Case] = [
        Case("cnn", CNN(width: 4, depth: 2), bias: true),
        Case("cnn of the paper", CNN(width: 6, depth: 2, head: .flatten), .relu, .paper),
        Case("cnn ntk", CNN(width: 4, depth: 2, kernel: .init(2, 3)), .softplus, .ntk, bias: true, reduction: .mean),
        Case("cnn cross-entropy", CNN(width: 4, depth: 1), .tanh, loss: .crossEntropy),
        Case(
            "resnet of the paper", ResNet(block: .paper, width: 6, stages: [3], kernel: nil), input: [5], .relu, .paper),
        Case(
            "convolutional resnet of the paper", ResNet(block: .paper, width: 4, stages: [2]), .relu, .paper,
            trained: ["A"]),
        Case("resnet of Du", ResNet(block: .du, width: 6, stages: [3], kernel: nil, tau: 0.9), input: [5], .softplus),
        Case("convolutional resnet of Du", ResNet(block: .du, width: 4, stages: [2]), .erf, bias: true),
        Case("pre-activation", ResNet(block: .preActivation, width: 4, stages: [2, 1]), bias: true),
        Case(
            "dense pre-activation", ResNet(block: .preActivation, width: 4, stages: [1, 2], kernel: nil), .tanh, .ntk),
    ]
}
