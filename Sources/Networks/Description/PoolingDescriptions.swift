import LinearAlgebra

extension PoolingWindow {
    init(_ options: some OptionReader) {
        let two = WindowShape.Sides(2, 2)
        kernel = options.sides("kernel", default: two, "sides of the window") ?? two
        stride = options.sides("stride", default: nil, "steps of the window; default: its sides") ?? kernel
    }

    var options: [(key: String, value: String)] { [("kernel", kernel.yaml), ("stride", stride.yaml)] }
}

/// Average pooling in a list of layers.
public struct AveragePoolDescription: LayerDescription {
    public static let type = "avg-pool"
    public let window: PoolingWindow

    public init(_ window: PoolingWindow) { self.window = window }
    public init(_ options: some OptionReader) { window = PoolingWindow(options) }
    public var options: [(key: String, value: String)] { window.options }
    public func parts(_ builder: inout ModelBuilder) -> [NetworkPart] { [.layer(AveragePool(window))] }
}

/// Max pooling in a list of layers.
public struct MaxPoolDescription: LayerDescription {
    public static let type = "max-pool"
    public let window: PoolingWindow

    public init(_ window: PoolingWindow) { self.window = window }
    public init(_ options: some OptionReader) { window = PoolingWindow(options) }
    public var options: [(key: String, value: String)] { window.options }
    public func parts(_ builder: inout ModelBuilder) -> [NetworkPart] { [.layer(MaxPool(window))] }
}

/// Global average pooling in a list of layers.
public struct GlobalAveragePoolDescription: LayerDescription {
    public static let type = "global-avg-pool"
    public init() {}
    public init(_ options: some OptionReader) {}
    public var options: [(key: String, value: String)] { [] }
    public func parts(_ builder: inout ModelBuilder) -> [NetworkPart] { [.layer(AveragePool(nil))] }
}
