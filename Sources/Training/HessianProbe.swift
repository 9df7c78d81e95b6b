import Landscape
import LinearAlgebra
import Measurements
import Networks

/// Measures H along a run: `HessianMeasurement` at its weights.
///
/// Reads the parameters and writes memory of its own only. Each measurement begins near the eigenvector of λ_max at w₀,
/// which a resumed run finds again: none depends on those before it.
package final class HessianProbe<S: Scalar>: Probe {
    /// A measurement, whatever its arithmetic.
    package struct Snapshot {
        package let step: Int
        package let learningRate: Double
        package let samples: Int
        package let precision: Precision
        package let rescalings: Int
        package let spectrum: CurvatureSpectrum
        package let trace: (value: Double, error: Double?)?
        package let densities: [(kind: Curvature, density: SpectralDensity)]
        let residualShare: Double
    }

    private let selection: HessianSelection
    private let look: (ParameterVector<S>, Moment<S>) -> Snapshot?
    /// What was measured last; nil where it was not finite.
    package private(set) var snapshot: Snapshot?

    init(_ run: ProbedRun<S>, _ selection: HessianSelection) {
        self.selection = selection
        let precision = selection.precision ?? S.precision
        look = Self.look(run, selection, precision.scalar)
    }

    /// Measurements in the arithmetic of `P`.
    private static func look<P: Scalar>(
        _ run: ProbedRun<S>, _ selection: HessianSelection, _ type: P.Type
    ) -> (ParameterVector<S>, Moment<S>) -> Snapshot? {
        let samples = min(selection.samples, run.train.count)
        let surface = LossSurface<P>(
            run.model, run.function.form, run.objective, run.train.inputs, run.train.targets, samples: samples,
            start: run.start, rows: min(samples, run.function.workspace.capacity))
        let meter = HessianMeter(surface, selection.options, seed: run.selection.seed)
        var hasStart = false
        return { w, moment in
            if !hasStart {
                surface.move(to: run.start)
                meter.turnStart()
                hasStart = true
            }
            surface.move(to: w)
            guard let found = meter.measure() else { return nil }
            return Snapshot(
                step: moment.step, learningRate: run.rate(moment.step), samples: samples, precision: P.precision,
                rescalings: run.model.rescaledUnits, spectrum: found.spectrum, trace: found.trace,
                densities: found.densities, residualShare: found.residualShare)
        }
    }

    package func measure(_ moment: Moment<S>) -> [Metric] {
        snapshot = look(moment.w, moment)
        // η is of steps on the loss of all samples.
        let isWhole = snapshot?.samples == moment.run.train.count
        let (largest, smallest) = (snapshot?.spectrum.largest.first, snapshot?.spectrum.smallest.first)
        var metrics = [
            Metric(.hessianLambdaMax, largest?.value ?? .nan), Metric(.hessianLambdaMaxError, largest?.error ?? .nan),
        ]
        if selection.options.bottom > 0 {
            metrics += [
                Metric(.hessianLambdaMin, smallest?.value ?? .nan),
                Metric(.hessianLambdaMinError, smallest?.error ?? .nan),
            ]
        }
        metrics += [
            Metric(.hessianSharpness, isWhole ? (largest?.value ?? .nan) * moment.run.rate(moment.step) : .nan),
            Metric(.hessianResidualShare, snapshot?.residualShare ?? .nan),
        ]
        guard selection.options.hasTrace else { return metrics }
        return metrics + [
            Metric(.hessianTrace, snapshot?.trace?.value ?? .nan),
            Metric(.hessianTraceError, snapshot?.trace?.error ?? .nan),
        ]
    }
}
