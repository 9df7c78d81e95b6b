import Foundation
import Landscape
import Layers
import LinearAlgebra
import NetworkCases
import Networks
import Sampling
import Sharpness
import Testing

/// The same function with other weights, as Dinh et al. 2017 rescale it: the weights into each unit of a layer and its
/// bias times a factor, those out of it over the factor.
private func rescaled(_ instance: Instance<Double>, layer: String, next: String, _ factor: (Int) -> Double)
    -> ParameterVector<Double>
{
    let w = ParameterVector<Double>(instance.model.layout)
    w.assign(instance.w)
    for entry in instance.model.layout.entries {
        let (rows, columns) = entry.tensor.matrixShape
        let values = w.tensor(entry)
        switch (entry.tensor.layer, entry.tensor.role) {
        case (layer, "weight"): for i in 0..<values.count { values[i] *= factor(i / columns) }
        case (layer, "bias"): for i in 0..<values.count { values[i] *= factor(i) }
        case (next, "weight"): for i in 0..<(rows * columns) { values[i] /= factor(i % columns) }
        default: continue
        }
    }
    return w
}

private func meter(_ instance: Instance<Double>, _ w: ParameterVector<Double>)
    -> (surface: LossSurface<Double>, meter: SharpnessMeter)
{
    let surface = LossSurface(
        TrainedFunction(Workspace<Double>(instance.model, rows: instance.x.rows)), instance.objective, instance.x,
        instance.y)
    surface.move(to: w)
    return (surface, SharpnessMeter(surface))
}

private let cases = Case.all.filter { ["relu", "cross-entropy of relu", "leaky relu"].contains($0.description) }
private let factors: [@Sendable (Int) -> Double] = [{ _ in 30 }, { exp(0.7 * Double($0) - 2) }]

/// Rescaling leaves the function, makes φ another number, and leaves φ of relative changes and λ_max(D H D).
@Test(arguments: cases, factors.indices) func rescalingLeavesTheRelativeMeasures(c: Case, which: Int) throws {
    let instance = try Instance<Double>(c)
    let other = rescaled(instance, layer: "W1", next: "W2", factors[which])
    for (a, b) in zip(instance.outputs(instance.w), instance.outputs(other)) { #expect(abs(a - b) < 1e-12) }
    let (first, second) = (meter(instance, instance.w), meter(instance, other))
    func phi(_ meter: SharpnessMeter, _ reach: Reach) throws -> Double {
        try #require(try meter.rise(reach, epsilon: 1e-3, iterations: 10)).sharpness
    }
    let relative = (try phi(first.meter, .relative), try phi(second.meter, .relative))
    #expect(relative.0 > 0 && abs(relative.1 / relative.0 - 1) < 1e-9, "\(relative)")
    let full = (try phi(first.meter, .full), try phi(second.meter, .full))
    if which == 0 { #expect(full.1 / full.0 > 2, "\(full)") }
    let curvature = try [first, second].map {
        let hessian = CurvatureOperator($0.surface, .hessian)
        let own = try #require(LargestEigenvalue(of: hessian, on: $0.surface, seed: 3))
        let relative = try #require(
            LargestEigenvalue(of: RelativeCurvature(hessian, at: $0.meter.trained), on: $0.surface, seed: 3))
        return (own.value, relative.value)
    }
    #expect(abs(curvature[1].1 / curvature[0].1 - 1) < 1e-9, "\(curvature)")
    if which == 0 { #expect(curvature[1].0 / curvature[0].0 > 2, "\(curvature)") }
}

/// Signs of a unit of tanh may be turned over too.
@Test func signsLeaveTheRelativeMeasures() throws {
    let instance = try Instance<Double>(try #require(Case.all.first { $0.description == "tanh" }))
    let other = rescaled(instance, layer: "W2", next: "output") { $0 % 2 == 0 ? -1 : 1 }
    #expect(zip(instance.outputs(instance.w), instance.outputs(other)).allSatisfy { abs($0 - $1) < 1e-12 })
    let phi = try [instance.w, other].map {
        try #require(try meter(instance, $0).meter.rise(.relative, epsilon: 1e-3, iterations: 10)).sharpness
    }
    #expect(abs(phi[1] / phi[0] - 1) < 1e-9, "\(phi)")
    // A factor that is no sign changes the function of tanh, and with it the measure.
    let wrong = rescaled(instance, layer: "W2", next: "output") { _ in 3 }
    let changed = try #require(
        try meter(instance, wrong).meter.rise(.relative, epsilon: 1e-3, iterations: 10)
    ).sharpness
    #expect(abs(changed / phi[0] - 1) > 1e-3)
}

/// D H D, entry by entry and by second differences of F(w_i (1 + t v_i)); its largest eigenvalue by LAPACK.
@Test(arguments: Case.all.filter { ["tanh", "frozen inside", "sparse"].contains($0.description) })
func relativeCurvatureIsThatOfRelativeChanges(c: Case) throws {
    let instance = try Instance<Double>(c)
    let (surface, meter) = meter(instance, instance.w)
    let hessian = CurvatureOperator(surface, .hessian)
    let relative = RelativeCurvature(hessian, at: meter.trained)
    let (h, d) = (hessian.dense().matrix, relative.dense().matrix)
    let n = meter.dimension
    for i in 0..<n {
        for j in 0..<n {
            let expected = meter.trained.base[i] * h[i, j] * meter.trained.base[j]
            #expect(abs(d[i, j] - expected) < 1e-12 * (1 + abs(expected)))
        }
    }
    let v = MatrixBuffer<Double>(1, n, (0..<n).map { RandomStream(seed: 5, "v").normal($0) })
    let image = MatrixBuffer<Double>(1, n)
    relative.apply(v.base, image.base)
    func loss(_ t: Double) -> Double {
        let w = ParameterVector<Double>(instance.model.layout)
        w.assign(instance.w)
        let moved = (0..<n).map { meter.trained.base[$0] * (1 + t * v.base[$0]) }
        hessian.coordinates.scatter(moved, into: w.base)
        return instance.loss(w)
    }
    let step = 1e-4
    let second = (loss(step) - 2 * loss(0) + loss(-step)) / (step * step)
    let product = Double.dot(n, v.base, image.base)
    #expect(abs(second - product) < 1e-4 * (1 + abs(product)), "\(c): \(second), \(product)")
    let found = try #require(LargestEigenvalue(of: relative, on: surface, seed: 1))
    let all = try #require(SymmetricEigen(destroying: d, vectors: false)).values
    #expect(abs(found.value - all[n - 1]) <= min(found.error, 1e-8 * all[n - 1]), "\(c): \(found), \(all[n - 1])")
}
