import LinearAlgebra

/// What stands between the last feature images and the output layer.
public enum Head: String, CaseIterable, Sendable {
    /// The mean over all pixels.
    case globalAverage = "global-average"
    case flatten

    var layer: any LayerDescription {
        switch self {
        case .globalAverage: GlobalAveragePoolDescription()
        case .flatten: FlattenDescription()
        }
    }
}

/// A plain convolutional network of L layers of m channels, stride 1 and same padding.
///
/// In `paper` the frozen A stands before W1 … WL and the frozen B after them, as for `MLP`.
public struct CNN: NetworkShorthand {
    /// m, channels of a layer.
    public var width: Int
    /// L, hidden layers; A of the paper is not counted.
    public var depth: Int
    /// Sides of the kernels, in pixels.
    public var kernel: WindowShape.Sides
    /// What stands before the output layer.
    public var head: Head

    /// A network of L layers of m channels.
    public init(
        width: Int, depth: Int, kernel: WindowShape.Sides = WindowShape.Sides(3, 3), head: Head = .globalAverage
    ) {
        self.width = width
        self.depth = depth
        self.kernel = kernel
        self.head = head
    }

    public func layers(_ builder: ModelBuilder) -> [any LayerDescription] {
        let hidden = depth + (builder.parametrization == .paper ? 1 : 0)
        let pair: [any LayerDescription] = [
            ConvolutionDescription(channels: width, kernel: kernel), ActivationDescription(builder.activation),
        ]
        return (0..<hidden).flatMap { _ in pair } + [head.layer, DenseDescription()]
    }
}
