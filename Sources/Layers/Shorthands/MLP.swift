/// A fully connected network of L hidden layers of width m.
///
/// In `standard` and `ntk` the layers are W1 … WL (hidden) and `output`; in `paper` there is one
/// more, the frozen A in front, then W1 … WL, then the frozen B: L counts what is trained between.
/// The outputs are linear, or φ stands after them too, as in the networks of Zhou, Feng 2018, section 2.
public struct MLP: NetworkShorthand {
    /// m, neurons of a layer.
    public var width: Int
    /// L, hidden layers; A of the paper is not counted.
    public var depth: Int
    /// Whether φ stands after the output layer.
    public var hasOutputActivation: Bool
    /// The share of each layer's weights that are 0 and stay 0, as Zhou, Feng 2018, theorem 1 count those that are not.
    public var sparsity: Double

    /// A network of L layers of m neurons.
    public init(width: Int, depth: Int, hasOutputActivation: Bool = false, sparsity: Double = 0) {
        self.width = width
        self.depth = depth
        self.hasOutputActivation = hasOutputActivation
        self.sparsity = sparsity
    }

    public func layers(_ builder: ModelBuilder) -> [any LayerDescription] {
        let hidden = depth + (builder.parametrization == .paper ? 1 : 0)
        let phi = ActivationDescription(builder.activation)
        let pair: [any LayerDescription] = [DenseDescription(units: width, sparsity: sparsity), phi]
        return [FlattenDescription()] + (0..<hidden).flatMap { _ in pair }
            + [DenseDescription(sparsity: sparsity)] + (hasOutputActivation ? [phi] : [])
    }
}
