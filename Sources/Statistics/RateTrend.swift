import RealModule

/// Whether the rate of a decay is constant, by a parabola through its logarithm.
///
///     ln E ≈ a − r x + q x²,  x in 0 … 1;  the rate falls from r to r − 2q, by 2q/(r − q) of its mean
///
/// The rate of an exponential stays. That of a power law (t + s)^(−p) that falls by D falls by 1 − D^(−1/p), that of a
/// stretched exponential e^(−(rt)^β), over the last half of its decades, by 1 − 2^(1 − 1/β).
package struct RateTrend {
    /// Fall of the rate over the tail, over its mean, with its 99 % interval: from least squares with Student's t,
    /// widened for residuals whose neighbors correlate.
    package let decline: Estimate
    /// Mean rate.
    package let rate: Double

    /// - Returns: nil for fewer than six points, or a loss that does not fall.
    package init?(times: [Double], losses: [Double]) {
        guard times.count >= 6, let first = times.first, let last = times.last, last > first else { return nil }
        let span = last - first
        let x = times.map { ($0 - first) / span }
        let y = losses.map { Double.log($0) }
        let fit = LeastSquares(start: [y[0], -Double.log(losses[0] / losses[losses.count - 1]), 0]) { p in
            zip(x, y).map { p[0] + p[1] * $0 + p[2] * $0 * $0 - $1 }
        }
        guard let errors = fit.standardErrors else { return nil }
        let (slope, bend) = (-fit.parameters[1], fit.parameters[2])
        let fall = slope - bend
        guard fall > 0 else { return nil }
        rate = fall / span
        let error = StudentT(freedom: times.count - 3).quantile(0.99) * errors[2]
        decline = Estimate(
            value: 2 * bend / fall, interval: (2 * (bend - error) / fall)...(2 * (bend + error) / fall))
    }

    /// "−35 % of its mean": what the rate changes by.
    package var words: String {
        let change = min(max(-decline.value, -1), 1)
        return
            "\(change < 0 ? "−" : "+")\(shown(100 * abs(change))) % of its mean\(abs(decline.value) > 1 ? " and more" : "")"
    }
}
