import LinearAlgebra
import Measurements
import Networks

/// How far the weights are from where they began: all of them together, and each trained tensor in four norms.
struct WeightDriftKind: ProbeKind {
    static let key = ProbeOption.flag("drift", true, "drift of every trained tensor, in four norms")
    var option: ProbeOption? { Self.key }
    var families: [MetricFamily] { [.weightDrift, .weightDriftRelative, .weightDriftSpectral, .weightDriftRow] }

    /// The spectral norm of the tensor that takes most.
    func bytes(_ cost: ProbeCost) -> Double {
        guard cost.selection.drift else { return 0 }
        let shapes = cost.model.layout.trained.map(\.tensor.matrixShape)
        return Double(shapes.reduce(0) { max($0, SpectralNorm.bytes(rows: $1.rows, columns: $1.columns)) })
    }

    func probe<S: Scalar>(_ run: ProbedRun<S>) -> (any Probe<S>)? { WeightDriftProbe<S>() }
}

/// ‖W_t − W_0‖ of all trained weights, and what `weightDrift` says of each tensor.
private final class WeightDriftProbe<S: Scalar>: Probe {
    func measure(_ moment: Moment<S>) -> [Metric] {
        let (run, w) = (moment.run, moment.w)
        var total = 0.0
        var initial = 0.0
        var byTensor: [Metric] = []
        for entry in w.layout.trained {
            let w0 = run.start.base + entry.offset
            total += S.squaredDistance(entry.tensor.count, w.base + entry.offset, w0)
            initial += S.dot(entry.tensor.count, w0, w0)
            guard run.selection.drift else { continue }
            let drift = weightDrift(entry, now: w, start: run.start, scratch: run.scratch)
            let tensor = entry.tensor.label
            byTensor += [
                Metric(.weightDrift, of: tensor, drift.frobenius),
                Metric(.weightDriftRelative, of: tensor, drift.relative),
                Metric(.weightDriftSpectral, of: tensor, drift.spectral),
                Metric(.weightDriftRow, of: tensor, drift.largestRow),
            ]
        }
        let (distance, length) = (total.squareRoot(), initial.squareRoot())
        return [
            Metric(.weightDrift, distance), Metric(.weightDriftRelative, length > 0 ? distance / length : .nan),
        ] + byTensor
    }
}

/// How far one tensor moved from where it began: norms of ΔW = W_t − W_0.
package struct WeightDrift: Sendable, Equatable {
    /// ‖ΔW‖_F.
    package let frobenius: Double
    /// ‖ΔW‖_F/‖W_0‖_F; NaN for a start at zero.
    package let relative: Double
    /// ‖ΔW‖₂, to 1e-10 of it in float64.
    package let spectral: Double
    /// max_r ‖Δw_r‖ over the rows, one neuron each (Du, Zhai, Poczos, Singh 2018, section 3).
    package let largestRow: Double
}

/// Drift of a trained tensor. `scratch` is a vector of the model's layout and is overwritten.
/// Cost: two passes over the tensor, and those of `spectralNorm`.
package func weightDrift<S: Scalar>(
    _ entry: ParameterLayout.Entry, now: ParameterVector<S>, start: ParameterVector<S>,
    scratch: ParameterVector<S>
) -> WeightDrift {
    let count = entry.tensor.count
    let (rows, columns) = entry.tensor.matrixShape
    let w0 = start.base + entry.offset
    let change = scratch.base + entry.offset
    S.subtract(count, now.base + entry.offset, w0, change)
    let frobenius = S.dot(count, change, change).squareRoot()
    let initial = S.dot(count, w0, w0).squareRoot()
    let largest = (0..<rows).reduce(0) { max($0, S.dot(columns, change + $1 * columns, change + $1 * columns)) }
    return WeightDrift(
        frobenius: frobenius, relative: initial > 0 ? frobenius / initial : .nan,
        spectral: spectralNorm(change, rows: rows, columns: columns), largestRow: largest.squareRoot())
}
