import LinearAlgebra

/// A layer without parameters that is linear near almost every x: its derivative is the map itself,
/// with the choices that it made at x.
package protocol LocallyLinear: Layer {
    /// out ← (∂y/∂x at x) u: u and out have the shapes of x and y; u may be x.
    func apply<S: Scalar>(
        at x: UnsafePointer<S>, _ u: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>, _ extent: Extent)
    /// out ← (∂y/∂x at x)ᵀ u: u and out have the shapes of y and x.
    func applyTransposed<S: Scalar>(
        at x: UnsafePointer<S>, _ u: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>, _ extent: Extent)
}

extension LocallyLinear {
    public var tensors: [Tensor] { [] }
    public func forwardFlops(for input: [Int]) -> Double { Double(input.reduce(1, *)) }

    public func forward<S: Scalar>(
        _ w: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        apply(at: x, x, y, extent)
    }

    public func pullback<S: Scalar>(
        _ w: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>, yBar: UnsafePointer<S>,
        xBar: UnsafeMutablePointer<S>?, into sink: GradientSink<S>?, _ extent: Extent
    ) {
        if let xBar { applyTransposed(at: x, yBar, xBar, extent) }
    }

    public func pushforward<S: Scalar>(
        _ w: UnsafePointer<S>, tangent wDot: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>,
        xDot: UnsafePointer<S>?, yDot: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        guard let xDot else { return yDot.update(repeating: 0, count: extent.rows * extent.outputs) }
        apply(at: x, xDot, yDot, extent)
    }

    public func pushforwardOfPullback<S: Scalar>(
        _ p: PullbackTangent<S>, xBarDot: UnsafeMutablePointer<S>?, into sink: GradientSink<S>?, _ extent: Extent
    ) {
        if let xBarDot { applyTransposed(at: p.x, p.yBarDot, xBarDot, extent) }
    }
}
