import Measurements
import RealModule

/// The ends of the spectra of the kernels on their range, along a run, with their errors.
///
/// On its range a kernel has the residual's modes that can fall: equal inputs, and more outputs than weights, leave
/// modes whose eigenvalue is 0 at every width.
package struct KernelRange {
    /// Smallest and largest eigenvalue at each row, with their errors at their worst; nil where none is resolved.
    package let ends: [(least: Double, most: Double)?]
    /// min λ(Θ_t)/λ(Θ_0), for the worst of both errors one way and the other. Its lower end is 0 where an eigenvalue is not
    /// above its error, or too few kernels follow the run up to its end.
    package let leastRatio: ClosedRange<Double>
    package let start: (value: Double, error: Double)
    /// min λ(Θ_t) less its error and dips between kernels; 0 where too few of them follow the run.
    package let lowest: Double
    /// Step at which it is least, and the first at which it is not resolved.
    package let leastStep: Int
    package let lostStep: Int?

    /// - Parameter row: the last that counts.
    /// - Returns: nil where no kernel was measured, or the first one's smallest eigenvalue is not above its error.
    package init?(_ run: RunEvidence, through row: Int) {
        let series = run.series
        let (values, errors) = series.rangeEigenvalues
        let largest = series[.kernelLambdaMax]
        let measured = series.steps.indices.filter { largest[$0].isFinite }
        // The first one behind the end bounds what is before it too.
        let rows = measured.filter { $0 < row } + (measured.first { $0 >= row }.map { [$0] } ?? [])
        guard let first = rows.first, values[first].isFinite, values[first] > errors[first] else { return nil }
        start = (values[first], errors[first])
        ends = series.steps.indices.map { row in
            guard largest[row].isFinite, values[row] > errors[row] else { return nil }
            return (values[row] - errors[row], largest[row] + errors[row])
        }
        let lost = rows.first { !(values[$0] > errors[$0]) }
        lostStep = lost.map { series.steps[$0] }
        let resolved = rows.filter { values[$0] > errors[$0] }
        let least = resolved.min { values[$0] - errors[$0] < values[$1] - errors[$1] } ?? first
        leastStep = series.steps[least]
        let high = (values[least] + errors[least]) / max(start.value - start.error, .leastNormalMagnitude)
        // Between two kernels the eigenvalue may lie below both, by half of what it changed by: a curve through them
        // has a dip.
        let isConstant = run.references?.isAffine == true
        let dips = zip(resolved, resolved.dropFirst()).map { a, b -> Double in
            let lower = min(values[a] - errors[a], values[b] - errors[b])
            return isConstant ? lower : lower - abs(values[a] - values[b]) / 2
        }
        let lowest = min(values[least] - errors[least], dips.min() ?? .infinity)
        let isCovered = isConstant || rows.last.map { $0 >= row } ?? false
        let isFollowed = isConstant || Coverage(run, at: rows, through: min(row, series.steps.count - 1)).isDense()
        let isTold = lost == nil && isCovered && isFollowed
        self.lowest = isTold ? max(lowest, 0) : 0
        leastRatio = min(self.lowest / (start.value + start.error), high)...high
    }
}

/// The factor by which a mode falls in a step of descent, with or without momentum.
package struct ModeFactor {
    private let momentum: Double
    private let isNesterov: Bool

    package init(_ setting: RunEvidence.Setting) {
        momentum = setting.momentum
        isNesterov = setting.isNesterov
    }

    /// Size of the largest root of z² − b z + c.
    /// - Parameter x: ηcλ.
    package func largest(_ x: Double) -> Double {
        guard momentum > 0 else { return abs(1 - x) }
        let b = isNesterov ? (1 - x) * (1 + momentum) : 1 + momentum - x
        let c = isNesterov ? (1 - x) * momentum : momentum
        let discriminant = b * b - 4 * c
        return discriminant < 0 ? c.squareRoot() : (abs(b) + discriminant.squareRoot()) / 2
    }
}
