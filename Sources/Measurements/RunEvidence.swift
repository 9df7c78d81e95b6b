/// What a run recorded, as plain numbers: all that certification reads.
public struct RunEvidence: Sendable {
    public enum Ending: Sendable { case running, completed, diverged, interrupted, failed }

    /// How the run was set up.
    public struct Setting: Sendable {
        /// F_T/F_0 that is asked for where the configuration asks for none.
        public static let defaultLossRatio = 1e-3

        public var ending = Ending.completed
        /// F_T/F_0 that was to be reached, and whether a loss was given for it.
        public var lossRatio = defaultLossRatio
        public var stopsAtLoss = false
        public var isSquaredLoss = true
        public var isClassification = false
        /// Unit roundoff of the run's arithmetic.
        public var roundoff = Double(Float.ulpOfOne) / 2
        /// η times this is the rate at which Θ moves the residual: 1 for a summed loss, 1/n for a mean.
        public var reductionWeight = 1.0
        /// 1, or 1/α² of the lazy form: c in F = c Σ ½‖f − y‖² is this times the weight of the reduction.
        public var objectiveScale = 1.0
        public var samples = 0
        public var isFullBatch = true
        /// Whether η stays as it is.
        public var hasConstantRate = true
        /// μ of heavy-ball or Nesterov momentum.
        public var momentum = 0.0
        public var isNesterov = false
        public var stepsPerEpoch = 1
        /// Whether any batch may come next, and not only those that are left of the epoch.
        public var drawsWithReplacement = false
        /// Batches of each measurement of the contraction.
        public var contractionBatches = 0
        /// The kernel that was followed, and whether in float64.
        public var kernel = KernelExtent()
        public var kernelIsDouble = false
        /// Whether the linearized network itself was trained.
        public var isLinearized = false
        /// Whether there are test samples, and ReLU layers.
        public var hasTestSamples = true
        public var hasRectifiers = true
        /// Whether the weights at the start were drawn as the parametrization says, and not given.
        public var startIsDrawn = true
        /// Whether two training inputs are equal.
        public var hasEqualInputs = false
        /// min ‖x_i/‖x_i‖ − x_j/‖x_j‖‖ over all training samples; NaN where unknown.
        public var directionSeparation = Double.nan
        /// Whether the configuration is known: otherwise all of this is only the default.
        public var isKnown = true

        public init() {}

        /// The smallest number of the run's arithmetic that keeps its digits.
        package var leastNormal: Double {
            roundoff > 1e-12 ? Double(Float.leastNormalMagnitude) : .leastNormalMagnitude
        }
    }

    /// What was known of the least loss before training; F in the units of the objective.
    public struct References: Sendable {
        /// F of the best constant output, of the output 0, and with all trained weights 0.
        public var bestConstant: Double
        public var zeroOutput: Double
        public var zeroWeights: Double
        /// What samples with equal inputs and different targets leave at least, and how many such samples there are.
        public var leastPossible: Double
        public var contradictorySamples: Int
        /// Whether the trained function is affine in the trained weights, and whether it has as many of them as the
        /// different inputs have outputs.
        public var isAffine: Bool
        public var hasEnoughWeights: Bool

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

    public var setting = Setting()
    /// nil in runs of earlier versions.
    public var references: References?
    public var series: MetricSeries
    /// ∫η dt at each row; where nil each row's η counts until the next one.
    public var times: [Double]?
    public var landscapes: [LandscapeEvidence] = []
    public var initialization: InitializationEvidence?
    /// Files of the run that are damaged or missing, each in words.
    public var damage: [String] = []

    public init(setting: Setting = Setting(), series: MetricSeries) {
        self.setting = setting
        self.series = series
    }

    /// Whether the kernel is that of all training samples with all outputs, whose eigenvalues bound the descent.
    package var kernelIsWhole: Bool { setting.kernel.isWhole(of: setting.samples) }

    /// ∫η dt at each row, in steps at the first learning rate: equal to the steps where η is constant. NaN where η is
    /// not known.
    package var clock: [Double] {
        let rates = series["learning_rate"]
        guard let first = rates.first(where: { $0.isFinite && $0 > 0 }) else { return series.steps.map(Double.init) }
        if let times, times.count == series.steps.count { return times.map { $0 / first } }
        var time = Double(series.steps.first ?? 0)
        return series.steps.indices.map { row in
            if row > 0 { time += rates[row - 1] / first * Double(series.steps[row] - series.steps[row - 1]) }
            return time
        }
    }
}
