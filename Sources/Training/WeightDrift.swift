import LinearAlgebra
import Networks

/// How far one tensor moved from where it began: norms of ΔW = W_t − W_0.
public struct WeightDrift: Sendable, Equatable {
    /// ‖ΔW‖_F.
    public let frobenius: Double
    /// ‖ΔW‖_F/‖W_0‖_F; NaN for a start at zero.
    public let relative: Double
    /// ‖ΔW‖₂, to 1e-10 of it in float64.
    public let spectral: Double
    /// max_r ‖Δw_r‖ over the rows, one neuron each (Du, Zhai, Poczos, Singh 2018, section 3).
    public let largestRow: Double
}

/// Drift of a trained tensor. `scratch` is a vector of the model's layout and is overwritten.
/// Cost: two passes over the tensor, and those of `spectralNorm`.
public func weightDrift<S: Scalar>(
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
