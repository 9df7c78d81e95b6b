import LinearAlgebra
import Networks

/// The windows of a pooling over images [height, width, channels]: no padding; pixels that no
/// window reaches are left out.
public struct PoolingWindow: Sendable, Equatable {
    /// Sides of the window, in pixels.
    public let kernel: WindowShape.Sides
    /// Pixels from one window to the next.
    public let stride: WindowShape.Sides

    /// - Parameter stride: nil for windows side by side.
    public init(kernel: WindowShape.Sides, stride: WindowShape.Sides? = nil) {
        self.kernel = kernel
        self.stride = stride ?? kernel
    }

    func shape(for input: [Int]) -> WindowShape {
        WindowShape(
            height: input[0], width: input[1], channels: input[2], outputChannels: input[2], kernel: kernel,
            stride: stride)
    }

    fileprivate var torchArguments: String { "\(kernel.python), stride=\(stride.python)" }

    func outputShape(for input: [Int], _ layer: String) throws -> [Int] {
        guard input.count == 3, input[0] >= kernel.y, input[1] >= kernel.x else {
            throw ModelError(
                "\(layer) takes images of shape [height, width, channels], at least \(kernel.y)x\(kernel.x), "
                    + "not samples of shape \(input)")
        }
        let shape = shape(for: input)
        return [shape.outputHeight, shape.outputWidth, input[2]]
    }
}

/// y = the mean of x over each window, or over the whole image, [height, width, channels] to
/// [channels].
public struct AveragePool: LocallyLinear {
    /// nil for global average pooling.
    public let window: PoolingWindow?

    /// Means over windows, or over the whole image for nil.
    public init(_ window: PoolingWindow?) { self.window = window }

    public func description(for input: [Int]) -> StageDescription {
        window.map { StageDescription("avg_pool", $0.description) } ?? StageDescription("global_avg_pool")
    }

    public func torchModules(for input: [Int]) -> [String] {
        window.map { ["nn.AvgPool2d(\($0.torchArguments))"] } ?? ["nn.AdaptiveAvgPool2d(1)", "nn.Flatten()"]
    }

    public var worksInPlace: Bool { false }
    public var reads: Reads { [] }
    public var isAffine: Bool { true }
    public var channelSymmetry: ChannelSymmetry? { [.scale, .sign] }

    public func outputShape(for input: [Int]) throws -> [Int] {
        if let window { return try window.outputShape(for: input, "average pooling") }
        guard input.count == 3 else {
            throw ModelError("global average pooling takes images [height, width, channels], not \(input)")
        }
        return [input[2]]
    }

    private func shape(_ extent: Extent) -> WindowShape {
        let image = PoolingWindow(kernel: WindowShape.Sides(extent.input[0], extent.input[1]))
        return (window ?? image).shape(for: extent.input)
    }

    package func apply<S: Scalar>(
        at x: UnsafePointer<S>, _ u: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        S.averagePool(shape(extent), batch: extent.rows, u, out)
    }

    package func applyTransposed<S: Scalar>(
        at x: UnsafePointer<S>, _ u: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        S.averagePoolTransposed(shape(extent), batch: extent.rows, u, out)
    }
}

/// y = the largest x of each window. At ties the first in row order counts; the derivatives hold
/// away from them.
public struct MaxPool: LocallyLinear {
    /// The windows of which the largest is taken.
    public let window: PoolingWindow

    /// The largest of each window.
    public init(_ window: PoolingWindow) { self.window = window }

    public func description(for input: [Int]) -> StageDescription { StageDescription("max_pool", window.description) }
    public func torchModules(for input: [Int]) -> [String] { ["nn.MaxPool2d(\(window.torchArguments))"] }

    public var worksInPlace: Bool { false }
    /// Where the maximum is, is found again from x.
    public var reads: Reads { .input }
    public var channelSymmetry: ChannelSymmetry? { .scale }
    public func outputShape(for input: [Int]) throws -> [Int] { try window.outputShape(for: input, "max pooling") }

    /// The largest of each window less the second.
    public func kinkMargins<S: Scalar>(_ x: UnsafePointer<S>, _ extent: Extent) -> [Double]? {
        let shape = window.shape(for: extent.input)
        return (0..<extent.rows * extent.outputs).map { output in
            let (pixel, channel) = (output / shape.channels, output % shape.channels)
            let (row, place) = (pixel / shape.outputWidth, pixel % shape.outputWidth)
            let (sample, y) = (row / shape.outputHeight, row % shape.outputHeight * window.stride.y)
            var (first, second) = (-Double.infinity, -Double.infinity)
            for i in 0..<window.kernel.y {
                for j in 0..<window.kernel.x {
                    let column = place * window.stride.x + j
                    let entry = ((sample * shape.height + y + i) * shape.width + column) * shape.channels + channel
                    let value = Double(x[entry])
                    (first, second) = value > first ? (value, first) : (first, max(second, value))
                }
            }
            return first - second
        }
    }

    package func apply<S: Scalar>(
        at x: UnsafePointer<S>, _ u: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        S.maxPool(window.shape(for: extent.input), batch: extent.rows, at: x, u, out)
    }

    package func applyTransposed<S: Scalar>(
        at x: UnsafePointer<S>, _ u: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        S.maxPoolTransposed(window.shape(for: extent.input), batch: extent.rows, at: x, u, out)
    }
}

extension PoolingWindow {
    init(_ options: some OptionReader) {
        let two = WindowShape.Sides(2, 2)
        kernel = options.sides("kernel", default: two, "sides of the window") ?? two
        stride = options.sides("stride", default: nil, "steps of the window; default: its sides") ?? kernel
    }

    var description: [(key: String, json: String)] {
        StageDescription.window((kernel.y, kernel.x), (stride.y, stride.x))
    }

    var options: [(key: String, value: String)] { [("kernel", kernel.yaml), ("stride", stride.yaml)] }
}

/// Average pooling in a list of layers.
public struct AveragePoolDescription: LayerDescription {
    public static let type = "avg-pool"
    /// Its windows.
    public let window: PoolingWindow

    /// Pooling over windows.
    public init(_ window: PoolingWindow) { self.window = window }
    public init(_ options: some OptionReader) { window = PoolingWindow(options) }
    public var options: [(key: String, value: String)] { window.options }
    public func parts(_ builder: inout ModelBuilder) -> [NetworkPart] { [.layer(AveragePool(window))] }
}

/// Max pooling in a list of layers.
public struct MaxPoolDescription: LayerDescription {
    public static let type = "max-pool"
    /// Its windows.
    public let window: PoolingWindow

    /// Pooling over windows.
    public init(_ window: PoolingWindow) { self.window = window }
    public init(_ options: some OptionReader) { window = PoolingWindow(options) }
    public var options: [(key: String, value: String)] { window.options }
    public func parts(_ builder: inout ModelBuilder) -> [NetworkPart] { [.layer(MaxPool(window))] }
}

/// Global average pooling in a list of layers.
public struct GlobalAveragePoolDescription: LayerDescription {
    public static let type = "global-avg-pool"
    /// Global pooling has nothing to say.
    public init() {}
    public init(_ options: some OptionReader) {}
    public var options: [(key: String, value: String)] { [] }
    public func parts(_ builder: inout ModelBuilder) -> [NetworkPart] { [.layer(AveragePool(nil))] }
}
