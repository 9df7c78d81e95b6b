import LinearAlgebra
import Networks

/// The same numbers as a vector: an image in (row, column, channel) order.
public struct Flatten: LocallyLinear {
    /// Flattening has no parameters.
    public init() {}

    public var worksInPlace: Bool { true }
    public var reads: Reads { [] }
    public var isAffine: Bool { true }
    public var channelSymmetry: ChannelSymmetry? { [.scale, .sign] }
    public func description(for input: [Int]) -> StageDescription { StageDescription("flatten") }
    public func torchModules(for input: [Int]) -> [String] { ["nn.Flatten()"] }
    public func forwardFlops(for input: [Int]) -> Double { 0 }
    public func outputShape(for input: [Int]) -> [Int] { [input.reduce(1, *)] }

    package func apply<S: Scalar>(
        at x: UnsafePointer<S>, _ u: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        if u != UnsafePointer(out) { out.update(from: u, count: extent.rows * extent.outputs) }
    }

    package func applyTransposed<S: Scalar>(
        at x: UnsafePointer<S>, _ u: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        apply(at: x, u, out, extent)
    }
}

/// Flattening in a list of layers; of vectors it makes nothing.
public struct FlattenDescription: LayerDescription {
    public static let type = "flatten"
    /// Flattening has nothing to say.
    public init() {}
    public init(_ options: some OptionReader) {}
    public var options: [(key: String, value: String)] { [] }
    public func parts(_ builder: inout ModelBuilder) -> [NetworkPart] {
        builder.shape.count == 1 ? [] : [.layer(Flatten())]
    }
}
