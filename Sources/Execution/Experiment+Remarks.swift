import Configurations
import Datasets
import Networks
import Training

extension Experiment {
    /// What there is to say of a configuration and its data.
    static func remarks(_ configuration: Configuration, _ model: Model, _ train: Samples<S>) -> [Remark] {
        var remarks: [Remark] = []
        if let batch = configuration.training.batch, batch > train.count {
            remarks.append(
                Remark(
                    "training.batch: \(batch) samples are more than the \(train.count) there are: all are taken",
                    isWarning: true))
        }
        let hessian = configuration.tracking.probes.hessian
        if hessian.isMeasured, hessian.samples < .max, hessian.samples > train.count {
            remarks.append(
                Remark(
                    "tracking.hessian.samples: \(hessian.samples) are more than the \(train.count) training samples there "
                        + "are: all are taken", isWarning: true))
        }
        let leftOut = configuration.tracking.probes.population?.options.leftOut ?? 0
        if leftOut > train.count {
            remarks.append(
                Remark(
                    "population.left_out: \(leftOut) are more than the \(train.count) training samples there are: each is "
                        + "left out once", isWarning: true))
        }
        let followsUnits =
            configuration.tracking.probes.patternSamples > 0 && !ActivationPatterns.rectifiers(of: model).isEmpty
        if configuration.training.form.isLinearized, followsUnits {
            remarks.append(
                Remark(
                    "training.linearized: the units of the linearization stay those of its start: pattern_flips are 0",
                    isWarning: false))
        }
        return remarks
    }
}
