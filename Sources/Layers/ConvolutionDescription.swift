import LinearAlgebra
import Networks

/// A convolution in a list of layers.
public struct ConvolutionDescription: LayerDescription {
    public static let type = "conv"
    /// Output channels.
    public let channels: Int
    /// Sides of the kernel, in pixels.
    public let kernel: WindowShape.Sides
    /// Pixels from one window to the next.
    public let stride: WindowShape.Sides
    /// The rule for zeros around the image.
    public let padding: Padding
    /// What is said of its weights.
    public let weight: WeightOptions

    /// The rules that have a name; see `Convolution.Padding`.
    public enum Padding: String, CaseIterable, Sendable { case same, valid }

    /// A convolution whose input channels the place in the network decides.
    public init(
        channels: Int, kernel: WindowShape.Sides, stride: WindowShape.Sides = WindowShape.Sides(1, 1),
        padding: Padding = .same, weight: WeightOptions = WeightOptions()
    ) {
        self.channels = channels
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.weight = weight
    }

    public init(_ options: some OptionReader) {
        channels = options.integer("channels", default: 64, in: 1...(1 << 20), "output channels")
        let three = WindowShape.Sides(3, 3)
        kernel = options.sides("kernel", default: three, "sides of the kernel") ?? three
        stride =
            options.sides("stride", default: WindowShape.Sides(1, 1), "steps of the kernel") ?? WindowShape.Sides(1, 1)
        padding = options.choice(
            "padding", default: .same, "same: zeros around the image so that ⌈side/stride⌉ pixels come out; valid: none"
        )
        weight = WeightOptions(options)
    }

    public var options: [(key: String, value: String)] {
        [
            ("channels", "\(channels)"), ("kernel", kernel.yaml), ("stride", stride.yaml),
            ("padding", padding.rawValue),
        ] + weight.options
    }
    public var weightCount: Int { 1 }

    public func parts(_ builder: inout ModelBuilder) throws -> [NetworkPart] {
        guard builder.shape.count == 3 else {
            throw ModelError(
                "a convolution takes images [height, width, channels], not samples of shape \(builder.shape): "
                    + "set data.image_shape")
        }
        let inputs = builder.shape[2]
        let rule = builder.weights(weight, patch: kernel.y * kernel.x, inputs: inputs, outputs: channels)
        return [
            .layer(
                Convolution(
                    rule.name, inputs: inputs, outputs: channels, kernel: kernel, stride: stride,
                    padding: padding == .same ? .same : .valid, weightScale: rule.scale,
                    weightDeviation: rule.deviation, trainsWeight: rule.isTrained, bias: rule.bias))
        ]
    }
}
