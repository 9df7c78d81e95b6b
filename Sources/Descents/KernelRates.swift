import Measurements
import RealModule

/// The rate at which a full-batch descent on the squared loss lets its slowest mode fall, by the kernel measured last.
package struct KernelRates {
    /// −2 ln of the slowest factor a step, at each row; 0 where a kernel bounds nothing, nil before the first.
    package let slowest: [Double?]

    /// nil where no kernel bounds the descent, as none does Adam's, or that on another loss.
    package init?(_ run: RunEvidence) {
        guard run.kernelIsWhole, run.setting.descendsGradient, run.setting.isSquaredLoss, run.setting.isFullBatch else {
            return nil
        }
        let (values, errors) = run.series.rangeEigenvalues
        let (largest, eta) = (run.series[.kernelLambdaMax], run.series[.learningRate])
        let factors = ModeFactor(run.setting)
        var kernel: (least: Double, most: Double)?
        slowest = run.series.steps.indices.map { row in
            if largest[row].isFinite { kernel = (values[row] - errors[row], largest[row] + errors[row]) }
            guard let kernel else { return nil }
            guard kernel.least > 0, eta[row] > 0 else { return 0 }
            let x = eta[row] * run.setting.reductionWeight
            let factor = max(factors.largest(x * kernel.least), factors.largest(x * kernel.most))
            return factor < 1 ? -2 * Double.log(factor) : 0
        }
    }
}
