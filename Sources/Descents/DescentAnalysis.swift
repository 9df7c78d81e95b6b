import Measurements
import RealModule
import Statistics

/// What the curve of the loss and the kernels say about its rate.
package struct DescentAnalysis: Sendable {
    /// Fits over the last half of the decades.
    package let fits: DecayFits?
    /// The best of the models that are not linear convergence; a plateau is one only above what was asked for and
    /// above the floor of the arithmetic.
    package let rival: DecayFit?
    package let trend: RateTrend?
    package let witness: KernelWitness?
    /// −Δ ln(F − F*)/Δt a step over stretches of the run with equal shares of its points.
    package let stretches: [(step: Double, rate: Double)]
    package let descent: RecordedDescent

    package init(_ run: RunEvidence, _ descent: RecordedDescent) {
        self.descent = descent
        witness = KernelWitness(run, descent)
        let tail = Self.tail(descent.excess)
        let (times, losses) = (tail.map(\.time), tail.map(\.loss))
        fits = DecayFits(times: times, losses: losses)
        trend = RateTrend(times: times, losses: losses)
        let start = descent.firstLoss?.loss ?? .nan
        let end = max(run.setting.lossRatio, LossFloor.ratio(run.setting.roundoff)) * start
        rival = fits?.fits.filter { !$0.model.isLinear && !(($0.floor?.value ?? .infinity) <= end) }
            .min { $0.bic < $1.bic }
        stretches = Self.stretches(descent.excess)
    }

    /// −2 ln of the slowest mode's factor a step, by the kernel measured last.
    package var kernelRates: [(step: Int, rate: Double)] { witness?.rates.map { ($0.step, $0.rate) } ?? [] }

    /// The last half of the decades that the loss went through, and at least half of the points, so that a curve that does
    /// not move is looked at too.
    package static func tail(_ points: [RecordedDescent.Point]) -> [RecordedDescent.Point] {
        guard let first = points.first, let last = points.last, last.loss > 0, first.loss > 0 else { return points }
        let middle = (first.loss * last.loss).squareRoot()
        let start = points.firstIndex { $0.loss <= middle } ?? 0
        return Array(points[min(start, points.count / 2)...])
    }

    private static func stretches(_ points: [RecordedDescent.Point], count: Int = 20) -> [(step: Double, rate: Double)]
    {
        guard points.count > 1 else { return [] }
        let count = min(count, points.count - 1)
        let ends = (0...count).map { points[$0 * (points.count - 1) / count] }
        return zip(ends, ends.dropFirst()).map { a, b in
            (Double(a.step + b.step) / 2, -Double.log(b.loss / a.loss) / Double(max(b.step - a.step, 1)))
        }
    }

    /// BIC of the best rival minus that of the better exponential: positive for linear convergence.
    package var gain: Double? {
        guard let linear = fits?.linear, let rival else { return nil }
        return rival.bic - linear.bic
    }

    /// Whether the rate of the tail is constant. Its fall is within `Thresholds.rateFall`, whatever its error; no rival
    /// describes the curve as well; and the loss nowhere before fell less than half as fast.
    package var isConstant: Bool {
        guard let trend, let gain else { return false }
        let slowest = Contraction.stretches(descent.excess, floor: trend.rate).map(\.share).min() ?? 0
        return trend.decline.interval.upperBound <= Thresholds.rateFall && gain >= Thresholds.bic.linear
            && slowest >= 0.5
    }

    /// Whether a rival describes the tail better, and the rate falls by a third or more over it.
    package var isFalling: Bool {
        guard let trend, let gain, rival?.model != .plateau else { return false }
        return gain <= -Thresholds.bic.rival && trend.decline.interval.lowerBound >= 1.0 / 3
    }
}
