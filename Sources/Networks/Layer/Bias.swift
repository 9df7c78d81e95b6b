import LinearAlgebra

/// The vector that a dense layer or a convolution adds to each of its outputs: y ← y + scale · b.
public struct Bias: Sendable, Equatable {
    /// s_b, its factor in the forward pass.
    public let scale: Double
    /// Standard deviation at the start; 0 for a start at zero.
    public let deviation: Double
    /// Whether descent moves it.
    public let isTrained: Bool

    /// A bias of a layer that has yet to be named.
    public init(scale: Double = 1, deviation: Double = 0, isTrained: Bool = true) {
        self.scale = scale
        self.deviation = deviation
        self.isTrained = isTrained
    }

    func tensor(of layer: String, count: Int) -> Tensor {
        Tensor(
            layer: layer, role: "bias", shape: [count], axes: "out", isTrained: isTrained,
            standardDeviation: deviation, forwardScale: scale)
    }

    /// y [rows, count] ← y + scale · b.
    func add<S: Scalar>(_ b: UnsafePointer<S>, to y: UnsafeMutablePointer<S>, rows: Int, count: Int) {
        S.addRow(rows, count, S(scale), b, y)
    }

    /// The same for tangents: that of a frozen bias is zero.
    func addTangent<S: Scalar>(_ b: UnsafePointer<S>, to y: UnsafeMutablePointer<S>, rows: Int, count: Int) {
        if isTrained { add(b, to: y, rows: rows, count: count) }
    }

    /// The gradient of b from ȳ [rows, count], into a sink that begins at b.
    func pullback<S: Scalar>(_ yBar: UnsafePointer<S>, into sink: GradientSink<S>, rows: Int, count: Int) {
        guard isTrained else { return }
        S.sumRows(rows, count, sink.alpha * S(scale), yBar, sink.beta, sink.target)
    }
}
