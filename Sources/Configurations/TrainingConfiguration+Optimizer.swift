import Training

/// The keys of `training` that say what becomes of a gradient, and what is trained beside the network.
extension TrainingConfiguration {
    /// Whether steps go along gradients of F, with momentum or without: neither Adam's, nor those of another loss.
    package var descendsGradient: Bool { !optimizer.isAdam && elimination == nil }
    /// Whether each is −ηg of F, which depends on no step before it.
    package var takesPlainSteps: Bool { optimizer.isPlain && elimination == nil }

    private enum OptimizerKind: String, CaseIterable { case sgd, adam }
    private enum EliminationKind: String, CaseIterable { case none, neuron, scale }

    static func optimizer(_ section: ConfigSection) -> Optimizer {
        let adam = section.section("optimizer", word: "kind") { Self.adam($0) }
        let momentum = Momentum(
            factor: section.number("momentum", default: 0, in: 0...0.9999999, "μ of heavy-ball momentum"),
            isNesterov: section.flag("nesterov", default: false, "Nesterov's form of the momentum"))
        guard let adam else { return .sgd(momentum) }
        if momentum.factor != 0 {
            section.problem(
                "momentum",
                "expected 0 with training.optimizer.kind: adam, whose beta1 is its own, found \(momentum.factor)"
            )
        }
        return .adam(adam)
    }

    /// η; nil for auto, which is stable for gradient descent and says nothing of Adam.
    static func learningRate(_ section: ConfigSection, isAdam: Bool) -> Double? {
        let rate = section.wordOrNumber(
            "learning_rate", default: isAdam ? .number(1e-3, isInteger: false) : .word("auto"), words: ["auto"],
            in: .leastNormalMagnitude...1e15, isInteger: false,
            "η, or auto for auto_factor/λ_max of the tangent kernel at the start (divided by n for loss.reduction: mean); with Adam a "
                + "number, 0.001 by default"
        ).number
        if isAdam, rate == nil {
            section.problem(
                "learning_rate",
                "expected a number with training.optimizer.kind: adam, found auto, which is gradient descent's")
        }
        return rate
    }

    /// nil for gradient descent.
    private static func adam(_ section: ConfigSection) -> Adam? {
        let kind = section.choice(
            "kind", default: OptimizerKind.sgd,
            "gradient descent, or Adam (Kingma, Ba 2015, algorithm 1); `optimizer: adam` for short")
        guard kind == .adam || section.reader.isListing else { return nil }
        section.condition = "kind: adam"
        var adam = Adam()
        let usual = adam
        adam.beta1 = section.number("beta1", default: usual.beta1, in: 0...0.9999999, "β₁, how much of m is kept")
        adam.beta2 = section.number("beta2", default: usual.beta2, in: 0...0.9999999, "β₂, how much of v is kept")
        adam.epsilon = section.number(
            "epsilon", default: usual.epsilon, in: 1e-30...1, "ε, beside √v after its correction")
        adam.weightDecay = section.number(
            "weight_decay", default: usual.weightDecay, in: 0...1e6, "λ of ½λ‖w‖², whose gradient is part of g")
        adam.decoupledWeightDecay = section.number(
            "decoupled_weight_decay", default: usual.decoupledWeightDecay, in: 0...1e6,
            "λ of w ← (1 − ηλ) w beside the step (AdamW: Loshchilov, Hutter 2019, algorithm 2)")
        return adam
    }

    /// nil for the network alone.
    static func elimination(_ section: ConfigSection) -> Elimination? {
        let kind = section.choice(
            "kind", default: EliminationKind.none,
            "what is trained beside the network to leave no bad local minimum: an exponential neuron for each output (Kawaguchi, Kaelbling "
                + "2020), or a factor of F (Sohl-Dickstein, Kawaguchi 2019); `elimination: neuron` for short")
        guard kind != .none || section.reader.isListing else { return nil }
        section.condition = "kind: neuron or scale"
        let weight = section.number(
            "weight", default: 1e-3, in: 1e-12...1e12, "λ of the penalty λ‖a‖², in the units of F")
        return Elimination.Kind(rawValue: kind.rawValue).map { Elimination($0, weight: weight) }
    }
}
