import LinearAlgebra
import Networks

/// y = s x Wᵀ + s_b b, with W [out, in] and b [out].
///
/// The scales are 1 in the paper's and the standard parametrization; in the NTK parametrization
/// s = gain/√in and s_b = β (Jacot, Gabriel, Hongler 2018, eq. 1). Each of its products costs
/// 2·rows·in·out flops. Where the layer is sparse some entries of W are 0 and stay 0.
public struct Dense: WeightedLayer {
    /// Unique in a model; names its tensors.
    public let name: String
    /// Length of x.
    public let inputs: Int
    /// Length of y.
    public let outputs: Int
    /// s.
    public let weightScale: Double
    /// Standard deviation of W at the start.
    public let weightDeviation: Double
    /// Whether descent moves W.
    public let trainsWeight: Bool
    /// b with its scale; nil for none.
    public let bias: Bias?

    /// A dense layer; how it starts and scales is the parametrization's choice (`ModelBuilder`).
    ///
    /// - Parameter sparsity: the share of the entries of W that are 0 and stay 0, `Tensor.zeros` says which.
    public init(
        _ name: String, inputs: Int, outputs: Int, weightScale: Double = 1, weightDeviation: Double,
        hasSignedWeights: Bool = false, trainsWeight: Bool = true, bias: Bias? = nil, sparsity: Double = 0
    ) {
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.weightScale = weightScale
        self.weightDeviation = weightDeviation
        self.trainsWeight = trainsWeight
        self.bias = bias
        weight = Tensor(
            layer: name, role: "weight", shape: [outputs, inputs], axes: "out,in", isTrained: trainsWeight,
            standardDeviation: weightDeviation, isSigned: hasSignedWeights, forwardScale: weightScale,
            zeros: sparsity == 0 ? [] : Tensor.zeros(share: sparsity, of: outputs * inputs, layer: name))
    }

    /// Its weight as it is stored, made once.
    package let weight: Tensor

    public func outputShape(for input: [Int]) throws -> [Int] {
        guard input == [inputs] else {
            throw ModelError("dense layer \(name) takes samples of shape [\(inputs)], not \(input)")
        }
        return [outputs]
    }

    public func description(for input: [Int]) -> StageDescription {
        StageDescription("dense", StageDescription.weights(self))
    }

    public func torchModules(for input: [Int]) -> [String] {
        ["nn.Linear(\(inputs), \(outputs)\(bias == nil ? ", bias=False" : ""))"]
    }

    public func forwardFlops(for input: [Int]) -> Double { 2 * Double(inputs) * Double(outputs) }

    package func product<S: Scalar>(
        _ x: UnsafePointer<S>, _ w: UnsafePointer<S>, beta: S, _ y: UnsafeMutablePointer<S>, slope: S,
        _ extent: Extent
    ) {
        S.gemm(
            .no, .yes, m: extent.rows, n: outputs, k: inputs, alpha: S(weightScale), x, inputs, w, inputs,
            beta: beta, y, outputs, slope: slope, where: nil)
    }

    package func inputGradient<S: Scalar>(
        _ yBar: UnsafePointer<S>, _ w: UnsafePointer<S>, beta: S, _ xBar: UnsafeMutablePointer<S>, slope: S,
        where x: UnsafePointer<S>, _ extent: Extent
    ) {
        S.gemm(
            .no, .no, m: extent.rows, n: inputs, k: outputs, alpha: S(weightScale), yBar, outputs, w, inputs,
            beta: beta, xBar, inputs, slope: slope, where: x)
    }

    package func weightGradient<S: Scalar>(
        _ yBar: UnsafePointer<S>, _ x: UnsafePointer<S>, alpha: S, beta: S, _ target: UnsafeMutablePointer<S>,
        _ extent: Extent
    ) {
        S.gemm(
            .yes, .no, m: outputs, n: inputs, k: extent.rows, alpha: alpha * S(weightScale), yBar, outputs, x, inputs,
            beta: beta, target, inputs)
        weight.clearZeros(target)
    }
}

/// A dense layer in a list of layers.
public struct DenseDescription: LayerDescription {
    public static let type = "dense"
    /// Nil for as many as the data has outputs.
    public let units: Int?
    /// The share of its weights that are 0 and stay 0.
    public let sparsity: Double
    /// What is said of its weights.
    public let weight: WeightOptions

    /// A dense layer whose inputs the place in the network decides.
    public init(units: Int? = nil, sparsity: Double = 0, weight: WeightOptions = WeightOptions()) {
        self.units = units
        self.sparsity = sparsity
        self.weight = weight
    }

    public init(_ options: some OptionReader) {
        units = options.optionalInteger("units", in: 1...(1 << 24), "neurons; default: as many as the data has outputs")
        sparsity = options.number("sparsity", default: 0, in: Self.sparsities, Self.sparsityMeaning)
        weight = WeightOptions(options)
    }

    public var options: [(key: String, value: String)] {
        (units.map { [("units", "\($0)")] } ?? []) + (sparsity == 0 ? [] : [("sparsity", "\(sparsity)")])
            + weight.options
    }
    public var weightCount: Int { 1 }

    /// Those that can be asked for.
    package static let sparsities = 0.0...0.9999999
    /// The words that explain it in configurations.
    package static let sparsityMeaning =
        "share of a dense layer's weights that are 0 and stay 0, the same for every seed"
    /// A list of places is kept, and drawn anew with each model.
    private static let mostSparseWeights = 1 << 24

    public func parts(_ builder: inout ModelBuilder) throws -> [NetworkPart] {
        guard builder.shape.count == 1 else {
            throw ModelError(
                "a dense layer takes vectors, not samples of shape \(builder.shape): put a flatten before it")
        }
        let inputs = builder.shape[0]
        let outputs = units ?? builder.outputs
        let rule = builder.weights(weight, patch: 1, inputs: inputs, outputs: outputs)
        try checkSparsity(of: rule.name, weights: Double(inputs) * Double(outputs))
        return [
            .layer(
                Dense(
                    rule.name, inputs: inputs, outputs: outputs, weightScale: rule.scale,
                    weightDeviation: rule.deviation, hasSignedWeights: rule.isSigned, trainsWeight: rule.isTrained,
                    bias: rule.bias, sparsity: sparsity))
        ]
    }

    private func checkSparsity(of layer: String, weights count: Double) throws {
        guard sparsity > 0 else { return }
        guard count <= Double(Self.mostSparseWeights) else {
            throw ModelError(
                "layer \(layer): a sparse layer has at most \(Self.mostSparseWeights) weights, found \(count): lower its "
                    + "width, or set its sparsity to 0")
        }
        guard (sparsity * count).rounded() < count else {
            throw ModelError(
                "layer \(layer): a sparsity of \(sparsity) leaves none of its \(Int(count)) weights: expected one at least"
            )
        }
    }
}
