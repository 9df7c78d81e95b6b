import LinearAlgebra
import Measurements

/// What becomes of the parameters of `training.elimination`.
struct EliminationKind: ProbeKind {
    var option: ProbeOption? { nil }
    var families: [MetricFamily] {
        [.eliminationNorm, .eliminationOutput, .eliminationParameters, .eliminationLoss]
    }

    func records(_ family: MetricFamily, _ selection: ProbeSelection) -> Bool { selection.hasElimination }

    func remedy(_ metric: String) -> String { "training.elimination: neuron" }

    func probe<S: Scalar>(_ run: ProbedRun<S>) throws -> (any Probe<S>)? { run.eliminator.map(EliminationProbe.init) }
}

/// Measures `EliminationReading` at the weights.
private final class EliminationProbe<S: Scalar>: Probe {
    private let eliminator: Eliminator<S>

    init(_ eliminator: Eliminator<S>) { self.eliminator = eliminator }

    func measure(_ moment: Moment<S>) -> [Metric] {
        let (run, train) = (moment.run, moment.run.train)
        let found = eliminator.reading(run.function, moment.w, train.inputs, train.targets, loss: moment.loss)
        return [
            Metric(.eliminationNorm, found.norm), Metric(.eliminationOutput, found.output),
            Metric(.eliminationParameters, found.parameters), Metric(.eliminationLoss, found.loss),
        ]
    }
}
