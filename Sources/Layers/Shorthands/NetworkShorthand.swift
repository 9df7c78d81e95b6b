import Networks

/// A family of networks by a few numbers: a shorthand for a list of layers.
public protocol NetworkShorthand: Sendable {
    /// The list, for the builder's parametrization and activation.
    func layers(_ builder: ModelBuilder) -> [any LayerDescription]
}

extension NetworkShorthand {
    /// The network for samples of a shape and K outputs.
    public func model(
        inputShape: [Int], outputs: Int, _ builder: ModelBuilder = ModelBuilder(parametrization: .standard)
    ) throws -> Model {
        try builder.model(layers(builder), inputShape: inputShape, outputs: outputs)
    }
}
