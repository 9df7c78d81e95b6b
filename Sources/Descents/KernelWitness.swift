import Measurements
import RealModule

/// What the kernels along a full-batch descent on the squared loss say about its rate.
///
/// With r_{t+1} = (I − ηcΘ_t) r_t no mode of the residual falls slower than the slower of the two ends of Θ_t's
/// spectrum on its range, and F − F* falls twice as fast. Momentum μ makes a mode's factor the largest root of z² = (1
/// + μ − x) z − μ with x = ηcλ, Nesterov's of z² = (1 − x)((1 + μ) z − μ).
///
/// That the loss contracts as the kernel of the same moment says is true of every descent and proves nothing. The kernels
/// are a witness of linear convergence while their smallest eigenvalue stays above half of its start (Du, Lee, Li, Wang,
/// Zhai 2019), and then of the least rate that any of them has.
package struct KernelWitness {
    /// −2 ln of the slowest factor a step, at each row, with its η and the kernel measured last; none where a kernel
    /// does not bound it.
    package let rates: [(step: Int, rate: Double)]
    /// min λ(Θ_t)/λ(Θ_0) over the descent, with its errors at their worst one way and the other.
    package let leastRatio: ClosedRange<Double>
    /// The least of them per unit of time, steps at the first η; 0 where a kernel bounds nothing.
    package let floor: Double
    /// What the floor lets ln(F − F*) fall by at least, over the whole descent.
    package let reach: Double
    /// The stretch of the descent that falls least against the floor; nil for none.
    package let slowest: Contraction?

    /// nil where no kernel is known, or none whose eigenvalues bound the descent.
    package init?(_ run: RunEvidence, _ descent: RecordedDescent) {
        guard let all = KernelRates(run), let end = descent.lastRow, let spectrum = KernelRange(run, through: end)
        else {
            return nil
        }
        leastRatio = spectrum.leastRatio
        let eta = run.series[.learningRate]
        let first = eta.first { $0.isFinite && $0 > 0 } ?? 1
        let known = (0...end).compactMap { row in all.slowest[row].map { (row: row, rate: $0) } }
        rates = known.filter { $0.rate > 0 }.map { (run.series.steps[$0.row], $0.rate) }
        floor = known.map { $0.rate > 0 ? $0.rate * first / eta[$0.row] : 0 }.min() ?? 0
        reach = floor * descent.span
        slowest = Contraction.stretches(descent.excess, floor: floor).min { $0.share < $1.share }
    }

    /// Whether the rate has a floor of which enough was seen, and the loss kept to it in every stretch.
    package var isProof: Bool { leastRatio.lowerBound >= 0.5 && reach >= 2 && slowest.map { $0.share >= 0.5 } ?? false }
}

/// The fall of the loss over a stretch of the run, beside what a rate lets it fall by.
package struct Contraction {
    /// Step at which it begins.
    package let first: Int
    /// −Δ ln(F − F*) over the stretch, over the rate times its time.
    package let share: Double

    /// Stretches in which the rate makes at least e, at most twenty, that cover the descent.
    package static func stretches(_ points: [RecordedDescent.Point], floor: Double) -> [Contraction] {
        guard let end = points.last, let begin = points.first, floor > 0, floor * (end.time - begin.time) >= 1 else {
            return []
        }
        let length = max((end.time - begin.time) / 20, 1 / floor)
        var result: [Contraction] = []
        var start = begin
        for point in points.dropFirst() {
            // What would be left at the end belongs to the last stretch.
            guard point.time - start.time >= length, end.time - point.time >= length || point.step == end.step else {
                continue
            }
            let fall = Double.log(start.loss / point.loss)
            result.append(
                Contraction(first: start.step, share: fall / (floor * (point.time - start.time))))
            start = point
        }
        guard start.step < end.step else { return result }
        // Rows that are too sparse for a stretch of their own: they belong to the one before.
        let from = result.popLast().flatMap { last in points.first { $0.step == last.first } } ?? begin
        let fall = Double.log(from.loss / end.loss)
        return result + [Contraction(first: from.step, share: fall / (floor * (end.time - from.time)))]
    }
}
