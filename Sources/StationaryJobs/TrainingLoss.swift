import Landscape
import LinearAlgebra
import Networks
import Sampling
import StationaryPoints

/// The training loss F as a function of the trained weights alone, in float64.
///
/// Frozen weights stay what they are. An instance belongs to one thread. Memory: a workspace for all samples with its
/// tangents, and five vectors of P numbers.
package final class TrainingLoss: TwiceDifferentiable {
    private let curvature: CurvatureOperator<Double>
    /// The weights asked for, with those that are frozen.
    private let whole: ParameterVector<Double>
    private let slope: ParameterVector<Double>
    private let x: MatrixBuffer<Double>
    /// A linearization has no kinks of its own.
    private let isLinearized: Bool
    /// Whether the loss of a sample falls for ever.
    private let mayFallForEver: Bool

    /// - Parameters:
    ///   - frozen: whose frozen tensors are taken.
    ///   - start: w₀ of the forms that have one.
    package init(
        _ model: Model, _ objective: Objective, _ form: FunctionForm, start: ParameterVector<Double>?,
        frozen: ParameterVector<Double>, x: MatrixBuffer<Double>, y: MatrixBuffer<Double>
    ) {
        let function = TrainedFunction(Workspace<Double>(model, rows: x.rows), form, start: start)
        curvature = CurvatureOperator(LossSurface(function, objective, x, y), .hessian)
        (whole, slope) = (ParameterVector(model.layout), ParameterVector(model.layout))
        whole.assign(frozen)
        self.x = x
        isLinearized = form.isLinearized
        mayFallForEver = !objective.kind.hasMinimum
    }

    package var dimension: Int { curvature.dimension }
    private var coordinates: TrainedCoordinates { curvature.coordinates }

    package func gradient(at w: [Double]) -> (value: Double, gradient: [Double]) {
        move(to: w)
        let value = curvature.surface.gradient(into: slope)
        var gradient = w
        coordinates.gather(slope.base, into: &gradient)
        return (value, gradient)
    }

    package func hessian(at w: [Double]) -> CurvatureOperator<Double> {
        move(to: w)
        return curvature
    }

    private func move(to w: [Double]) {
        coordinates.scatter(w, into: whole.base)
        curvature.surface.move(to: whole)
    }

    /// Not where a unit, or the loss of a sample, is so flat that its slope can hide in the rounding of the others: a tanh far out,
    /// a cross-entropy far on its way to an infimum that it never has.
    package func isRegular(at w: [Double], tolerance: Double) -> Bool {
        let least = Double.ulpOfOne.squareRoot()
        move(to: w)
        if mayFallForEver, curvature.surface.leastSlope() <= least { return false }
        return isLinearized || curvature.surface.model.leastSlope(whole.base, x) > least
    }

    /// The smallest |z| over pre-activations z, and the least lead of a largest in a max pooling, over samples and
    /// units. A kink is near where |z| ≤ 4 |z(w + ρ v) − z(w)| for one of eight normal v, ρ the reach: of eight such
    /// differences, of deviation ρ‖∂z/∂w‖, the largest is below a quarter of it in two cases of a million.
    ///
    /// A z that does not move, such as that of a unit without inputs, is constant around w and no kink. Cost: nine
    /// forward passes.
    package func kink(at w: [Double], within reach: Double) -> Kink? {
        guard let margins = margins(at: w) else { return nil }
        var spread = [Double](repeating: 0, count: margins.count)
        for k in 0..<8 {
            var moved = w
            RandomStream(seed: 0, "stationary/kink/\(k)").fillNormal(&moved, count: w.count, standardDeviation: reach)
            for i in w.indices { moved[i] += w[i] }
            for (i, margin) in (self.margins(at: moved) ?? []).enumerated() {
                spread[i] = max(spread[i], abs(margin - margins[i]))
            }
        }
        let moving = zip(margins, spread).filter { $0.1 > 0 }
        return Kink(
            margin: moving.reduce(.infinity) { min($0, abs($1.0)) },
            isNear: moving.contains { abs($0.0) <= 4 * $0.1 })
    }

    private func margins(at w: [Double]) -> [Double]? {
        guard !isLinearized else { return nil }
        coordinates.scatter(w, into: whole.base)
        return curvature.surface.model.kinkMargins(whole.base, x)
    }
}
