/// What a layer of infinite width makes of the kernels of its inputs, one pair of samples at a time.
///
/// nngp is the covariance of a unit over initializations (Lee et al. 2018), ntk the limit of the tangent kernel (Jacot,
/// Gabriel, Hongler 2018, theorem 1).
public struct InfiniteWidthMap: Sendable {
    /// Two samples and the kernels between them below the layer.
    public struct Pair: Sendable {
        /// The covariance of a unit at the two samples.
        public let nngp: Double
        /// The tangent kernel between them.
        public let ntk: Double
        /// nngp of the first and of the second sample with itself.
        public let variances: (Double, Double)
        /// Whether the two are one sample, which some maps take more exactly.
        public let isOneSample: Bool

        package init(nngp: Double, ntk: Double, variances: (Double, Double), isOneSample: Bool) {
            self.nngp = nngp
            self.ntk = ntk
            self.variances = variances
            self.isOneSample = isOneSample
        }
    }

    /// Both kernels above the layer.
    public let kernels: @Sendable (Pair) -> (nngp: Double, ntk: Double)
    /// nngp of a sample with itself above the layer, from that below.
    public let variance: @Sendable (Double) -> Double

    /// A map by its two formulas; see the properties.
    public init(
        kernels: @escaping @Sendable (Pair) -> (nngp: Double, ntk: Double),
        variance: @escaping @Sendable (Double) -> Double
    ) {
        self.kernels = kernels
        self.variance = variance
    }
}
