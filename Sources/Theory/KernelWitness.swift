import RealModule

/// What the kernels along a full-batch descent on the squared loss say about its rate.
///
/// With r_{t+1} = (I − ηcΘ_t) r_t no mode of the residual falls slower than the slower of the two ends of Θ_t's spectrum on
/// its range, and F − F* falls twice as fast. Momentum μ makes a mode's factor the largest root of z² = (1 + μ − x) z − μ with
/// x = ηcλ, Nesterov's of z² = (1 − x)((1 + μ) z − μ).
///
/// The kernels are a witness of linear convergence only while their smallest eigenvalue stays above half of its start (Du,
/// Lee, Li, Wang, Zhai 2019): that the loss contracts as the kernel of the same moment says is true of every descent.
struct KernelWitness {
    /// −2 ln of the slowest factor a step, at each row, with its η and the kernel measured last; empty where a kernel does not
    /// bound it.
    let rates: [(step: Int, time: Double, rate: Double)]
    /// min λ(Θ_t)/λ(Θ_0) over the descent, with its errors at their worst one way and the other.
    let kept: ClosedRange<Double>
    /// Time constants of the slowest mode in the whole descent, −∫ ln of its factor squared.
    let reach: Double
    /// The least ratio of a stretch's contraction to that of the slowest mode, over stretches in which that falls by e or
    /// more; nil for none.
    let share: Double?
    let slowest: Contraction?

    /// nil where no kernel is known, or none whose eigenvalues bound the descent.
    init?(_ run: RunEvidence, _ descent: RecordedDescent) {
        guard run.kernelIsWhole, run.setting.isSquaredLoss, run.setting.isFullBatch, let end = descent.lastRow,
            let spectrum = KernelRange(run, through: end)
        else { return nil }
        kept = spectrum.kept
        let clock = run.clock
        let eta = run.series["learning_rate"]
        let momentum = ModeFactor(run.setting)
        var rates: [(step: Int, time: Double, rate: Double)] = []
        var kernel: (least: Double, most: Double)?
        for row in 0...end {
            kernel = spectrum.ends[row] ?? kernel
            guard let kernel, eta[row].isFinite else { continue }
            let x = eta[row] * run.setting.reductionWeight
            let factor = max(momentum.largest(x * kernel.least), momentum.largest(x * kernel.most))
            if factor < 1 { rates.append((run.series.steps[row], clock[row], -2 * Double.log(factor))) }
        }
        self.rates = rates
        let integral = RateIntegral(run, rates, through: end)
        reach = integral.total
        let found = Contraction.stretches(descent.points, integral)
        slowest = found.min { $0.share < $1.share }
        share = slowest?.share
    }
}

/// The fall of the loss over a stretch of the run, beside that of the slowest mode of the kernels.
struct Contraction {
    let first: Int
    let last: Int
    /// −Δ ln(F − F*) over the stretch, and what the slowest mode falls by.
    let fall: Double
    let expected: Double
    var share: Double { fall / expected }

    /// Stretches in which the slowest mode falls by e or more, at most twenty, that cover the descent.
    static func stretches(_ points: [RecordedDescent.Point], _ integral: RateIntegral) -> [Contraction] {
        guard points.count > 1, integral.total >= 1 else { return [] }
        let wanted = max(integral.total / 20, 1)
        var result: [Contraction] = []
        var start = 0
        for i in 1..<points.count {
            let expected = integral.at(points[i].step) - integral.at(points[start].step)
            let rest = integral.total - integral.at(points[i].step)
            guard expected >= wanted, rest >= wanted || i == points.count - 1 else { continue }
            result.append(
                Contraction(
                    first: points[start].step, last: points[i].step,
                    fall: Double.log(points[start].loss / points[i].loss), expected: expected))
            start = i
        }
        guard start < points.count - 1, let last = points.last else { return result }
        // What is left of the run belongs to the last stretch.
        let before = result.popLast()
        let from = before.flatMap { before in points.first { $0.step == before.first } } ?? points[0]
        let expected = integral.at(last.step) - integral.at(from.step)
        return result
            + (expected >= 1
                ? [
                    Contraction(
                        first: from.step, last: last.step, fall: Double.log(from.loss / last.loss), expected: expected)
                ] : [])
    }
}

/// ∫ rate dt of the slowest mode, from rates at rows that hold until the next one, in proportion to η.
struct RateIntegral {
    private let steps: [Int]
    private let values: [Double]
    var total: Double { values.last ?? 0 }

    init(_ run: RunEvidence, _ rates: [(step: Int, time: Double, rate: Double)], through end: Int) {
        let clock = run.clock
        let eta = run.series["learning_rate"]
        let first = eta.first { $0.isFinite && $0 > 0 } ?? 1
        var byStep: [Int: Double] = [:]
        for rate in rates { byStep[rate.step] = rate.rate }
        var sum = 0.0
        var (steps, values) = ([Int](), [Double]())
        for row in 0...end {
            steps.append(run.series.steps[row])
            values.append(sum)
            guard row < end, let rate = byStep[run.series.steps[row]], eta[row] > 0 else { continue }
            let time = clock[row + 1] - clock[row]
            // A rate a step over η, times what η adds up to until the next row.
            if time.isFinite { sum += rate / (eta[row] / first) * time }
        }
        (self.steps, self.values) = (steps, values)
    }

    func at(_ step: Int) -> Double { steps.lastIndex { $0 <= step }.map { values[$0] } ?? 0 }
}
