/// What a run recorded, as plain numbers: all that certification reads.
public struct RunEvidence: Sendable {
    /// How the run stands.
    public enum Ending: Sendable {
        /// A process works on it.
        case running
        /// It came to what it was asked for.
        case completed
        /// Its loss grew, or is no number.
        case diverged
        /// It can go on, and no process works on it.
        case interrupted
        /// It ended with an error.
        case failed
    }

    /// How the run was set up. What is not set is that of full-batch descent on a summed squared loss in float32.
    public struct Setting: Sendable {
        /// F_T/F_0 that is asked for where the configuration asks for none.
        public static let defaultLossRatio = 1e-3

        /// How it stands.
        public var ending = Ending.completed
        /// F_T/F_0 that was to be reached.
        public var lossRatio = defaultLossRatio
        /// Whether a loss F was to be reached, from which that ratio follows.
        public var stopsAtLoss = false
        /// Whether the loss is ½‖f − y‖² a sample.
        public var isSquaredLoss = true
        /// Whether outputs are compared with classes, so that there is an accuracy.
        public var isClassification = false
        /// Unit roundoff of the run's arithmetic.
        public var roundoff = Double(Float.ulpOfOne) / 2
        /// η times this is the rate at which Θ moves the residual: 1 for a summed loss, 1/n for a mean.
        public var reductionWeight = 1.0
        /// 1, or 1/α² of the lazy form: c in F = c Σ ½‖f − y‖² is this times the weight of the reduction.
        public var objectiveScale = 1.0
        /// n, the number of training samples; `Int.max` where it is not known.
        public var samples = 0
        /// Whether each step takes all of them.
        public var isFullBatch = true
        /// Whether η stays as it is.
        public var hasConstantRate = true
        /// μ of heavy-ball or Nesterov momentum.
        public var momentum = 0.0
        /// Whether momentum is Nesterov's.
        public var isNesterov = false
        /// Whether steps are Adam's, of which nothing follows that is known of gradient descent.
        public var isAdaptive = false
        /// Whether parameters are trained beside the network's, so that what is descended is another loss than F.
        public var isAugmented = false
        /// Steps in which each sample is taken once.
        public var stepsPerEpoch = 1
        /// Whether any batch may come next, and not only those that are left of the epoch.
        public var drawsWithReplacement = false
        /// Batches of each measurement of the contraction.
        public var contractionBatches = 0
        /// The kernel that was followed.
        public var kernel = KernelExtent()
        /// Whether it was computed in float64.
        public var kernelIsDouble = false
        /// Whether the linearized network itself was trained.
        public var isLinearized = false
        /// Whether there are test samples.
        public var hasTestSamples = true
        /// Whether there are ReLU layers.
        public var hasRectifiers = true
        /// Whether the weights at the start were drawn as the parametrization says, and not given.
        public var startIsDrawn = true
        /// Whether two training inputs are equal.
        public var hasEqualInputs = false
        /// min ‖x_i/‖x_i‖ − x_j/‖x_j‖‖ over all training samples; NaN where unknown.
        public var directionSeparation = Double.nan
        /// Whether the configuration is known. Where it is not, all of this is only the default.
        public var isKnown = true

        /// The defaults.
        public init() {}

        /// Whether steps go along gradients of F, with momentum or without.
        package var descendsGradient: Bool { !isAdaptive && !isAugmented }
        /// Whether each step is −ηg, which depends on no step before it.
        package var takesPlainSteps: Bool { momentum == 0 && descendsGradient }

        /// The smallest number of the run's arithmetic that keeps its digits.
        package var leastNormal: Double {
            roundoff > 1e-12 ? Double(Float.leastNormalMagnitude) : .leastNormalMagnitude
        }
    }

    /// What was known of the least loss before training; F in the units of the objective.
    public struct References: Sendable {
        /// F of the best constant output.
        public var bestConstant: Double
        /// F of the output 0.
        public var zeroOutput: Double
        /// F with all trained weights 0; infinite where it is not known.
        public var zeroWeights: Double
        /// The least F that samples with equal inputs and different targets leave.
        public var leastPossible: Double
        /// How many such samples there are.
        public var contradictorySamples: Int
        /// Whether the trained function is affine in the trained weights.
        public var isAffine: Bool
        /// Whether it has as many trained weights as the different inputs have outputs.
        public var hasEnoughWeights: Bool

        /// References from their losses.
        public init(
            bestConstant: Double, zeroOutput: Double, zeroWeights: Double = .infinity, leastPossible: Double = 0,
            contradictorySamples: Int = 0, isAffine: Bool = false, hasEnoughWeights: Bool = true
        ) {
            self.bestConstant = bestConstant
            self.zeroOutput = zeroOutput
            self.zeroWeights = zeroWeights
            self.leastPossible = leastPossible
            self.contradictorySamples = contradictorySamples
            self.isAffine = isAffine
            self.hasEnoughWeights = hasEnoughWeights
        }
    }

    /// How the run was set up.
    public var setting = Setting()
    /// What was known of the least loss; nil in runs of earlier versions.
    public var references: References?
    /// Its metrics. Statements look for `train_loss`, `learning_rate`, `gradient_norm` and the others by name.
    public var series: MetricSeries
    /// ∫η dt at each row. Where it is nil, each row's η counts until the next one.
    public var times: [Double]?
    /// The loss around the weights, in step order.
    public var landscapes: [LandscapeEvidence] = []
    /// Norms and separations at the start; nil where they were not measured.
    public var initialization: InitializationEvidence?
    /// Files of the run that are damaged or missing, each in words.
    public var damage: [String] = []

    /// The evidence of a series alone.
    public init(setting: Setting = Setting(), series: MetricSeries) {
        self.setting = setting
        self.series = series
    }
}
