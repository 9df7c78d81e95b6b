import Networks
import RealModule

/// What a dense layer or a convolution may say about its weights; the parametrization decides what
/// is left open.
public struct WeightOptions: Sendable, Equatable {
    /// Nil for `W1`, `W2`, … and `output`, in `paper` for `A`, `W1`, …, `B`.
    public var name: String?
    /// Nil for the builder's `hasBias`.
    public var bias: Bool?
    /// Nil for the parametrization's rule.
    public var isTrained: Bool?
    /// Nil for the rule by place.
    public var role: Role?
    /// Standard deviation at the start, against the parametrization's rule.
    public var deviation: Double?
    /// Factor of the weights in the forward pass, against the rule.
    public var scale: Double?

    /// The part a layer plays in its parametrization.
    public enum Role: String, CaseIterable, Sendable { case input, hidden, output }

    /// Options, all of them open where nothing is said.
    public init(
        name: String? = nil, bias: Bool? = nil, isTrained: Bool? = nil, role: Role? = nil, deviation: Double? = nil,
        scale: Double? = nil
    ) {
        self.name = name
        self.bias = bias
        self.isTrained = isTrained
        self.role = role
        self.deviation = deviation
        self.scale = scale
    }

    /// `auto` stands for a role by place: the last layer with weights is the output, in `paper` the
    /// first is the input.
    private enum RoleWord: String, CaseIterable { case auto, input, hidden, output }

    init(_ options: some OptionReader) {
        let name = options.text("name", default: "", "unique name; default W1, W2, …, output, in paper A, W1, …, B")
        self.name = name.isEmpty ? nil : name
        bias = options.optionalFlag("bias", "whether it adds a bias; default model.bias")
        isTrained = options.optionalFlag("trained", "whether it is trained; default by the parametrization")
        role = Role(
            rawValue: options.choice(
                "role", default: RoleWord.auto,
                "how the parametrization scales it; auto: output for the last, in paper input for the first"
            ).rawValue)
        deviation = options.optionalNumber(
            "deviation", in: 0...1e6, "standard deviation of the weights at the start; default by the parametrization")
        scale = options.optionalNumber(
            "weight_scale", in: 0...1e6, "factor of the weights in the forward pass; default by the parametrization")
    }

    var options: [(key: String, value: String)] {
        var result: [(key: String, value: String)] = []
        if let name { result.append(("name", "'\(name)'")) }
        if let bias { result.append(("bias", "\(bias)")) }
        if let isTrained { result.append(("trained", "\(isTrained)")) }
        if let role { result.append(("role", role.rawValue)) }
        if let deviation { result.append(("deviation", "\(deviation)")) }
        if let scale { result.append(("weight_scale", "\(scale)")) }
        return result
    }
}

/// A layer's weights with everything decided.
struct WeightRule: Sendable {
    let name: String
    let scale: Double
    let deviation: Double
    /// Whether a dense layer's weights start at ± the deviation.
    let isSigned: Bool
    let isTrained: Bool
    let bias: Bias?
}
