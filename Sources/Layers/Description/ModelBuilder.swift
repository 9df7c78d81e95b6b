import Networks
import RealModule

/// Turns a list of layer descriptions into a model, once the shape of the data is known.
public struct ModelBuilder: Sendable {
    /// How weights are drawn and scaled.
    public var parametrization: Parametrization
    /// Its gain scales the weights in `standard` and `ntk`, and its square those of `paper`.
    public var activation: Activation
    /// Whether layers have a bias where their description leaves it open.
    public var hasBias: Bool
    /// β, factor of N(0, 1) biases in `ntk`; in the other parametrizations biases start at zero.
    public var biasScale: Double
    /// Whether the weights of the output layer start at ± their deviation instead of normal numbers
    /// (Du, Zhai, Poczos, Singh 2018, section 3).
    public var hasSignedOutput: Bool
    /// Labels (`W1`, `output.bias`) to train or freeze against the parametrization's rule.
    public var frozen: Set<String>
    /// Labels to train against the parametrization's rule.
    public var trained: Set<String>

    /// Shape of a sample where the next layer will stand.
    public private(set) var shape: [Int] = []
    /// K, the outputs that the data asks for.
    public private(set) var outputs = 0
    private var weightIndex = 0
    private var weightCount = 0

    /// The rules for a network; see the properties.
    public init(
        parametrization: Parametrization, activation: Activation = Activation(.relu), hasBias: Bool = false,
        biasScale: Double = 0.1, hasSignedOutput: Bool = false, frozen: Set<String> = [], trained: Set<String> = []
    ) {
        self.parametrization = parametrization
        self.activation = activation
        self.hasBias = hasBias
        self.biasScale = biasScale
        self.hasSignedOutput = hasSignedOutput
        self.frozen = frozen
        self.trained = trained
    }

    /// - Throws: `ModelError` where layers do not fit each other or the data, or for a name in `frozen`
    ///   or `trained` that the network does not have.
    public func model(_ layers: [any LayerDescription], inputShape: [Int], outputs: Int) throws -> Model {
        var builder = self
        builder.shape = inputShape
        builder.outputs = outputs
        builder.weightCount = layers.reduce(0) { $0 + $1.weightCount }
        let model = try Model(inputShape: inputShape, parts: builder.parts(layers))
        guard model.shapes.last == [outputs] else {
            throw ModelError(
                "the last layer gives samples of shape \(model.shapes.last ?? []), the data has \(outputs) outputs")
        }
        let labels = model.layout.entries.map(\.tensor.label)
        if let unknown = frozen.union(trained).subtracting(labels).sorted().first {
            throw ModelError(
                "no tensor is named \(unknown): there are \(labels.prefix(40).joined(separator: ", "))\(labels.count > 40 ? ", …" : "")"
            )
        }
        return model
    }

    /// The parts of a list, with `shape` carried from each to the next.
    public mutating func parts(_ layers: [any LayerDescription]) throws -> [NetworkPart] {
        var result: [NetworkPart] = []
        for layer in layers {
            let parts = try layer.parts(&self)
            try Model.checkSize(of: [shape])
            for case .layer(let layer) in parts { shape = try layer.outputShape(for: shape) }
            result += parts
        }
        return result
    }

    /// The parts of a list that begins where this one is, with `shape` left as it was.
    mutating func branch(_ layers: [any LayerDescription]) throws -> (parts: [NetworkPart], shape: [Int]) {
        let start = shape
        defer { shape = start }
        return (try parts(layers), shape)
    }

    mutating func move(to shape: [Int]) { self.shape = shape }

    /// The rule for the next layer with weights.
    /// - Parameters:
    ///   - patch: numbers of a kernel's window, 1 for a dense layer.
    ///   - inputs: channels or neurons that it reads; its fan-in is patch · inputs.
    mutating func weights(_ options: WeightOptions, patch: Int, inputs: Int, outputs: Int) -> WeightRule {
        defer { weightIndex += 1 }
        let isLast = weightIndex == weightCount - 1
        let isFirst = weightIndex == 0 && parametrization == .paper
        let role = options.role ?? (isLast ? .output : isFirst ? .input : .hidden)
        let name = options.name ?? defaultName(isFirst: isFirst, isLast: isLast)
        let byRule = options.isTrained ?? (parametrization != .paper || role == .hidden)
        func isTrained(_ label: String) -> Bool { trained.contains(label) || (byRule && !frozen.contains(label)) }
        let isNTK = parametrization == .ntk
        let bias = Bias(
            scale: isNTK ? biasScale : 1, deviation: isNTK ? 1 : 0, isTrained: isTrained(name + ".bias"))
        let (scale, deviation) = parametrization.scaleAndDeviation(
            role, gain: activation.gain, patch: patch, inputs: inputs, outputs: outputs)
        return WeightRule(
            name: name, scale: options.scale ?? scale, deviation: options.deviation ?? deviation,
            isSigned: hasSignedOutput && role == .output, isTrained: isTrained(name),
            bias: options.bias ?? hasBias ? bias : nil)
    }

    private func defaultName(isFirst: Bool, isLast: Bool) -> String {
        if parametrization == .paper { return isLast ? "B" : isFirst ? "A" : "W\(weightIndex)" }
        return isLast ? "output" : "W\(weightIndex + 1)"
    }
}
