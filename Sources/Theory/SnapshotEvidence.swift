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
        /// Smallest and largest norm over the samples, relative to what initialization keeps on average; nil where one
        /// is not a number.
        public let norms: ClosedRange<Double>?
        /// min over pairs of ‖(I − h_i h_iᵀ/‖h_i‖²) h_j‖/‖h_j‖; NaN where it is not known.
        public let separation: Double

        public init(name: String, norms: ClosedRange<Double>?, separation: Double) {
            self.name = name
            self.norms = norms
            self.separation = separation
        }
    }

    public let layers: [Layer]
    /// min ‖x_i/‖x_i‖ − x_j/‖x_j‖‖ of the samples measured: δ.
    public let inputSeparation: Double
    /// Samples measured, the first ones.
    public var samples = 0
    /// For each ReLU layer above a trained tensor, the largest ‖∂f/∂h‖_F over the samples, relative to that of the
    /// last; NaN where either is not a number.
    public let backward: [(name: String, norm: Double)]

    public init(layers: [Layer], inputSeparation: Double, backward: [(name: String, norm: Double)]) {
        self.layers = layers
        self.inputSeparation = inputSeparation
        self.backward = backward
    }
}
