/// What a run recorded, as plain numbers: all that certification reads.
public struct RunEvidence: Sendable {
    public enum Ending: Sendable { case running, completed, diverged, interrupted, failed }

    /// How the run was set up.
    public struct Setting: Sendable {
        public var ending = Ending.completed
        /// F_T/F_0 that was to be reached.
        public var lossRatio = Marks.lossRatio
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
        /// μ of heavy-ball or Nesterov momentum.
        public var momentum = 0.0
        public var stepsPerEpoch = 1
        /// Batches of each measurement of the contraction.
        public var contractionBatches = 0
        /// Samples of the kernel that was followed, and whether it has all outputs: [nK, nK].
        public var kernelSamples = 0
        public var kernelIsFull = false
        public var kernelIsDouble = false
        /// Whether the linearized network itself was trained.
        public var isLinearized = false
        /// Whether the configuration is known: otherwise all of this is only the default.
        public var isKnown = true

        public init() {}
    }

    public var setting = Setting()
    public var series: MetricSeries
    public var landscapes: [LandscapeEvidence] = []
    public var initialization: InitializationEvidence?
    /// Files of the run that are damaged or missing, each in words.
    public var damage: [String] = []

    public init(setting: Setting = Setting(), series: MetricSeries) {
        self.setting = setting
        self.series = series
    }

    /// Whether the kernel is that of all training samples with all outputs, whose eigenvalues bound the descent.
    var kernelIsWhole: Bool { setting.kernelIsFull && setting.kernelSamples >= setting.samples }

    /// The line of configuration that records the kernel whose eigenvalues bound the descent.
    var wholeKernelLine: String {
        let samples = setting.samples < Int.max ? "\(setting.samples)" : "(all)"
        return "the kernel of all training samples and outputs: tracking.kernel: {samples: \(samples), outputs: full}"
    }

    /// What would resolve a smallest eigenvalue that its error hides.
    var smallerErrorLine: String {
        setting.kernelIsDouble
            ? "a positive λ_min: a larger model.width, or a smaller data.samples"
            : "smaller errors of eigenvalues: tracking.kernel.precision: float64"
    }
}
