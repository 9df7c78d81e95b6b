/// The loss around the weights at one step of a run.
public struct LandscapeEvidence: Sendable {
    /// F(W + r d) for a unit vector d, with ⟨∇F, d⟩.
    public struct Ray: Sendable {
        /// What the direction is: `gradient`, `curvature`, or a random one with its number.
        public let name: String
        /// ⟨∇F, d⟩.
        public let slope: Double
        /// The distances r, above 0.
        public let radii: [Double]
        /// F(W + r d) at each of them.
        public let losses: [Double]

        /// A ray from as many losses as radii.
        public init(name: String, slope: Double, radii: [Double], losses: [Double]) {
            self.name = name
            self.slope = slope
            self.radii = radii
            self.losses = losses
        }
    }

    /// The step t after which it was measured.
    public let step: Int
    /// F at W_t.
    public let loss: Double
    /// ‖∇F‖ there.
    public let gradientNorm: Double
    /// η of the next step.
    public let learningRate: Double
    /// F(W − η∇F).
    public let lossAfterStep: Double
    /// F along directions from W_t.
    public let rays: [Ray]
    /// The smallest eigenvalue of the Hessian that Lanczos found, with its residual: an eigenvalue lies that near.
    public let smallestCurvature: (value: Double, residual: Double)
    /// The largest one, likewise.
    public let largestCurvature: (value: Double, residual: Double)

    /// A landscape from its numbers.
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
