import LinearAlgebra
import Measurements
import Minima
import Networks

/// What the value of a run is beside what the Jacobian's range leaves, and beside classical regressions.
struct MinimumKind: ProbeKind {
    static let key = ProbeOption.flag(
        "minimum", false, or: ["tracked"],
        "true: at the end of the run; tracked: at tracked steps too: the loss beside what the Jacobian's range leaves of the targets, "
            + "gains by layer and linear regressions"
    )
    var option: ProbeOption? { Self.key }
    var part: ProbeParts { .end }
    func part(_ selection: ProbeSelection) -> ProbeParts {
        Self.key.words[selection[Self.key]] == "tracked" ? .network : .end
    }
    var families: [MetricFamily] {
        [
            .minimumLoss, .minimumGradientNorm, .minimumPredicted, .minimumPredictedLow, .minimumPredictedHigh,
            .minimumOutside, .minimumRank, .minimumRankUndecided, .minimumRows, .minimumLambdaMin, .minimumLambdaMax,
            .minimumKinkDistance, .minimumStepGain, .minimumGain, .minimumBaseline, .minimumBaselineError,
        ]
    }

    func bytes(_ cost: ProbeCost) throws -> Double {
        guard cost.selection.minimum else { return 0 }
        return try MinimumMeter.bytes(cost.model, samples: cost.samples, rows: cost.rows)
    }

    func probe<S: Scalar>(_ run: ProbedRun<S>) throws -> (any Probe<S>)? {
        run.selection.minimum ? try MinimumProbe(run) : nil
    }
}

/// Measures `LocalMinimum` at the weights.
private final class MinimumProbe<S: Scalar>: Probe {
    private let meter: MinimumMeter

    init(_ run: ProbedRun<S>) throws {
        meter = try MinimumMeter(
            run.model, run.objective, run.train.inputs, run.train.targets, rows: run.function.workspace.capacity)
    }

    func measure(_ moment: Moment<S>) -> [Metric] {
        guard let found = meter.measure(moment.w, rate: moment.run.rate(moment.step)) else {
            return [Metric(.minimumLoss, .nan)]
        }
        let numbers: [(MetricFamily, Double)] = [
            (.minimumLoss, found.loss), (.minimumGradientNorm, found.gradientNorm),
            (.minimumPredicted, found.predicted), (.minimumPredictedLow, found.bounds.lowerBound),
            (.minimumPredictedHigh, found.bounds.upperBound), (.minimumOutside, found.outside),
            (.minimumRank, Double(found.rank)), (.minimumRankUndecided, Double(found.undecided)),
            (.minimumRows, Double(found.rows)), (.minimumLambdaMin, found.eigenvalues.least),
            (.minimumLambdaMax, found.eigenvalues.largest),
            (.minimumStepGain, found.stepGain.isFinite ? found.stepGain : .nan),
        ]
        return numbers.map { Metric($0.0, $0.1) }
            + (found.kinkDistance.map { [Metric(.minimumKinkDistance, $0.isFinite ? $0 : .nan)] } ?? [])
            + found.gains.map { Metric(.minimumGain, of: $0.layer, $0.value) }
            + found.baselines.map { Metric(.minimumBaseline, of: $0.layer, $0.value) }
            + found.baselines.map { Metric(.minimumBaselineError, of: $0.layer, $0.error) }
    }
}
