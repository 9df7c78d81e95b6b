import Measurements
import RealModule

/// ‖∇F‖²/(2(F − F*)) along a run, beside the eigenvalues of its kernels.
package struct GradientRatios: Sendable {
    /// The ratio at each row with a gradient, where F − F* is more than rounding.
    package let points: [(step: Int, value: Double)]
    /// cλ_min on the range and cλ_max where they are known.
    package let bounds: [(step: Int, least: Double, most: Double)]
    /// ∫ 2μ dt for the least ratio μ: how far a rate of 2μ brings ln F; NaN where steps are others, whose rate that is not.
    package let reach: Double
    /// What ln(F − F*) fell by.
    package let fall: Double
    /// Rows at which the network was measured, but its gradient is no number.
    package let unknown: Int
    /// Largest ‖∇F‖² over 2cλ_max(Θ_t) F at steps with a kernel: at most 1 but for rounding.
    package let largestShare: Double?

    /// - Parameter row: the last that counts.
    package init(_ run: RunEvidence, through row: Int) {
        let series = run.series.prefix(through: row)
        let least = LeastLoss(run).value
        let (losses, gradients, steps) = (series[.trainLoss], series[.gradientNorm], series.steps)
        // Where F − F* is rounding the ratio says nothing.
        let resolved = least + 1e3 * run.setting.roundoff * least
        let rows = steps.indices.filter { losses[$0] > resolved }
        points = rows.compactMap { row in
            let value = gradientRatio(gradientNorm: gradients[row], excess: losses[row] - least)
            return value.isFinite ? (steps[row], value) : nil
        }
        unknown = Set(series.measuredRows(of: .gradientNorm)).intersection(rows).count { !gradients[$0].isFinite }
        fall =
            rows.first.flatMap { first in rows.last.map { (losses[first] - least) / (losses[$0] - least) } }
            .map { Double.log($0) } ?? .nan
        let isBounded = run.kernelIsWhole && run.setting.isSquaredLoss
        // The weight once for F and twice for ∇F: c is the whole factor of the objective, and f the lazy form's α g.
        let weight = run.setting.reductionWeight
        let range = isBounded ? KernelRange(run, through: row) : nil
        bounds = steps.indices.compactMap { row in
            range?.ends[row].map { (steps[row], weight * $0.least, weight * $0.most) }
        }
        let most = series[.kernelLambdaMax]
        largestShare =
            isBounded
            ? steps.indices.map { row in
                gradientRatio(gradientNorm: gradients[row], excess: weight * most[row] * losses[row])
            }
            .filter(\.isFinite).max() : nil
        let mu = points.map(\.value).min() ?? 0
        let clock = run.clock
        let rate = series.known(.learningRate).first?.value ?? 0
        let span = steps.isEmpty ? 0 : clock[steps.count - 1] - clock[0]
        reach = run.setting.descendsGradient ? 2 * mu * rate * span / (1 - run.setting.momentum) : .nan
    }

    /// The least ratio, with its step.
    package var least: (step: Int, value: Double)? { points.min { $0.value < $1.value } }
}
