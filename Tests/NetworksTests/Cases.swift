import Layers
import LinearAlgebra
import Networks
import Sampling

/// One row of the table that every property test runs over. A new layer joins by one line.
struct Case: CustomStringConvertible, Sendable {
    let description: String
    let inputShape: [Int]
    let outputs: Int
    let builder: ModelBuilder
    let layers: [any LayerDescription]
    let loss: LossKind
    let reduction: Reduction
    let rows = 6

    /// A list of layers.
    init(
        _ name: String, _ layers: [any LayerDescription], input: [Int] = [5, 6, 3], outputs: Int = 2,
        _ function: Activation.Function = .relu, _ parametrization: Parametrization = .standard, bias: Bool = false,
        loss: LossKind = .squared, reduction: Reduction = .sum, frozen: Set<String> = [], trained: Set<String> = []
    ) {
        description = name
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
    init(
        _ name: String, _ network: some NetworkShorthand, input: [Int] = [5, 6, 3], outputs: Int = 2,
        _ function: Activation.Function = .relu, _ parametrization: Parametrization = .standard, bias: Bool = false,
        loss: LossKind = .squared, reduction: Reduction = .sum, frozen: Set<String> = [], trained: Set<String> = []
    ) {
        let builder = ModelBuilder(
            parametrization: parametrization, activation: Activation(function, negativeSlope: 0.2), hasBias: bias)
        self.init(
            name, network.layers(builder), input: input, outputs: outputs, function, parametrization, bias: bias,
            loss: loss, reduction: reduction, frozen: frozen, trained: trained)
    }

    /// A fully connected network of width 7.
    init(
        _ name: String, depth: Int = 2, _ function: Activation.Function, _ parametrization: Parametrization = .standard,
        bias: Bool = false, outputs: Int = 3, loss: LossKind = .squared, reduction: Reduction = .sum,
        frozen: Set<String> = [], trained: Set<String> = []
    ) {
        self.init(
            name, MLP(width: 7, depth: depth), input: [5], outputs: outputs, function, parametrization, bias: bias,
            loss: loss, reduction: reduction, frozen: frozen, trained: trained)
    }

    static let all = fullyConnected + singleLayers + images

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
    ]

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

/// A case with weights and data, in one precision.
struct Instance<S: Scalar> {
    let model: Model
    let workspace: Workspace<S>
    let objective: Objective
    let w: ParameterVector<S>
    let x: Matrix<S>
    let y: Matrix<S>

    /// - Parameter isFused: whether ReLUs run inside the layers beside them.
    init(_ c: Case, isFused: Bool = true) throws {
        let built = try c.builder.model(c.layers, inputShape: c.inputShape, outputs: c.outputs)
        model = isFused ? built : built.unfused
        workspace = Workspace(model, rows: c.rows)
        objective = Objective(c.loss, c.reduction)
        w = ParameterVector(model.layout)
        // Biases away from zero too, so that nothing is tested at a symmetric point.
        for entry in model.layout.entries {
            RandomStream(seed: 11, entry.tensor.path).fillNormal(
                w.base + entry.offset, count: entry.tensor.count, standardDeviation: 1.2 * Self.unit(entry.tensor))
        }
        x = Matrix(c.rows, model.inputCount)
        y = Matrix(c.rows, model.outputCount)
        RandomStream(seed: 11, "x").fillNormal(x.base, count: x.count, standardDeviation: 1)
        for r in 0..<y.rows {
            for k in 0..<y.columns {
                let z = RandomStream(seed: 11, "y").normal(r * y.columns + k)
                switch c.loss.targets {
                case .real: y[r, k] = S(z)
                case .oneHot: y[r, k] = k == r % y.columns ? 1 : 0
                case .sign: y[r, k] = z > 0 ? 1 : -1
                }
            }
        }
    }

    func loss(_ w: ParameterVector<S>) -> Double {
        workspace.forward(w.base, x.base, rows: x.rows)
        return objective.total(workspace.outputs, y.base, rows: x.rows, outputs: model.outputCount)
            * objective.weight(samples: x.rows)
    }

    func outputs(_ w: ParameterVector<S>) -> [Double] {
        workspace.forward(w.base, x.base, rows: x.rows)
        return UnsafeBufferPointer(start: workspace.outputs, count: y.count).map { Double($0) }
    }

    func gradient(_ w: ParameterVector<S>) -> ParameterVector<S> {
        let g = ParameterVector<S>(model.layout)
        _ = workspace.gradient(of: objective, w, x.base, y.base, rows: x.rows, into: g)
        return g
    }

    func hessianProduct(_ v: ParameterVector<S>) -> ParameterVector<S> {
        let product = ParameterVector<S>(model.layout)
        workspace.hessianVectorProduct(of: objective, w, v, x.base, y.base, rows: x.rows, into: product)
        return product
    }

    /// A random direction in the trained tensors.
    func direction(_ name: String) -> ParameterVector<S> {
        let v = ParameterVector<S>(model.layout)
        for entry in model.layout.trained {
            RandomStream(seed: 12, name + entry.tensor.path).fillNormal(
                v.base + entry.offset, count: entry.tensor.count, standardDeviation: Self.unit(entry.tensor))
        }
        return v
    }

    /// 1/√fan-in: values and their changes stay of order one in every layer.
    private static func unit(_ tensor: Tensor) -> Double {
        tensor.role == "weight" ? 1 / Double(tensor.matrixShape.columns).squareRoot() : 0.5
    }

    func moved(_ step: Double, _ v: ParameterVector<S>) -> ParameterVector<S> {
        let result = ParameterVector<S>(model.layout)
        result.assign(w)
        S.axpy(w.count, S(step), v.base, result.base)
        return result
    }
}

extension ParameterVector {
    var entries: [Double] { (0..<count).map { Double(base[$0]) } }
    func dot(_ other: ParameterVector) -> Double { S.dot(count, base, other.base) }
}
