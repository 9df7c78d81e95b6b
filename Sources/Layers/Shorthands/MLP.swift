/// A fully connected network of L hidden layers of width m.
///
/// In `standard` and `ntk` the layers are W1 … WL (hidden) and `output`; in `paper` there is one
/// more, the frozen A in front, then W1 … WL, then the frozen B: L counts what is trained between.
public struct MLP: NetworkShorthand {
    /// m, neurons of a layer.
    public var width: Int
    /// L, hidden layers; A of the paper is not counted.
    public var depth: Int

    /// A network of L layers of m neurons.
    public init(width: Int, depth: Int) {
        self.width = width
        self.depth = depth
    }

    public func layers(_ builder: ModelBuilder) -> [any LayerDescription] {
        let hidden = depth + (builder.parametrization == .paper ? 1 : 0)
        let pair: [any LayerDescription] = [DenseDescription(units: width), ActivationDescription(builder.activation)]
        return [FlattenDescription()] + (0..<hidden).flatMap { _ in pair } + [DenseDescription()]
    }
}
