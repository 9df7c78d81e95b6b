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

    /// ∫η dt: the learning rates of all steps, each held until the next row.
    var time: Double {
        let (steps, rates) = (series.steps, series["learning_rate"])
        return zip(steps, steps.dropFirst()).enumerated().reduce(0) { sum, pair in
            let (row, (first, next)) = pair
            return rates[row].isFinite ? sum + rates[row] * Double(next - first) : sum
        }
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
