import Foundation
import Measurements

/// What a referee reads off the numbers of a run.
struct Recorded {
    let run: RunEvidence
    /// Time ∫η dt, loss.
    let points: [(time: Double, loss: Double)]
    /// The whole kernel's smallest eigenvalue where it is resolved, with its error.
    let kernels: [(least: Double, error: Double)]

    init(_ run: RunEvidence) {
        self.run = run
        let (steps, rates, losses) = (run.series.steps, run.series["learning_rate"], run.series["train_loss"])
        var time = 0.0
        var points: [(time: Double, loss: Double)] = []
        for row in steps.indices {
            if row > 0 {
                let (before, now) = (rates[row - 1], rates[row])
                let mean = before.isFinite && now.isFinite ? (before + now) / 2 : 1
                time += mean / (1 - run.setting.momentum) * Double(steps[row] - steps[row - 1])
            }
            if losses[row].isFinite { points.append((time, losses[row])) }
        }
        self.points = points
        let isWhole = run.setting.kernel.hasAllOutputs && run.setting.kernel.samples >= run.setting.samples
        let (least, most) = (run.series["kernel_lambda_min"], run.series["kernel_lambda_max"])
        let errors = run.series["kernel_lambda_error"]
        kernels =
            isWhole
            ? steps.indices.filter { most[$0].isFinite }.map { row in
                (least[row].isFinite ? least[row] : 0, errors[row].isFinite ? errors[row] : 0)
            } : []
    }

    var first: Double { points.first?.loss ?? .nan }
    var last: Double { points.last?.loss ?? .nan }
    var time: Double { points.last?.time ?? 0 }
    var roundoff: Double { run.setting.roundoff }
    var isDiverged: Bool {
        run.setting.ending == .diverged || !(run.series["train_loss"].last ?? .nan).isFinite || last > 2 * first
    }

    /// Whether it can't come back: no number, or the growth of a quadratic loss under full batches.
    var isGone: Bool {
        let isQuadratic =
            run.references?.isAffine == true && run.setting.isSquaredLoss && run.setting.isFullBatch
            && run.setting.hasConstantRate
        return isDiverged && (isQuadratic || !(run.series["train_loss"].last ?? .nan).isFinite)
    }

    /// F/F_0 below which rounding errors of outputs decide.
    var floor: Double { pow(16 * roundoff, 2) }

    /// −Δ ln(F − F*)/Δτ over stretches of the descent down to a share of its start.
    func rates(above least: Double, to share: Double) -> [Double] {
        let start = first - least
        var excess = points.map { ($0.time, $0.loss - least) }.filter { $0.1 > 0 }
        if let end = excess.firstIndex(where: { $0.1 <= share * start }) { excess = Array(excess[...end]) }
        guard excess.count > 8 else { return [] }
        let count = min(20, excess.count / 4)
        let ends = (0...count).map { excess[$0 * (excess.count - 1) / count] }
        return zip(ends, ends.dropFirst()).map { log($0.1 / $1.1) / max($1.0 - $0.0, .leastNormalMagnitude) }
    }

    /// min λ_min(Θ_t)/λ_min(Θ_0), with errors at their worst; nil where it is not resolved.
    var kernelShare: (low: Double, high: Double)? {
        guard let start = kernels.first, start.least > 0, kernels.allSatisfy({ $0.least > 0 }) else { return nil }
        let low = kernels.map { ($0.least - $0.error) / (start.least + start.error) }.min() ?? .nan
        let high = kernels.map { ($0.least + $0.error) / max(start.least - start.error, .leastNormalMagnitude) }.min()
        return (low, high ?? .nan)
    }

    /// The smallest eigenvalue along the run times its weight and time: how far the slowest mode falls, twice.
    var slowestFall: Double {
        2 * (kernels.map { $0.least - $0.error }.min() ?? 0) * run.setting.reductionWeight * time
    }

    func largest(_ metric: String) -> Double? { run.series.known(metric).map(\.value).max() }
}
