import RealModule

/// A fully connected network of L hidden layers of width m.
///
/// In `standard` and `ntk` the layers are W1 … WL (hidden) and `output`; in `paper` there is one
/// more, the frozen A in front, then W1 … WL, then the frozen B: L counts what is trained between.
public struct MLP: Sendable {
    public var inputs: Int
    public var width: Int
    public var depth: Int
    public var outputs: Int
    public var activation: Activation
    public var parametrization: Parametrization
    public var hasBias: Bool
    /// Standard deviation of the biases in `ntk`, as the factor β of the forward pass; in the other
    /// parametrizations biases start at zero.
    public var biasScale: Double
    /// Labels (`W1`, `output.bias`) to train or freeze against the parametrization's rule.
    public var frozen: Set<String>
    public var trained: Set<String>

    public init(
        inputs: Int, width: Int, depth: Int, outputs: Int, activation: Activation = Activation(.relu),
        parametrization: Parametrization = .standard, hasBias: Bool = false, biasScale: Double = 0.1,
        frozen: Set<String> = [], trained: Set<String> = []
    ) {
        self.inputs = inputs
        self.width = width
        self.depth = depth
        self.outputs = outputs
        self.activation = activation
        self.parametrization = parametrization
        self.hasBias = hasBias
        self.biasScale = biasScale
        self.frozen = frozen
        self.trained = trained
    }

    /// - Throws: `ModelError` for a name in `frozen` or `trained` that the network does not have.
    public func model() throws -> Model {
        var layers: [any Layer] = []
        for place in places {
            layers.append(dense(place))
            if place.role != .output { layers.append(activation) }
        }
        let model = try Model(inputShape: [inputs], layers: layers)
        let labels = model.layout.entries.map(\.tensor.label)
        if let unknown = frozen.union(trained).subtracting(labels).sorted().first {
            throw ModelError("no tensor is named \(unknown): there are \(labels.joined(separator: ", "))")
        }
        return model
    }

    private enum Role { case input, hidden, output }
    private struct Place {
        let name: String
        let inputs: Int
        let outputs: Int
        let role: Role
    }

    private var places: [Place] {
        let isPaper = parametrization == .paper
        var result = isPaper ? [Place(name: "A", inputs: inputs, outputs: width, role: .input)] : []
        for l in 1...max(depth, 1) where depth > 0 {
            let first = l == 1 && !isPaper
            result.append(Place(name: "W\(l)", inputs: first ? inputs : width, outputs: width, role: .hidden))
        }
        let last = depth > 0 || isPaper ? width : inputs
        return result + [Place(name: isPaper ? "B" : "output", inputs: last, outputs: outputs, role: .output)]
    }

    private func dense(_ place: Place) -> Dense {
        let byRule = parametrization != .paper || place.role == .hidden
        func isTrained(_ label: String) -> Bool { trained.contains(label) || (byRule && !frozen.contains(label)) }
        let (scale, deviation) = weightScaleAndDeviation(place)
        let isNTK = parametrization == .ntk
        let bias = Dense.Bias(
            scale: isNTK ? biasScale : 1, deviation: isNTK ? 1 : 0, isTrained: isTrained(place.name + ".bias"))
        return Dense(
            place.name, inputs: place.inputs, outputs: place.outputs, weightScale: scale,
            weightDeviation: deviation, trainsWeight: isTrained(place.name), bias: hasBias ? bias : nil)
    }

    private func weightScaleAndDeviation(_ place: Place) -> (Double, Double) {
        let gain = place.role == .output ? 1 : activation.function.gain(negativeSlope: activation.negativeSlope)
        let perFanIn = gain / Double.sqrt(Double(place.inputs))
        switch parametrization {
        case .paper:
            let fan = place.role == .output ? 1 / Double(outputs) : gain * gain / Double(width)
            return (1, Double.sqrt(fan))
        case .standard: return (1, perFanIn)
        case .ntk: return (perFanIn, 1)
        }
    }
}
