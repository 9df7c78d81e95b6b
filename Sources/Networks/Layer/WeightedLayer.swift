import LinearAlgebra

/// A layer that is linear in x and in its weight, y = s (w ⋆ x) + s_b b: a dense layer or a convolution.
/// Its derivatives are three products; s is part of each.
package protocol WeightedLayer: Layer, TangentKernelPart {
    /// Shape and axes of the weight, outputs first.
    var weight: Tensor { get }

    /// y ← s (w ⋆ x) + β y, then times `slope` where that is not positive; 1 for none of it.
    func product<S: Scalar>(
        _ x: UnsafePointer<S>, _ w: UnsafePointer<S>, beta: S, _ y: UnsafeMutablePointer<S>, slope: S,
        _ extent: Extent)
    /// x̄ ← s (∂(w ⋆ x)/∂x)ᵀ ȳ + β x̄, then times `slope` where `x` is not positive; 1 for none of it.
    func inputGradient<S: Scalar>(
        _ yBar: UnsafePointer<S>, _ w: UnsafePointer<S>, beta: S, _ xBar: UnsafeMutablePointer<S>, slope: S,
        where x: UnsafePointer<S>, _ extent: Extent)
    /// target ← α s (∂(w ⋆ x)/∂w)ᵀ ȳ + β target.
    func weightGradient<S: Scalar>(
        _ yBar: UnsafePointer<S>, _ x: UnsafePointer<S>, alpha: S, beta: S, _ target: UnsafeMutablePointer<S>,
        _ extent: Extent)
}

extension WeightedLayer {
    public var tensors: [Tensor] {
        [weight] + (bias.map { [$0.tensor(of: name, count: weight.shape[0])] } ?? [])
    }
    public var worksInPlace: Bool { false }
    public var reads: Reads { .input }
    public var isAffine: Bool { true }
    public var tangentKernelPart: (any TangentKernelPart)? { self }

    public var isSparse: Bool { !weight.zeros.isEmpty }
    public var channels: Int { weight.shape[0] }
    public var patch: Int { weight.count / weight.shape[0] }
    public var reverseTerms: Int { patch / (weight.shape.last ?? 1) * channels }

    private var biasOffset: Int { weight.count }
    /// Rows that a bias is added to: samples, or all their pixels.
    private func rows(_ extent: Extent) -> Int { extent.rows * extent.outputs / weight.shape[0] }

    private func product<S: Scalar>(
        _ x: UnsafePointer<S>, _ w: UnsafePointer<S>, beta: S, _ y: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        product(x, w, beta: beta, y, slope: 1, extent)
    }
    private func inputGradient<S: Scalar>(
        _ yBar: UnsafePointer<S>, _ w: UnsafePointer<S>, beta: S, _ xBar: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        inputGradient(yBar, w, beta: beta, xBar, slope: 1, where: xBar, extent)
    }

    public func forward<S: Scalar>(
        _ w: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        product(x, w, beta: 0, y, extent)
        if let bias { bias.add(w + biasOffset, to: y, rows: rows(extent), count: weight.shape[0]) }
    }

    public func forward<S: Scalar>(
        _ w: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, rectifying slope: S,
        _ extent: Extent
    ) {
        guard bias != nil else { return product(x, w, beta: 0, y, slope: slope, extent) }
        forward(w, x, y, extent)
        S.rectify(extent.rows * extent.outputs, slope, y, y)
    }

    public func pullback<S: Scalar>(
        _ w: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>, yBar: UnsafePointer<S>,
        xBar: UnsafeMutablePointer<S>?, into sink: GradientSink<S>?, _ extent: Extent
    ) {
        if let xBar { inputGradient(yBar, w, beta: 0, xBar, extent) }
        gradient(x, yBar, into: sink, extent)
    }

    public func pullback<S: Scalar>(
        _ w: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>, yBar: UnsafePointer<S>,
        xBar: UnsafeMutablePointer<S>, rectifying slope: S, into sink: GradientSink<S>?, _ extent: Extent
    ) {
        inputGradient(yBar, w, beta: 0, xBar, slope: slope, where: x, extent)
        gradient(x, yBar, into: sink, extent)
    }

    private func gradient<S: Scalar>(
        _ x: UnsafePointer<S>, _ yBar: UnsafePointer<S>, into sink: GradientSink<S>?, _ extent: Extent
    ) {
        guard let sink else { return }
        if trainsWeight { weightGradient(yBar, x, alpha: sink.alpha, beta: sink.beta, sink.target, extent) }
        biasGradient(yBar, sink, extent)
    }

    public func pullback<S: Scalar>(
        count: Int, _ w: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>, yBar: UnsafePointer<S>,
        xBar: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        inputGradient(yBar, w, beta: 0, xBar, extent.with(rows: count * extent.rows))
    }

    public func pushforward<S: Scalar>(
        _ w: UnsafePointer<S>, tangent wDot: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>,
        xDot: UnsafePointer<S>?, yDot: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        // A frozen weight has a zero tangent: its product is left out.
        if let xDot { product(xDot, w, beta: 0, yDot, extent) }
        if trainsWeight { product(x, wDot, beta: xDot == nil ? 0 : 1, yDot, extent) }
        if xDot == nil && !trainsWeight { yDot.update(repeating: 0, count: extent.rows * extent.outputs) }
        if let bias { bias.addTangent(wDot + biasOffset, to: yDot, rows: rows(extent), count: weight.shape[0]) }
    }

    public func pushforwardOfPullback<S: Scalar>(
        _ p: PullbackTangent<S>, xBarDot: UnsafeMutablePointer<S>?, into sink: GradientSink<S>?, _ extent: Extent
    ) {
        if let xBarDot {
            inputGradient(p.yBarDot, p.w, beta: 0, xBarDot, extent)
            if trainsWeight { inputGradient(p.yBar, p.wDot, beta: 1, xBarDot, extent) }
        }
        guard let sink else { return }
        if trainsWeight {
            weightGradient(p.yBarDot, p.x, alpha: sink.alpha, beta: sink.beta, sink.target, extent)
            if let xDot = p.xDot { weightGradient(p.yBar, xDot, alpha: sink.alpha, beta: 1, sink.target, extent) }
        }
        biasGradient(p.yBarDot, sink, extent)
    }

    private func biasGradient<S: Scalar>(_ yBar: UnsafePointer<S>, _ sink: GradientSink<S>, _ extent: Extent) {
        bias?.pullback(yBar, into: sink.advanced(by: biasOffset), rows: rows(extent), count: weight.shape[0])
    }
}
