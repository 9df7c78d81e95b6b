import RealModule

/// ‖∇F‖² stays at least 2μF with one μ > 0: the inequality of Polyak and Łojasiewicz along the run, from which no point on
/// it was critical; and at most what the largest eigenvalue allows.
///
/// For the squared loss ‖∇F‖²/(2F) = c rᵀΘ_t r/rᵀr lies between cλ_min(Θ_t) and cλ_max(Θ_t) (Allen-Zhu, Li, Song 2019,
/// Theorem 3, is that with constants of its own). Judged against half of cλ_min(Θ_0), which the theory keeps; without
/// it, against the run's own time: where 2ημT < 1 the loss could not have fallen by e in all its T steps.
func noCriticalPoint(_ run: RunEvidence, _ descent: RecordedDescent) -> Certificate {
    guard let row = descent.lastRow else {
        return Certificate(.noCriticalPoint, .cannotTell, "no training loss was recorded", missing: ["metrics.jsonl"])
    }
    let ratios = GradientRatios(run, through: row)
    guard let least = ratios.least, let first = ratios.points.first else {
        return Certificate(
            .noCriticalPoint, .cannotTell, "no gradient norm was recorded",
            missing: ["tracking.gradient_norm: true"])
    }
    var quantities = [
        Quantity("min ‖∇F‖²/(2F)", least.value, mark: "at step \(least.step)"),
        Quantity("‖∇F‖²/(2F) at the start", first.value),
    ]
    var missing: [String] = []
    let reach = 2 * ratios.rate(at: least.step) * least.value * Double(max(descent.span, 1))
    quantities.append(Quantity("2ημT", reach, mark: "above 1"))
    let lower: Part
    if let start = ratios.lowerStart {
        quantities.append(Quantity("cλ_min(Θ_0)", start, mark: "min at least half of it"))
        lower =
            least.value >= start / 2
            ? Part(
                .holds, "‖∇F‖² ≥ 2μF with μ = \(shown(least.value)), \(shown(least.value / start)) times cλ_min(Θ_0)")
            : Part(.fails, "μ falls to \(shown(least.value)), below half of cλ_min(Θ_0) = \(shown(start))")
    } else {
        missing = [
            !run.setting.isSquaredLoss
                ? "a bound from the kernel, which the squared loss has: loss.kind: squared"
                : run.kernelIsWhole
                    ? "a resolved λ_min(Θ_0): tracking.kernel.precision: float64" : run.wholeKernelLine
        ]
        let isReached = descent.end != .last
        lower =
            reach < 1 && least.value < first.value / 100
            ? Part(
                .fails,
                "nearly critical at step \(least.step): μ = \(shown(least.value)), so small that the loss needs "
                    + "\(shown(Double(descent.span) / reach)) steps to fall by e")
            : isReached && reach >= 1
                ? Part(.holds, "‖∇F‖² ≥ 2μF with μ = \(shown(least.value)) until the end")
                : Part(.cannotTell, "no critical point so far, and nothing bounds μ = \(shown(least.value)) from below")
    }
    let upper = ratios.upperPart
    if let most = ratios.largestShare {
        quantities.append(Quantity("max ‖∇F‖²/(2F) over cλ_max(Θ_t)", most, mark: "at most 1"))
    }
    if let least = ratios.smallestShare {
        quantities.append(Quantity("min ‖∇F‖²/(2F) over cλ_min(Θ_t)", least, mark: "at least 1"))
    }
    return Certificate(.noCriticalPoint, [lower, upper], quantities, missing: missing)
}

/// ‖∇F‖²/(2F) along a run, beside the eigenvalues of its kernels.
public struct GradientRatios: Sendable {
    public let points: [(step: Int, value: Double)]
    /// cλ_min and cλ_max where they are known.
    public let bounds: [(step: Int, least: Double, most: Double)]
    private let series: MetricSeries

    public init(_ run: RunEvidence, through row: Int) {
        let series = run.series.prefix(through: row)
        self.series = series
        let (losses, gradients) = (series["train_loss"], series["gradient_norm"])
        points = series.steps.indices.compactMap { i in
            let value = gradients[i] * gradients[i] / (2 * losses[i])
            return value.isFinite ? (series.steps[i], value) : nil
        }
        let isBounded = run.kernelIsWhole && run.setting.isSquaredLoss
        // The weight once for F and twice for ∇F: c is the whole factor of the objective, and f the lazy form's α g.
        let weight = run.setting.reductionWeight
        let (low, high) = (series["kernel_lambda_min"], series["kernel_lambda_max"])
        bounds =
            isBounded
            ? series.steps.indices.compactMap { i in
                high[i].isFinite ? (series.steps[i], weight * low[i], weight * high[i]) : nil
            } : []
    }

    public var least: (step: Int, value: Double)? { points.min { $0.value < $1.value } }
    var lowerStart: Double? { bounds.first.flatMap { $0.least > 0 ? $0.least : nil } }

    func rate(at step: Int) -> Double {
        zip(series.steps, series["learning_rate"]).first { $0.0 == step }?.1 ?? .nan
    }

    /// Ratios at steps with a kernel, over the bounds there.
    private var atKernels: [(value: Double, least: Double, most: Double)] {
        let byStep = Dictionary(points.map { ($0.step, $0.value) }) { a, _ in a }
        return bounds.compactMap { bound in byStep[bound.step].map { ($0, bound.least, bound.most) } }
    }

    var largestShare: Double? { atKernels.map { $0.value / $0.most }.max() }
    var smallestShare: Double? { atKernels.filter { $0.least > 0 }.map { $0.value / $0.least }.min() }

    /// The gradient upper bound, to one part in a hundred.
    var upperPart: Part {
        guard let largestShare else { return Part(.holds, "") }
        return largestShare <= 1.01
            ? Part(.holds, "") : Part(.fails, "‖∇F‖² is \(shown(largestShare)) times its bound 2cλ_max(Θ_t) F")
    }
}
