import LinearAlgebra

/// One map of a network: a stateless value, with its four derivatives.
///
/// Legend, for a batch of `rows` samples, all arrays row-major, one sample a row:
///
///     w     the layer's own parameters, tensor after tensor     x  input    y  output
///     ẇ ẋ ẏ  tangents (directional derivatives)                 x̄ ȳ        cotangents (loss gradients)
///
/// A new layer is one file with this protocol's requirements, and one line in `LayerKinds` that makes
/// it part of configurations; `Model` does the rest.
public protocol Layer: Sendable {
    /// Its arrays, in the order of `w`; none for an activation.
    var tensors: [Tensor] { get }
    /// Shape of one output sample, or what is wrong with the input's shape.
    func outputShape(for input: [Int]) throws -> [Int]
    /// What it computes of inputs of a shape, for files that others read.
    func description(for input: [Int]) -> StageDescription
    /// The same as modules of PyTorch, in Python, one after another; its arrays are those of the last.
    func torchModules(for input: [Int]) -> [String]
    /// Whether y may take the memory of x: the derivatives then see y in place of x.
    var worksInPlace: Bool { get }
    /// What the derivatives read of the forward pass: that memory is kept until they are done.
    var reads: Reads { get }
    /// Whether y is an affine function of x at fixed w; false unless a layer says so.
    var isAffine: Bool { get }
    /// The slope for x ≤ 0 of a layer that is a ReLU, 0, or a leaky one; nil for any other. A model lets such a layer
    /// run inside the one beside it.
    var rectifierSlope: Double? { get }
    /// What its map commutes with, where that takes each channel (the last axis) by itself and all alike; nil for a layer that
    /// mixes channels, and unless a layer says so.
    var channelSymmetry: ChannelSymmetry? { get }
    /// Numbers made of inputs x that are 0 exactly where the map has a kink; nil for a smooth map.
    func kinkMargins<S: Scalar>(_ x: UnsafePointer<S>, _ extent: Extent) -> [Double]?
    /// φ' at inputs x of an elementwise map that is smooth and not linear; nil for any other.
    func smoothSlopes<S: Scalar>(_ x: UnsafePointer<S>, _ extent: Extent) -> [Double]?
    /// Multiplications and additions of the forward map for one sample of this input shape.
    func forwardFlops(for input: [Int]) -> Double

    /// How its arrays enter the tangent kernel; nil where it has none, or where that is not known. A kernel of a network
    /// that trains such a layer is refused.
    var tangentKernelPart: (any TangentKernelPart)? { get }
    /// What it makes of the kernels of its inputs at infinite width; nil where that has no limit or no closed form here.
    var infiniteWidthMap: InfiniteWidthMap? { get }

    /// Bytes that its kernels keep beside the workspace, one for all layers.
    func scratchBytes<S: Scalar>(for input: [Int], _ type: S.Type) -> Int

    /// y ← layer(w, x).
    func forward<S: Scalar>(
        _ w: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ extent: Extent)

    /// y ← φ(layer(w, x)), where a ReLU with φ(v) = slope·v for v ≤ 0 follows in place: its pass over y is spared.
    func forward<S: Scalar>(
        _ w: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, rectifying slope: S,
        _ extent: Extent)

    /// x̄ ← (∂y/∂x)ᵀ ȳ, then the weight gradient into the sink, in this order: the sink may be `w`.
    /// x̄ is nil where nothing below is trained; where the layer works in place x̄ is ȳ.
    func pullback<S: Scalar>(
        _ w: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>, yBar: UnsafePointer<S>,
        xBar: UnsafeMutablePointer<S>?, into sink: GradientSink<S>?, _ extent: Extent)

    /// The same with x̄ times `slope` where x ≤ 0: the pullback of the ReLU that made x, whose pass is spared.
    func pullback<S: Scalar>(
        _ w: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>, yBar: UnsafePointer<S>,
        xBar: UnsafeMutablePointer<S>, rectifying slope: S, into sink: GradientSink<S>?, _ extent: Extent)

    /// x̄ ← (∂y/∂x)ᵀ ȳ for `count` cotangents of one forward pass, ȳ [count, rows, outputs] and x̄ [count, rows,
    /// inputs]; x̄ is ȳ where the layer works in place.
    func pullback<S: Scalar>(
        count: Int, _ w: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>, yBar: UnsafePointer<S>,
        xBar: UnsafeMutablePointer<S>, _ extent: Extent)

    /// ẏ ← (∂y/∂x) ẋ + (∂y/∂w) ẇ; ẋ is nil where it is zero. ẏ may be ẋ where the layer works in place.
    func pushforward<S: Scalar>(
        _ w: UnsafePointer<S>, tangent wDot: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>,
        xDot: UnsafePointer<S>?, yDot: UnsafeMutablePointer<S>, _ extent: Extent)

    /// The derivative of `pullback` along (ẇ, ẋ, ȳ̇): x̄̇ and the tangent of the weight gradient.
    func pushforwardOfPullback<S: Scalar>(
        _ pair: PullbackTangent<S>, xBarDot: UnsafeMutablePointer<S>?, into sink: GradientSink<S>?, _ extent: Extent)
}

extension Layer {
    public var isAffine: Bool { false }
    public var rectifierSlope: Double? { nil }
    public var channelSymmetry: ChannelSymmetry? { nil }
    /// The pre-activations of a ReLU.
    public func kinkMargins<S: Scalar>(_ x: UnsafePointer<S>, _ extent: Extent) -> [Double]? {
        guard let rectifierSlope, rectifierSlope != 1 else { return nil }
        return (0..<extent.rows * extent.inputs).map { Double(x[$0]) }
    }
    public func smoothSlopes<S: Scalar>(_ x: UnsafePointer<S>, _ extent: Extent) -> [Double]? { nil }
    public var tangentKernelPart: (any TangentKernelPart)? { nil }
    public var infiniteWidthMap: InfiniteWidthMap? { nil }

    public func forward<S: Scalar>(
        _ w: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, rectifying slope: S,
        _ extent: Extent
    ) {
        forward(w, x, y, extent)
        S.rectify(extent.rows * extent.outputs, slope, y, y)
    }

    public func pullback<S: Scalar>(
        _ w: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>, yBar: UnsafePointer<S>,
        xBar: UnsafeMutablePointer<S>, rectifying slope: S, into sink: GradientSink<S>?, _ extent: Extent
    ) {
        pullback(w, x: x, y: y, yBar: yBar, xBar: xBar, into: sink, extent)
        S.rectifyMask(extent.rows * extent.inputs, slope, x, xBar, xBar)
    }

    public func scratchBytes<S: Scalar>(for input: [Int], _ type: S.Type) -> Int { 0 }

    public func pullback<S: Scalar>(
        count: Int, _ w: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>, yBar: UnsafePointer<S>,
        xBar: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        for c in 0..<count {
            pullback(
                w, x: x, y: y, yBar: yBar + c * extent.rows * extent.outputs,
                xBar: xBar + c * extent.rows * extent.inputs, into: nil, extent)
        }
    }
}
