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
