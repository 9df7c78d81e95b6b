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
        return [weight, bias.tensor(of: name, count: outputs)]
    }

    public func outputShape(for input: [Int]) throws -> [Int] {
        guard input == [inputs] else {
            throw ModelError("dense layer \(name) takes samples of shape [\(inputs)], not \(input)")
        }
        return [outputs]
    }

    public var worksInPlace: Bool { false }
    public var reads: Reads { .input }
    public func forwardFlops(for input: [Int]) -> Double { 2 * Double(inputs) * Double(outputs) }

    private var biasOffset: Int { outputs * inputs }

    public func forward<S: Scalar>(
        _ w: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        timesTransposedWeight(x, w, beta: 0, y, extent.rows)
        bias?.add(w + biasOffset, to: y, rows: extent.rows, count: outputs)
    }

    public func pullback<S: Scalar>(
        _ w: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>, yBar: UnsafePointer<S>,
        xBar: UnsafeMutablePointer<S>?, into sink: GradientSink<S>?, _ extent: Extent
    ) {
        if let xBar { timesWeight(yBar, w, beta: 0, xBar, extent.rows) }
        guard let sink else { return }
        if trainsWeight { outerProduct(yBar, x, sink.alpha, sink.beta, sink.target, extent.rows) }
        bias?.pullback(yBar, into: sink.advanced(by: biasOffset), rows: extent.rows, count: outputs)
    }

    public func pushforward<S: Scalar>(
        _ w: UnsafePointer<S>, tangent wDot: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>,
        xDot: UnsafePointer<S>?, yDot: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        // A frozen weight has a zero tangent: its product is left out.
        if let xDot { timesTransposedWeight(xDot, w, beta: 0, yDot, extent.rows) }
        if trainsWeight { timesTransposedWeight(x, wDot, beta: xDot == nil ? 0 : 1, yDot, extent.rows) }
        if xDot == nil && !trainsWeight { yDot.update(repeating: 0, count: extent.rows * outputs) }
        bias?.addTangent(wDot + biasOffset, to: yDot, rows: extent.rows, count: outputs)
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
        bias?.pullback(p.yBarDot, into: sink.advanced(by: biasOffset), rows: extent.rows, count: outputs)
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
}

/// A dense layer in a list of layers.
public struct DenseDescription: LayerDescription {
    public static let type = "dense"
    /// Nil for as many as the data has outputs.
    public let units: Int?
    public let weight: WeightOptions

    public init(units: Int? = nil, weight: WeightOptions = WeightOptions()) {
        self.units = units
        self.weight = weight
    }

    public init(_ options: some OptionReader) {
        units = options.optionalInteger("units", in: 1...(1 << 24), "neurons; default: as many as the data has outputs")
        weight = WeightOptions(options)
    }

    public var options: [(key: String, value: String)] {
        (units.map { [("units", "\($0)")] } ?? []) + weight.options
    }
    public var weightCount: Int { 1 }

    public func parts(_ builder: inout ModelBuilder) throws -> [NetworkPart] {
        guard builder.shape.count == 1 else {
            throw ModelError(
                "a dense layer takes vectors, not samples of shape \(builder.shape): put a flatten before it")
        }
        let inputs = builder.shape[0]
        let outputs = units ?? builder.outputs
        let rule = builder.weights(weight, patch: 1, inputs: inputs, outputs: outputs)
        return [
            .layer(
                Dense(
                    rule.name, inputs: inputs, outputs: outputs, weightScale: rule.scale,
                    weightDeviation: rule.deviation, trainsWeight: rule.isTrained, bias: rule.bias))
        ]
    }
}
