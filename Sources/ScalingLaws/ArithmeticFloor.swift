import RealModule

/// The floor below which an observable is its own rounding.
///
/// Each step rounds each weight independently, by at most u/2 of it. After T steps a weight is off by u √T of itself, and
/// f, of degree one in each of L + 1 layers, by u √(T (L + 1)) of itself. A sum of m terms adds u √m for each layer. With
/// a safety factor of 16, rounding adds less than a tenth to values above the floor.
package struct ArithmeticFloor: Sendable {
    /// u of the weights, and of the kernel that is followed.
    private let unit: Double
    private let kernelUnit: Double
    private let steps: Double
    private let layers: Double
    private let width: Double
    /// λ_max/λ_min of the kernel that predicts; NaN where it is not known.
    private let condition: Double

    /// How many times its rounding a number has to be.
    package static let safety = 16.0

    /// - Parameters:
    ///   - unit: u of the weights.
    ///   - kernelUnit: u of the kernel that is followed.
    ///   - layers: L + 1, those whose product f is.
    ///   - condition: λ_max/λ_min of the kernel that predicts; NaN where it is not known.
    package init(unit: Double, kernelUnit: Double, steps: Int, layers: Int, width: Double, condition: Double = .nan) {
        self.unit = unit
        self.kernelUnit = kernelUnit
        self.steps = Double(max(steps, 1))
        self.layers = Double(max(layers, 1))
        self.width = width
        self.condition = condition
    }

    /// Rounding of the weights, relative to themselves.
    private var weights: Double { unit * Double.sqrt(steps) }
    /// Rounding of outputs and of what is made of them, relative to themselves.
    private var outputs: Double { unit * (Double.sqrt(steps * layers) + Double.sqrt(width * layers)) }

    /// The floor of an observable, in its own unit; 0 where rounding cannot be seen.
    /// - Parameters:
    ///   - value: as it was measured; drifts are compared by their relative size.
    ///   - relativeDrift: ‖ΔW‖_F/‖W_0‖_F of the same weights.
    ///   - resolution: the least change that there is: one unit of all samples.
    package func callAsFunction(
        _ observable: ScalingObservable, value: Double, relativeDrift: Double = .nan, resolution: Double = 0
    ) -> Double {
        switch observable {
        case .weightDrift, .rowDrift:
            relativeDrift == 0 ? value : relativeDrift > 0 ? Self.safety * weights * value / relativeDrift : 0
        case .relativeDrift: Self.safety * weights
        case .backwardChange: Self.safety * outputs
        case .kernelDrift: Self.safety * (outputs + kernelUnit * Double.sqrt(width * layers))
        // The prediction is off by t δλ e^(−λt) ≤ δλ/λ: for the slowest mode, the condition number times u.
        case .linearizationGap: Self.safety * outputs + (condition.isFinite ? unit * condition : 0)
        case .forwardNormError: Self.safety * unit * Double.sqrt(width * layers)
        // Units flip one by one. Steps are whole: the last of five is half a step too long on average, a tenth.
        case .flips: Self.safety * resolution
        case .steps: 4
        case .kernelLambdaMin, .gradientRatio: 0
        }
    }
}
