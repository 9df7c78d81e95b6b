import LinearAlgebra
import Networks
import RealModule

/// What becomes of a gradient: gradient descent, with momentum or without, or Adam.
public enum Optimizer: Sendable, Equatable {
    /// Stochastic gradient descent.
    case sgd(Momentum)
    /// Steps along m/√v, moments of the gradients so far.
    case adam(Adam)

    /// Gradient descent's momentum; none with Adam.
    public var momentum: Momentum { if case .sgd(let momentum) = self { momentum } else { Momentum() } }
    /// Whether it is Adam.
    public var isAdam: Bool { if case .adam = self { true } else { false } }
    /// Whether a step is −ηg and depends on no step before it.
    public var isPlain: Bool { !isAdam && momentum.factor == 0 }

    /// What the vectors of P numbers are called that it remembers from step to step.
    package var stateNames: [String] {
        isAdam ? ["first_moment", "second_moment"] : momentum.factor == 0 ? [] : ["velocity"]
    }

    /// What a descent remembers beside its weights, by names in checkpoints.
    /// - Parameter added: of the parameters that are trained beside them; nil for none.
    package func state(
        of layout: ParameterLayout, adding added: ParameterLayout?
    ) -> [(name: String, layout: ParameterLayout)] {
        let own = stateNames.map { (name: $0, layout: layout) }
        guard let added else { return own }
        return own + [("elimination", added)] + stateNames.map { ("elimination_" + $0, added) }
    }

    /// Whether the gradient needs a vector of its own.
    var keepsGradient: Bool { isAdam || momentum.factor != 0 && momentum.isNesterov }
    /// Vectors of P numbers beside the weights.
    package var vectorCount: Int { stateNames.count + (keepsGradient ? 1 : 0) }
}

/// Momentum of the heavy ball, or Nesterov's.
public struct Momentum: Sendable, Equatable {
    /// μ; 0 for none.
    public let factor: Double
    /// Whether it is Nesterov's: then a step is −η (g + μ v).
    public let isNesterov: Bool

    /// Plain descent where nothing is said.
    public init(factor: Double = 0, isNesterov: Bool = false) {
        self.factor = factor
        self.isNesterov = isNesterov
    }
}

/// Adam, with weight decay in the gradient or apart from it.
///
///     s = g + λ w,  m ← β₁ m + (1 − β₁) s,  v ← β₂ v + (1 − β₂) s²
///     w ← (1 − ηλ') w − η (m/(1 − β₁ᵗ))/(√(v/(1 − β₂ᵗ)) + ε)      at step t = 1, 2, …
///
/// Sources: Kingma, Ba 2015, algorithm 1, whose defaults these are; λ' as in Loshchilov, Hutter 2019, algorithm 2, but times η, as
/// PyTorch's AdamW has it. All trained tensors decay, biases too.
public struct Adam: Sendable, Equatable {
    /// How much of m is kept, in 0..<1.
    public var beta1 = 0.9
    /// How much of v is kept, in 0..<1.
    public var beta2 = 0.999
    /// ε > 0.
    public var epsilon = 1e-8
    /// λ of ½λ‖w‖², which is part of the gradient.
    public var weightDecay = 0.0
    /// λ', by which weights shrink beside the step.
    public var decoupledWeightDecay = 0.0

    /// The defaults of the paper, without decay.
    public init() {}

    /// The numbers of step t, counted from 1.
    func step(_ t: Int, learningRate: Double) -> AdamStep {
        // 1 − βᵗ, to its last digits for β near 1 too.
        func grown(_ beta: Double) -> Double { -Double.expMinusOne(Double(t) * Double.log(beta)) }
        return AdamStep(
            beta1: beta1, beta2: beta2, rate: learningRate / grown(beta1), root: 1 / grown(beta2).squareRoot(),
            epsilon: epsilon, ridge: weightDecay, keep: 1 - learningRate * decoupledWeightDecay)
    }
}
