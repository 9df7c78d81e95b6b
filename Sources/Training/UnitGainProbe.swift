import LinearAlgebra
import Measurements
import Minima
import Networks

/// What each unit adds to the Jacobian's range at the end of a run.
struct UnitGainKind: ProbeKind {
    static let key = ProbeOption.flag(
        "minimum_units", false,
        "at the end of the run, what each unit's range takes off the loss; eigenvectors for each unit, so for small networks"
    )
    var option: ProbeOption? { Self.key }
    var part: ProbeParts { .end }
    var families: [MetricFamily] { [.minimumUnitGain] }

    func bytes(_ cost: ProbeCost) throws -> Double {
        guard cost.selection.minimumUnits else { return 0 }
        return try UnitGainMeter.bytes(cost.model, samples: cost.samples)
    }

    func probe<S: Scalar>(_ run: ProbedRun<S>) throws -> (any Probe<S>)? {
        run.selection.minimumUnits ? try UnitGainProbe(run) : nil
    }
}

private final class UnitGainProbe<S: Scalar>: Probe {
    private let meter: UnitGainMeter

    init(_ run: ProbedRun<S>) throws {
        meter = try UnitGainMeter(run.model, run.objective, run.train.inputs, run.train.targets)
    }

    func measure(_ moment: Moment<S>) -> [Metric] {
        (meter.measure(moment.w) ?? []).map { Metric(.minimumUnitGain, of: $0.unit, $0.gain) }
    }
}
