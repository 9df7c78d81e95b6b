import HDF5
import LinearAlgebra
import Networks
import Runs
import Training

extension RunRecord {
    /// The record of a run that is to begin.
    package init<S: Scalar & HDF5Element>(of experiment: Experiment<S>) {
        self.init()
        separation = experiment.train.separation
        samples = experiment.train.count
        outputs = experiment.model.outputCount
        dataDigest = experiment.dataDigest
        parameterCount = experiment.model.layout.count
        trainedParameterCount = experiment.model.layout.trainedCount
    }

    /// What verdicts ask for beside the metrics, where it is not known: records of earlier versions don't have it.
    package mutating func describe<S: Scalar & HDF5Element>(
        _ experiment: Experiment<S>, _ workspace: Workspace<S>, _ start: ParameterVector<S>
    ) {
        let form = experiment.configuration.training.form
        references =
            references
            ?? LossReferences(
                TrainedFunction(workspace, form, start: start), experiment.objective, experiment.train,
                experiment.model.layout, start: start)
        rectifiers = rectifiers ?? ActivationPatterns.rectifiers(of: experiment.model).count
        directionSeparation = directionSeparation ?? experiment.train.directionSeparation
        (network, data) = (experiment.configuration.networkWords, experiment.configuration.dataWords)
        samples = samples ?? experiment.train.count
        outputs = outputs ?? experiment.model.outputCount
    }
}
