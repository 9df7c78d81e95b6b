/// The parametrization, which decides every exponent.
public enum ScalingRegime: String, Sendable, CaseIterable {
    /// A, W ~ N(0, 2/m), B ~ N(0, 1/K), W trained, Θ ~ m, η ~ 1/m.
    case paper
    /// He initialization, everything trained, Θ ~ m (that of the first layer ~ 1), η ~ 1/m.
    case standard
    /// Weights N(0, 1), everything trained, Θ ~ 1, η ~ 1.
    case ntk
}

/// What decides the exponents of a network at one loss ratio, beside the width.
public struct ScalingNetwork: Sendable, Equatable {
    /// What its second derivative is like.
    public enum Activation: Sendable, CaseIterable {
        /// The identity.
        case linear
        /// With a bounded second derivative.
        case smooth
        /// ReLU and leaky ReLU.
        case rectified
    }

    /// The parametrization.
    public var regime: ScalingRegime
    /// That of the hidden layers.
    public var activation: Activation
    /// L, the number of trained hidden layers.
    public var depth: Int
    /// Whether η is c/λ_max(Θ_0), and not the same number for all widths.
    public var hasAutomaticRate: Bool
    /// Whether the loss is the squared one, of which theorems speak.
    public var hasSquaredLoss: Bool

    /// A network of L trained hidden layers.
    public init(
        _ regime: ScalingRegime, _ activation: Activation = .rectified, depth: Int, hasAutomaticRate: Bool = true,
        hasSquaredLoss: Bool = true
    ) {
        self.regime = regime
        self.activation = activation
        self.depth = depth
        self.hasAutomaticRate = hasAutomaticRate
        self.hasSquaredLoss = hasSquaredLoss
    }
}

/// The power of the width that theory gives an observable at a fixed loss ratio.
public struct ExpectedExponent: Sendable, Equatable {
    /// What a theorem guarantees, a bound; nil where none speaks of it.
    public let worstCase: Double?
    /// Whether the theorem bounds from above (decay at least as fast) or from below.
    public let isUpperBound: Bool
    /// The leading order of perturbation theory around the start; nil where it is not known.
    public let typical: ClosedRange<Double>?
    /// Of the worst case.
    public let source: String

    package init(_ typical: ClosedRange<Double>?, worst: Double? = nil, atLeast: Bool = false, _ source: String = "") {
        worstCase = worst
        self.typical = typical
        isUpperBound = !atLeast
        self.source = worst == nil ? "" : source
    }
}
