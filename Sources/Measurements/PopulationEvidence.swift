/// The end of a run beside its population, as it was measured last. Risks are means of ½‖f − y‖².
public struct PopulationEvidence: Sendable {
    /// A gap of J_n or of its gradient over all weights with ‖W_j‖ ≤ r.
    public struct Gap: Sendable {
        /// At the run's own weights, and its standard error.
        public let end, endError: Double
        /// The largest that was found, and its standard error.
        public let found, error: Double
        /// What it is compared with: the largest J, or ‖∇J‖, that was found in the set.
        public let scale: Double
        /// No weights of the set have a larger one; NaN where no such bound is known.
        public let bound: Double
        /// The published bound with constants 1; NaN where there is none.
        public let theorem: Double

        /// Where the supremum lies; standard errors, which 16 blocks tell, count six times.
        public var supremum: ClosedRange<Double> {
            let low = max(found - Self.errors * error, 0)
            return low...max(bound.isNaN ? .infinity : bound, low)
        }
        /// Standard errors that a number may be off by.
        package static let errors = 6.0
        /// Whether what was found is above what can be. Errors are estimates, and contradict nothing.
        public var isContradictory: Bool { error == 0 && found > bound * (1 + 1e-9) }
    }

    /// Stationary points of J with a ridge.
    public struct Points: Sendable {
        /// How many were found; of those, how many may be degenerate, have a match, and lead to a point of another index or of another one.
        public let found, degenerate, matched, changed: Double
        /// The largest distance over what the theorem allows.
        public let share: Double
        /// Those that the theorem speaks of.
        public var isolated: Double { found - degenerate }
        /// Those of which nothing was found in J_n.
        public var lost: Double { isolated - matched - changed }
    }

    /// Of risks and of gradients.
    public let risks, gradients: Gap
    /// nil where none were looked for.
    public let points: Points?

    /// - Returns: nil where it was not measured, or is not finite.
    public init?(_ run: RunEvidence) {
        guard let row = run.series.rows(.populationEmpirical).last else { return nil }
        func last(_ family: MetricFamily) -> Double { run.series[family][row] }
        risks = Gap(
            end: abs(last(.populationEmpirical) - last(.populationRisk)), endError: last(.populationRiskError),
            found: last(.populationSupGap), error: last(.populationSupGapError), scale: last(.populationScale),
            bound: last(.populationBound), theorem: last(.populationTheorem))
        gradients = Gap(
            end: last(.populationGradientGap), endError: last(.populationGradientError),
            found: last(.populationSupGradientGap), error: last(.populationSupGradientGapError),
            scale: last(.populationGradientScale), bound: last(.populationGradientBound),
            theorem: last(.populationGradientTheorem))
        let found = last(.populationPoints)
        points =
            found.isNaN
            ? nil
            : Points(
                found: found, degenerate: last(.populationPointsDegenerate), matched: last(.populationPointsMatched),
                changed: last(.populationPointsChanged), share: Self.largestShare(run.series, row))
        let needed = [risks, gradients].flatMap { [$0.end, $0.endError, $0.found, $0.error, $0.scale] }
        guard needed.allSatisfy(\.isFinite) else { return nil }
    }

    /// NaN where no point has a match.
    private static func largestShare(_ series: MetricSeries, _ row: Int) -> Double {
        series.columns.keys.filter { MetricFamily.populationPointShare.contains($0) }
            .map { series[$0][row] }.filter { !$0.isNaN }.max() ?? .nan
    }
}
