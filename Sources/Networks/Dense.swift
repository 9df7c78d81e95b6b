import LinearAlgebra

/// y = s x Wᵀ + s_b b, with W [out, in] and b [out].
///
/// The scales are 1 in the paper's and the standard parametrization; in the NTK parametrization
/// s = gain/√in and s_b = β (Jacot, Gabriel, Hongler 2018, eq. 1). Each of its products costs
/// 2·rows·in·out flops.
public struct Dense: Layer {
    public let name: String
    public let inputs: Int
    public let outputs: Int
    public let weightScale: Double
    public let weightDeviation: Double
    public let trainsWeight: Bool
    public let bias: Bias?

    /// The added vector of a dense layer.
    public struct Bias: Sendable, Equatable {
        public let scale: Double
        public let deviation: Double
        public let isTrained: Bool

        public init(scale: Double = 1, deviation: Double = 0, isTrained: Bool = true) {
            self.scale = scale
            self.deviation = deviation
            self.isTrained = isTrained
        }
    }

    public init(
        _ name: String, inputs: Int, outputs: Int, weightScale: Double = 1, weightDeviation: Double,
        trainsWeight: Bool = true, bias: Bias? = nil
    ) {
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.weightScale = weightScale
        self.weightDeviation = weightDeviation
        self.trainsWeight = trainsWeight
        self.bias = bias
    }

    public var tensors: [Tensor] {
        let weight = Tensor(
            layer: name, role: "weight", shape: [outputs, inputs], axes: "out,in", isTrained: trainsWeight,
            standardDeviation: weightDeviation)
        guard let bias else { return [weight] }
        return [
            weight,
            Tensor(
                layer: name, role: "bias", shape: [outputs], axes: "out", isTrained: bias.isTrained,
                standardDeviation: bias.deviation),
        ]
    }

    public func outputShape(for input: [Int]) throws -> [Int] {
        guard input == [inputs] else {
            throw ModelError("dense layer \(name) takes samples of shape [\(inputs)], not \(input)")
        }
        return [outputs]
    }

    public var worksInPlace: Bool { false }
    public var readsInput: Bool { true }
    public func forwardFlops(for input: [Int]) -> Double { 2 * Double(inputs) * Double(outputs) }

    private var biasOffset: Int { outputs * inputs }

    public func forward<S: Scalar>(
        _ w: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        timesTransposedWeight(x, w, beta: 0, y, extent.rows)
        if let bias { S.addRow(extent.rows, outputs, S(bias.scale), w + biasOffset, y) }
    }

    public func pullback<S: Scalar>(
        _ w: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>, yBar: UnsafePointer<S>,
        xBar: UnsafeMutablePointer<S>?, into sink: GradientSink<S>?, _ extent: Extent
    ) {
        if let xBar { timesWeight(yBar, w, beta: 0, xBar, extent.rows) }
        guard let sink else { return }
        if trainsWeight { outerProduct(yBar, x, sink.alpha, sink.beta, sink.target, extent.rows) }
        sumIntoBias(yBar, sink, extent.rows)
    }

    public func pushforward<S: Scalar>(
        _ w: UnsafePointer<S>, tangent wDot: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>,
        xDot: UnsafePointer<S>?, yDot: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        // A frozen weight has a zero tangent: its product is left out.
        if let xDot { timesTransposedWeight(xDot, w, beta: 0, yDot, extent.rows) }
        if trainsWeight { timesTransposedWeight(x, wDot, beta: xDot == nil ? 0 : 1, yDot, extent.rows) }
        if xDot == nil && !trainsWeight { yDot.update(repeating: 0, count: extent.rows * outputs) }
        if let bias, bias.isTrained { S.addRow(extent.rows, outputs, S(bias.scale), wDot + biasOffset, yDot) }
    }

    public func pushforwardOfPullback<S: Scalar>(
        _ p: PullbackTangent<S>, xBarDot: UnsafeMutablePointer<S>?, into sink: GradientSink<S>?, _ extent: Extent
    ) {
        if let xBarDot {
            timesWeight(p.yBarDot, p.w, beta: 0, xBarDot, extent.rows)
            if trainsWeight { timesWeight(p.yBar, p.wDot, beta: 1, xBarDot, extent.rows) }
        }
        guard let sink else { return }
        if trainsWeight {
            outerProduct(p.yBarDot, p.x, sink.alpha, sink.beta, sink.target, extent.rows)
            if let xDot = p.xDot { outerProduct(p.yBar, xDot, sink.alpha, 1, sink.target, extent.rows) }
        }
        sumIntoBias(p.yBarDot, sink, extent.rows)
    }

    /// out ← s a Wᵀ + β out: [rows, in] to [rows, out].
    private func timesTransposedWeight<S: Scalar>(
        _ a: UnsafePointer<S>, _ w: UnsafePointer<S>, beta: S, _ out: UnsafeMutablePointer<S>, _ rows: Int
    ) {
        S.gemm(
            .no, .yes, m: rows, n: outputs, k: inputs, alpha: S(weightScale), a, inputs, w, inputs,
            beta: beta, out, outputs)
    }

    /// out ← s a W + β out: [rows, out] to [rows, in].
    private func timesWeight<S: Scalar>(
        _ a: UnsafePointer<S>, _ w: UnsafePointer<S>, beta: S, _ out: UnsafeMutablePointer<S>, _ rows: Int
    ) {
        S.gemm(
            .no, .no, m: rows, n: inputs, k: outputs, alpha: S(weightScale), a, outputs, w, inputs,
            beta: beta, out, inputs)
    }

    /// out ← α s aᵀ b + β out: the gradient of W, [out, in].
    private func outerProduct<S: Scalar>(
        _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ alpha: S, _ beta: S, _ out: UnsafeMutablePointer<S>,
        _ rows: Int
    ) {
        S.gemm(
            .yes, .no, m: outputs, n: inputs, k: rows, alpha: alpha * S(weightScale), a, outputs, b, inputs,
            beta: beta, out, inputs)
    }

    private func sumIntoBias<S: Scalar>(_ yBar: UnsafePointer<S>, _ sink: GradientSink<S>, _ rows: Int) {
        guard let bias, bias.isTrained else { return }
        S.sumRows(rows, outputs, sink.alpha * S(bias.scale), yBar, sink.beta, sink.target + biasOffset)
    }
}
