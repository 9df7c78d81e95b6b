import Measurements
import RealModule

/// Losses that rounding errors make.
package struct LossFloor {
    private let run: RunEvidence
    private let start: Double
    /// F of the outputs' own rounding errors.
    private let outputs: Double
    /// ∫ of the slowest rate that the kernels leave, at each row; nil where they leave none.
    private let reach: [Double]?
    private let gradients: [Double]
    private let rates: [Double]
    private let initialNorm: Double
    /// F at the last row that knows it.
    private let end: Double

    package init(_ run: RunEvidence, start: Double) {
        self.run = run
        self.start = start
        // However far off outputs began, near the end they are as large as the targets.
        let answers = run.references?.zeroOutput ?? 0
        outputs = Self.ratio(run.setting.roundoff) * (answers > 0 ? min(start, answers) : start)
        (gradients, rates) = (run.series[.gradientNorm], run.series[.learningRate])
        initialNorm = run.initialNorm
        end = run.series[.trainLoss].last { $0.isFinite } ?? .nan
        reach = KernelRates(run).map { rates in
            var total = 0.0
            return run.series.steps.indices.map { row in
                if row > 0 {
                    total += (rates.slowest[row - 1] ?? 0) * Double(run.series.steps[row] - run.series.steps[row - 1])
                }
                return total
            }
        }
    }

    /// F/F_0 that rounding errors of outputs make: (16 u)².
    package static func ratio(_ roundoff: Double) -> Double { 256 * roundoff * roundoff }

    /// Whether rounding errors hold a loss.
    ///
    /// Either it is that of rounding errors of outputs. Or the run hardly falls from there, at steps smaller than what the
    /// weights resolve, while the kernels would have it fall by e² at least, and twice as far as it did.
    package func holds(_ loss: Double, at row: Int) -> Bool {
        guard loss.isFinite else { return false }
        let u = run.setting.roundoff
        if run.setting.isSquaredLoss, loss <= outputs { return true }
        guard rates[row] > 0, rates[row] * gradients[row] <= u * initialNorm / 4, loss <= 16 * u * start,
            let reach, let last = reach.last
        else { return false }
        return last - reach[row] >= max(2, 2 * Double.log(loss / end))
    }
}
