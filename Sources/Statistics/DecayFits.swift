import RealModule

/// The models of a loss F, fitted to the same points by least squares through ln F.
///
/// Intervals are those of the linearized model with Student's t, widened by √((1 + ρ)/(1 − ρ)) for residuals whose
/// neighbors correlate by ρ > 0.
/// Cost: some hundred passes over the points, which are at most 400: longer series are averaged in bins of equal width.
public struct DecayFits: Sendable {
    /// One for each model that could be fitted.
    public let fits: [DecayFit]
    /// Relative misfit of the loss below which no model is better than another: curves follow the models only roughly.
    public static let leastMisfit = 1e-3

    /// Times of the first and the last point.
    public let window: ClosedRange<Double>

    /// - Parameters:
    ///   - times: increasing, in any unit; rates are per that unit.
    ///   - losses: F at each of them, positive.
    /// - Returns: nil for fewer than eight points.
    public init?(times: [Double], losses: [Double], models: [DecayModel] = DecayModel.allCases) {
        guard let first = times.first, let last = times.last, last > first else { return nil }
        let data = DecayData(times, losses, first: first, last: last)
        guard data.times.count >= 8 else { return nil }
        window = first...last
        fits = models.compactMap { data.fit($0) }
    }

    /// The fit of a model; nil where it could not be fitted.
    public subscript(_ model: DecayModel) -> DecayFit? { fits.first { $0.model == model } }

    /// The better of the two that are linear convergence.
    public var linear: DecayFit? { fits.filter(\.model.isLinear).min { $0.bic < $1.bic } }
}

/// ln F over times scaled to 0 … 1.
private struct DecayData {
    let times: [Double]
    let values: [Double]
    let first: Double
    let span: Double

    init(_ times: [Double], _ losses: [Double], first: Double, last: Double, limit: Int = 400) {
        self.first = first
        span = last - first
        var bins: [Int: (count: Double, time: Double, value: Double)] = [:]
        for (index, point) in zip(times, losses).enumerated() {
            let time = (point.0 - first) / span
            let bin = times.count > limit ? min(Int(time * Double(limit)), limit - 1) : index
            let old = bins[bin] ?? (0, 0, 0)
            bins[bin] = (old.count + 1, old.time + time, old.value + Double.log(point.1))
        }
        let sorted = bins.sorted { $0.key < $1.key }.map(\.value)
        self.times = sorted.map { $0.time / $0.count }
        values = sorted.map { $0.value / $0.count }
    }

    func fit(_ model: DecayModel) -> DecayFit? {
        let rate = -slope(Array(zip(times, values)))
        let a = values.reduce(0, +) / Double(values.count) + rate / 2
        let solutions = model.starts(a: a, r: rate, last: values[values.count - 1]).map { start in
            LeastSquares(start: start) { p in zip(times, values).map { model.logarithm($0, p) - $1 } }
        }
        guard let best = solutions.filter({ $0.squares.isFinite }).min(by: { $0.squares < $1.squares }) else {
            return nil
        }
        return describe(model, best)
    }

    private func describe(_ model: DecayModel, _ solution: LeastSquares) -> DecayFit {
        let n = Double(times.count)
        let p = solution.parameters
        let mean = solution.squares / n
        let errors = solution.standardErrors
        let quantile = StudentT(freedom: times.count - p.count).quantile(0.99)
        let (first, span) = (first, span)
        func interval(_ k: Int) -> ClosedRange<Double> {
            guard let error = errors?[k], error.isFinite else { return -.infinity ... .infinity }
            return (p[k] - quantile * error)...(p[k] + quantile * error)
        }
        func estimate(_ k: Int, _ map: (Double) -> Double) -> Estimate {
            let range = interval(k)
            return Estimate(value: map(p[k]), interval: map(range.lowerBound)...map(range.upperBound))
        }
        let rate: Estimate =
            switch model {
            case .exponential: estimate(1) { $0 / span }
            case .powerLaw: estimate(1) { $0 }
            case .twoExponentials, .plateau: estimate(1) { Double.exp($0) / span }
            case .stretched:
                // r with (r t)^β: the scale of the exponent, in steps.
                estimate(1) { Double.exp($0 / DecayModel.exponent(p[2])) / span }
            }
        return DecayFit(
            model: model,
            bic: n * Double.log(mean + DecayFits.leastMisfit * DecayFits.leastMisfit) + Double(p.count)
                * Double.log(n),
            rate: rate, floor: model == .plateau ? estimate(2, Double.exp) : nil,
            value: { Double.exp(model.logarithm(($0 - first) / span, p)) })
    }
}
