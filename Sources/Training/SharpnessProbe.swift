import Landscape
import LinearAlgebra
import Measurements
import Networks
import Sharpness

/// How far the training loss rises in boxes around the weights at the end of a run.
struct SharpnessKind: ProbeKind {
    static let key = ProbeOption.flag(
        "sharpness", false,
        "at the end of the run, how far F rises in boxes of size 0.001 around the weights (Keskar et al. 2017, metric 2.1)"
    )
    var option: ProbeOption? { Self.key }
    var part: ProbeParts { .end }
    var families: [MetricFamily] { [.sharpness, .sharpnessSubspace, .sharpnessRelative] }

    /// p of the subspace.
    static func directions(_ model: Model) -> Int { min(100, model.layout.trainedCount) }

    func bytes(_ cost: ProbeCost) -> Double {
        guard cost.selection.sharpness else { return 0 }
        return 8
            * SharpnessMeter.numbers(
                cost.model, samples: cost.samples, rows: cost.rows, directions: Self.directions(cost.model))
    }

    func probe<S: Scalar>(_ run: ProbedRun<S>) throws -> (any Probe<S>)? {
        run.selection.sharpness && run.model.layout.trainedCount > 0 ? SharpnessProbe(run) : nil
    }
}

/// Measures it in float64, over all training samples.
private final class SharpnessProbe<S: Scalar>: Probe {
    private let surface: LossSurface<Double>
    private let seed: UInt64
    private static var epsilon: Double { 1e-3 }
    /// As in Keskar et al. 2017, section 2.2.2.
    private static var iterations: Int { 10 }

    init(_ run: ProbedRun<S>) {
        surface = LossSurface<Double>(
            run.model, run.function.form, run.objective, run.train.inputs, run.train.targets,
            samples: run.train.count, start: run.start, rows: run.function.workspace.capacity)
        seed = run.selection.seed
    }

    func measure(_ moment: Moment<S>) -> [Metric] {
        surface.move(to: moment.w)
        let meter = SharpnessMeter(surface)
        let directions = SharpnessKind.directions(surface.model)
        // What the search can't say, as of directions that depend on one another, is unknown.
        func phi(_ reach: Reach) -> Double {
            do {
                return try meter.rise(reach, epsilon: Self.epsilon, iterations: Self.iterations)?.sharpness ?? .nan
            } catch { return .nan }
        }
        let subspace = Subspace(random: 0, dimension: directions, weights: meter.dimension, seed: seed)
        return [
            Metric(.sharpness, phi(.full)), Metric(.sharpnessSubspace, phi(.subspace(subspace))),
            Metric(.sharpnessRelative, phi(.relative)),
        ]
    }
}
