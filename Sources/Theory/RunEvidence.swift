import RealModule

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

/// Metrics over the tracked steps of a run: a column a metric, NaN where unknown.
public struct MetricSeries: Sendable {
    public let steps: [Int]
    public let columns: [String: [Double]]

    public init(steps: [Int], columns: [String: [Double]]) {
        self.steps = steps
        self.columns = columns
    }

    public subscript(_ name: String) -> [Double] {
        columns[name] ?? [Double](repeating: .nan, count: steps.count)
    }

    /// Steps and values where the metric is known.
    public func known(_ name: String) -> [(step: Int, value: Double)] {
        zip(steps, self[name]).filter { $0.1.isFinite }.map { ($0.0, $0.1) }
    }

    /// The metrics of a family, `weight_drift_relative` for instance, by their layer or tensor.
    public func family(_ name: String) -> [(member: String, values: [Double])] {
        columns.keys.filter { $0.hasPrefix(name + ".") }.sorted()
            .map { (String($0.dropFirst(name.count + 1)), self[$0]) }
    }

    /// The largest value that any member of a family takes, with its member and step; nil where none is known.
    func largest(of name: String) -> (member: String, step: Int, value: Double)? {
        family(name).flatMap { member, values in
            zip(steps, values).filter { $0.1.isFinite }.map { (member: member, step: $0.0, value: $0.1) }
        }.max { $0.value < $1.value }
    }

    /// The rows up to and with an index.
    package func prefix(through row: Int) -> MetricSeries {
        row + 1 >= steps.count
            ? self
            : MetricSeries(steps: Array(steps[...row]), columns: columns.mapValues { Array($0[...row]) })
    }
}

/// The loss around the weights at one step of a run.
public struct LandscapeEvidence: Sendable {
    /// F(W + r d) for a unit vector d, with ⟨∇F, d⟩.
    public struct Ray: Sendable {
        public let name: String
        public let slope: Double
        public let radii: [Double]
        public let losses: [Double]

        public init(name: String, slope: Double, radii: [Double], losses: [Double]) {
            self.name = name
            self.slope = slope
            self.radii = radii
            self.losses = losses
        }
    }

    public let step: Int
    /// F, ‖∇F‖ and η at this step, and F(W − η ∇F).
    public let loss: Double
    public let gradientNorm: Double
    public let learningRate: Double
    public let lossAfterStep: Double
    public let rays: [Ray]
    /// Smallest and largest eigenvalue of the Hessian with their Lanczos residuals.
    public let smallestCurvature: (value: Double, residual: Double)
    public let largestCurvature: (value: Double, residual: Double)

    public init(
        step: Int, loss: Double, gradientNorm: Double, learningRate: Double, lossAfterStep: Double, rays: [Ray],
        smallestCurvature: (value: Double, residual: Double), largestCurvature: (value: Double, residual: Double)
    ) {
        self.step = step
        self.loss = loss
        self.gradientNorm = gradientNorm
        self.learningRate = learningRate
        self.lossAfterStep = lossAfterStep
        self.rays = rays
        self.smallestCurvature = smallestCurvature
        self.largestCurvature = largestCurvature
    }
}

/// Norms and separations in the network at its initialization.
public struct InitializationEvidence: Sendable {
    public struct Layer: Sendable {
        public let name: String
        /// Smallest and largest norm over the samples, relative to what initialization keeps on average.
        public let norms: ClosedRange<Double>
        /// min over pairs of ‖(I − h_i h_iᵀ/‖h_i‖²) h_j‖/‖h_j‖.
        public let separation: Double

        public init(name: String, norms: ClosedRange<Double>, separation: Double) {
            self.name = name
            self.norms = norms
            self.separation = separation
        }
    }

    public let layers: [Layer]
    /// min ‖x_i/‖x_i‖ − x_j/‖x_j‖‖ of the samples measured: δ.
    public let inputSeparation: Double
    /// For each ReLU layer above a trained tensor, the largest ‖∂f/∂h‖_F over the samples, relative to that of the last.
    public let backward: [(name: String, norm: Double)]

    public init(layers: [Layer], inputSeparation: Double, backward: [(name: String, norm: Double)]) {
        self.layers = layers
        self.inputSeparation = inputSeparation
        self.backward = backward
    }
}
