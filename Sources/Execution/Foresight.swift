import Networks
import TangentKernels
import Theory
import Training

/// What is known of a run before its first step, for a person who would otherwise find out at its end.
extension Experiment {
    /// A line each: what was done to the inputs, which tensors stay as they are, and what no verdict will be able to tell.
    var foresight: [String] {
        let untold = untold
        let advice = untold.contains { $0.line.hasPrefix("tracking.") } && configuration.tracking.preset == .none
        return [scaling, frozen, sparse].compactMap(\.self)
            + (untold.isEmpty ? [] : ["untold    can fail at most, for want of what is named:"])
            + untold.map { "untold    \($0.statement.number): \($0.line)" }
            + (advice ? ["untold    tracking.preset: certify records what statements need"] : [])
    }

    private var scaling: String? {
        let data = configuration.data.preprocessing
        var parts: [String] = []
        switch data.normalization {
        case .none: if data.isCentered { parts.append("less the mean of the training inputs") }
        case .unitSphere:
            parts.append((data.isCentered ? "less the mean of the training inputs, then " : "") + "x/‖x‖")
        case .standardize: parts.append("each coordinate to mean 0 and variance 1")
        case .standardizeChannels: parts.append("each channel to mean 0 and variance 1")
        }
        if data.addsBiasCoordinate { parts.append("(x/√2, 1/√2)") }
        if data.scale != 1 { parts.append("times \(data.scale)") }
        return parts.isEmpty ? nil : "scaled    inputs: \(parts.joined(separator: ", then "))"
    }

    private var frozen: String? {
        let layout = model.layout
        let tensors = layout.entries.filter { !$0.tensor.isTrained }
        guard !tensors.isEmpty else { return nil }
        return
            "frozen    \(Self.list(tensors)): \(tensors.reduce(0) { $0 + $1.tensor.count }) of \(layout.count) weights"
    }

    private var sparse: String? {
        let tensors = model.layout.entries.filter { !$0.tensor.zeros.isEmpty }
        guard !tensors.isEmpty else { return nil }
        let (zeros, count) = tensors.reduce((0, 0)) { ($0.0 + $1.tensor.zeros.count, $0.1 + $1.tensor.count) }
        return "sparse    \(Self.list(tensors)): \(zeros) of \(count) weights are 0 and stay 0"
    }

    private static func list(_ tensors: [ParameterLayout.Entry]) -> String {
        (tensors.prefix(6).map(\.tensor.label) + (tensors.count > 6 ? ["…"] : [])).joined(separator: ", ")
    }

    /// The statements that can fail at most, since what they need is not recorded, each with what would record it.
    package var untold: [(statement: Statement, line: String)] {
        let (tracking, training) = (configuration.tracking, configuration.training)
        let probes = tracking.probes
        let isWhole = probes.kernel.extent(outputs: model.outputCount).isWhole(of: train.count)
        let hasRectifiers = !ActivationPatterns.rectifiers(of: model).isEmpty
        let isLinearized = training.form.isLinearized
        let predictable = configuration.loss == .squared && sampler.isFullBatch && training.takesPlainSteps
        let isUsual = training.descendsGradient
        let others =
            training.optimizer.isAdam
            ? "descent by Adam: needs training.optimizer.kind: sgd"
            : "descent on another loss than F: needs training.elimination.kind: none"
        let rows = train.count * model.outputCount
        let isFeasible = rows <= KernelSpectrum.fullLimit
        let tooLarge =
            "the kernel of all samples and outputs has \(rows) rows, more than the "
            + "\(KernelSpectrum.fullLimit) whose eigenvalues are followed"
        let whole = isFeasible ? "tracking.kernel: {samples: \(train.count), outputs: full}" : tooLarge
        let needs: [(Statement, Bool, String)] = [
            (.noCriticalPoint, probes.gradientNorm, "tracking.gradient_norm: true"),
            (
                .semiSmoothness, tracking.landscape.isMeasured || !training.form.isNetwork,
                "tracking.landscape: {directions: 3}"
            ),
            (
                .semiSmoothness, training.form.isNetwork,
                "the landscape is that of the network itself, not of another form"
            ),
            (.nearInitialization, probes.drift, "tracking.drift: true"),
            (
                .nearInitialization, probes.patternSamples > 0 || !hasRectifiers || isLinearized,
                "tracking.pattern_samples: \(train.count)"
            ),
            (.tangentEquivalence, !isLinearized, "the linearization has nothing to be compared with"),
            (.tangentEquivalence, isWhole || isLinearized, whole),
            (
                .tangentEquivalence, probes.prediction || !predictable || isLinearized || !isFeasible,
                "tracking.prediction: true"
            ),
            (
                .tangentEquivalence, predictable || isLinearized,
                "predictions are made for full-batch gradient descent on the squared loss, without momentum"
            ),
            (
                .goodInitialization, tracking.initializationSamples > 0 || !hasRectifiers,
                "tracking.initialization: \(train.count)"
            ),
            (
                .goodInitialization, configuration.model.start == nil,
                "not applicable: the weights at the start are given, not drawn"
            ),
            (.goodInitialization, hasRectifiers, "not applicable: the network has no ReLU layers"),
            (
                .stochasticDescent, sampler.isFullBatch || tracking.contractionBatches > 0,
                "tracking.contraction_batches: 8"
            ),
            (
                .stochasticDescent, sampler.isFullBatch || training.optimizer.momentum.factor == 0,
                "needs training.momentum: 0"
            ),
            (.stochasticDescent, sampler.isFullBatch || isUsual, others),
            (.linearConvergence, isUsual, others), (.semiSmoothness, isUsual, others),
        ]
        return needs.filter { !$0.1 }.map { ($0.0, $0.2) }
    }
}
