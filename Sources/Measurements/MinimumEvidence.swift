/// The value at the end of a run, in the units of F.
public struct MinimumEvidence: Sendable {
    /// A linear regression on what goes into a layer.
    public struct Regression: Sendable {
        /// The layer's name.
        public let layer: String
        /// Between which its least F lies.
        public let loss: ClosedRange<Double>
    }

    /// F and ‖∇F‖, in float64.
    public let loss, gradientNorm: Double
    /// c/2 ‖Y − P Y‖², P the projector on the Jacobian's range, and where the exact one lies.
    public let predicted, low, high: Double
    /// The same of the outputs.
    public let outside: Double
    /// Of the Jacobian, of its rows, and of eigenvalues that may or may not be 0.
    public let rank, rows, undecided: Double
    /// The ends of the spectrum of J Jᵀ on its range, with their errors at their worst.
    public let leastEigenvalue, largestEigenvalue: Double
    /// To the nearest kink, in steps of descent; NaN where there is none.
    public let kinkDistance: Double
    /// What that step takes off F, over η‖∇F‖².
    public let stepGain: Double
    /// For each trained layer that has one.
    public let regressions: [Regression]
    /// c/2 ‖P r‖².
    public var gap: Double { loss - predicted }
    /// The most that a gradient of this size leaves of that, ‖∇F‖²/(2cλ); infinite where no range is known.
    public let allowedGap: Double
    /// Differences of this size are none: 1e-6 of F of the output 0.
    public let resolution: Double

    /// Whether c/2 ‖P r‖² is none: ∇F is 0 to that digit.
    public var isStationary: Bool { loss <= resolution || gap <= resolution }
    /// Whether the next step of descent crosses a kink and takes less than a quarter off F of what the gradient promises. A stable step
    /// on a smooth F takes a half or more.
    public var isAtKink: Bool { kinkDistance <= 1 && stepGain < 0.25 }
    /// Whether outputs are in the range.
    public var isInRange: Bool { outside <= resolution }
    /// Whether F is below what the range leaves, or further above it than the gradient allows.
    public var isContradictory: Bool {
        isInRange && (loss < low - resolution || loss - high > 1.01 * allowedGap + resolution)
    }

    /// - Returns: nil where it was not measured, or is not finite.
    public init?(_ run: RunEvidence) {
        let series = run.series
        // Earlier rows, which may have it too, are not the end.
        func last(_ name: String) -> Double { series[name].last ?? .nan }
        func last(_ family: MetricFamily) -> Double { last(family.name) }
        (loss, gradientNorm, outside) = (last(.minimumLoss), last(.minimumGradientNorm), last(.minimumOutside))
        (predicted, low) = (last(.minimumPredicted), last(.minimumPredictedLow))
        high = last(.minimumPredictedHigh)
        guard [loss, gradientNorm, outside, predicted, low, high].allSatisfy(\.isFinite) else { return nil }
        (rank, rows) = (last(.minimumRank), last(.minimumRows))
        undecided = last(.minimumRankUndecided)
        (leastEigenvalue, largestEigenvalue) = (last(.minimumLambdaMin), last(.minimumLambdaMax))
        (kinkDistance, stepGain) = (last(.minimumKinkDistance), last(.minimumStepGain))
        let scale = max(run.references?.zeroOutput ?? 0, loss)
        resolution = 1e-6 * scale
        let weight = 2 * run.setting.reductionWeight
        // Of a gradient in float64 whose residual is off by 16 u.
        let slope = gradientNorm + 0x1p-49 * (weight * largestEigenvalue * scale).squareRoot()
        let bound = slope * slope / (weight * leastEigenvalue)
        allowedGap = bound.isFinite ? bound : rank == 0 ? 0 : .infinity
        let family = MetricFamily.minimumBaseline
        regressions = series.columns.keys.filter { family.contains($0) }.sorted().compactMap { name in
            let layer = String(name.dropFirst(family.name.count + 1))
            let (value, error) = (last(name), last(MetricFamily.minimumBaselineError.of(layer)))
            return value.isFinite && error >= 0 ? Regression(layer: layer, loss: (value - error)...value) : nil
        }
    }
}
