import Foundation
import Landscape
import Layers
import LinearAlgebra
import Minima
import NetworkCases
import Networks
import Sampling
import Testing

/// J [nK, P] row by row, by a pass back for each output, and what lies in the span of some of its columns.
private struct DenseJacobian {
    let columns: [(layer: String, unit: String, entries: [Double])]

    init(_ instance: Instance<Double>) {
        let (model, n) = (instance.model, instance.x.rows)
        let side = n * model.outputCount
        var rows: [[Double]] = []
        for i in 0..<side {
            let gradient = ParameterVector<Double>(model.layout)
            instance.workspace.forward(instance.w.base, instance.x.base, rows: n)
            for j in 0..<side { instance.workspace.outputCotangent[j] = j == i ? 1 : 0 }
            instance.workspace.pullback(
                instance.w.base, into: GradientSink(target: gradient.base, alpha: 1, beta: 0))
            rows.append(gradient.entries)
        }
        columns = model.layout.trained.flatMap { entry in
            entry.range.map { p in
                let unit = (p - entry.offset) / (entry.tensor.count / entry.tensor.shape[0]) + 1
                return (entry.tensor.layer, "\(entry.tensor.layer).\(unit)", rows.map { $0[p] })
            }
        }
    }

    /// An orthonormal basis of the span of the columns of some layers, by modified Gram-Schmidt, twice, with the largest one first.
    func basis(of layers: Set<String>) -> [[Double]] {
        basis(columns.filter { layers.contains($0.layer) }.map(\.entries)).basis
    }

    /// The same of the columns of some units, with the least length of what a column adds, over that of the longest one.
    func basis(of units: [String]) -> (basis: [[Double]], least: Double) {
        basis(columns.filter { units.contains($0.unit) }.map(\.entries))
    }

    private func basis(_ columns: [[Double]]) -> (basis: [[Double]], least: Double) {
        var left = columns
        let scale = left.map(norm).max() ?? 0
        var (basis, least) = ([[Double]](), 1.0)
        while let index = left.indices.max(by: { norm(left[$0]) < norm(left[$1]) }), norm(left[index]) > 1e-10 * scale {
            var q = left.remove(at: index)
            for _ in 0..<2 { for b in basis { q = less(q, b, dot(b, q)) } }
            let length = norm(q)
            q = q.map { $0 / length }
            basis.append(q)
            least = min(least, length / scale)
            left = left.map { less($0, q, dot(q, $0)) }
        }
        return (basis, least)
    }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
private func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
private func less(_ a: [Double], _ b: [Double], _ factor: Double) -> [Double] { zip(a, b).map { $0 - factor * $1 } }
private func inside(_ basis: [[Double]], _ y: [Double]) -> Double { basis.reduce(0) { $0 + dot($1, y) * dot($1, y) } }

private let cases = Case.dense.filter { $0.loss == .squared }

/// Rank, value, gains and the whole loss against an orthonormal basis of J's columns, at random weights.
@Test(arguments: cases) func theRangeOfTheJacobianLeavesWhatItShould(c: Case) throws {
    let instance = try Instance<Double>(c)
    let meter = try MinimumMeter(instance.model, instance.objective, instance.x, instance.y, rows: 4)
    let found = try #require(meter.measure(instance.w, rate: 0.1))
    let jacobian = DenseJacobian(instance)
    let half = instance.objective.weight(samples: instance.x.rows) / 2
    let y = instance.y.entries
    let total = half * dot(y, y)
    var layers: [String] = []
    var before = 0.0
    for gain in found.gains {
        layers.append(gain.layer)
        let own = half * inside(jacobian.basis(of: Set(layers)), y)
        #expect(abs(gain.value - (own - before)) <= 1e-9 * total, "\(c), \(gain.layer)")
        before = own
    }
    let basis = jacobian.basis(of: Set(layers))
    #expect(found.rank == basis.count && found.rows == y.count, "\(c): \(found.rank) of \(basis.count)")
    #expect(abs(found.predicted - (total - before)) <= 1e-9 * total)
    #expect(found.bounds.contains(max(total - before, 0)) || abs(found.predicted - total + before) < 1e-14 * total)
    let f = instance.outputs(instance.w)
    let residual = less(f, y, 1)
    #expect(abs(found.outside - half * (dot(f, f) - inside(basis, f))) <= 1e-9 * (half * dot(f, f) + total))
    #expect(abs(found.loss - instance.loss(instance.w)) <= 1e-12 * found.loss)
    let gradient = instance.gradient(instance.w).trainedSquaredNorm.squareRoot()
    #expect(abs(found.gradientNorm - gradient) <= 1e-10 * gradient)
    // The identity, at any weights: what is left beside it is the residual's part in the range.
    if found.outside <= 1e-12 * total {
        let gap = half * inside(basis, residual)
        #expect(abs(found.loss - found.predicted - gap) <= 1e-9 * (total + found.loss), "\(c)")
        // ‖∇F‖ = c ‖Jᵀ r‖ bounds it.
        #expect(gap <= gradient * gradient / (4 * half * found.eigenvalues.least) * (1 + 1e-9))
    }
}

/// Each unit's gain against an orthonormal basis of the columns of the units up to it; those of a layer add up to the layer's. A column
/// that is nearly in the span of others has an eigenvalue near its length squared, and is off by the error of J Jᵀ over that.
@Test(arguments: cases) func unitsAddWhatTheirColumnsAdd(c: Case) throws {
    let instance = try Instance<Double>(c)
    let meter = try UnitGainMeter(instance.model, instance.objective, instance.x, instance.y)
    let gains = try #require(meter.measure(instance.w))
    #expect(gains.count == UnitGainMeter.units(instance.model))
    let jacobian = DenseJacobian(instance)
    #expect(Set(gains.map(\.unit)) == Set(jacobian.columns.map(\.unit)))
    let half = instance.objective.weight(samples: instance.x.rows) / 2
    let y = instance.y.entries
    let total = half * dot(y, y)
    var (before, wasClear, unclear) = (0.0, true, 0)
    for (index, gain) in gains.enumerated() {
        let found = jacobian.basis(of: gains[...index].map(\.unit))
        let (own, isClear) = (half * inside(found.basis, y), found.least > 1e-3)
        if isClear, wasClear {
            #expect(abs(gain.gain - (own - before)) <= 1e-9 * total, "\(c), \(gain.unit)")
        } else {
            unclear += 1
        }
        (before, wasClear) = (own, isClear)
    }
    #expect(unclear < gains.count, "\(c): \(unclear) of \(gains.count)")
    let layers = try #require(
        MinimumMeter(instance.model, instance.objective, instance.x, instance.y, rows: 4)
            .measure(instance.w, rate: 0.1)?.gains)
    for layer in layers {
        let sum = gains.filter { $0.unit.hasPrefix("\(layer.layer).") }.reduce(0) { $0 + $1.gain }
        #expect(abs(sum - layer.value) <= 1e-9 * total, "\(c), \(layer.layer)")
    }
}

/// Any weights are a stationary point of some targets: those whose residual is orthogonal to J's columns. There the loss is what the
/// range leaves of them.
@Test(arguments: [1, 2, 3, 4], [2, 4, 8, 16, 32])
func theIdentityHoldsAtSmoothStationaryPoints(depth: Int, width: Int) throws {
    for function in [Activation.Function.tanh, .softplus] {
        let c = Case("stationary", MLP(width: width, depth: depth), input: [5], outputs: 1, function, rows: 60)
        let instance = try Instance<Double>(c)
        let start = instance.gradient(instance.w).trainedSquaredNorm.squareRoot()
        let f = instance.outputs(instance.w)
        var residual = less(f, instance.y.entries, 1)
        for _ in 0..<2 {
            for b in DenseJacobian(instance).basis(of: Set(instance.model.layout.trained.map(\.tensor.layer))) {
                residual = less(residual, b, dot(b, residual))
            }
        }
        for (i, r) in residual.enumerated() { instance.y[i, 0] = f[i] - r }
        let meter = try MinimumMeter(instance.model, instance.objective, instance.x, instance.y, rows: 60)
        let found = try #require(meter.measure(instance.w, rate: 0.1))
        let total = dot(instance.y.entries, instance.y.entries) / 2
        #expect(found.gradientNorm <= 1e-10 * start, "\(depth), \(width)")
        #expect(abs(found.loss - found.predicted) <= 1e-8 * total)
        #expect(found.kinkDistance == nil && found.bounds.upperBound >= found.loss - 1e-12 * total)
        #expect(found.loss > 0.01 * total || found.rank + found.undecided == 60)
    }
}

/// The last layer's outputs are in the range of J only where it is linear and trained.
@Test func outputsOfAFrozenLastLayerAreInNoRange() throws {
    let frozen = try Instance<Double>(Case("frozen", depth: 1, .tanh, frozen: ["output"]))
    let found = try #require(
        MinimumMeter(frozen.model, frozen.objective, frozen.x, frozen.y, rows: 6).measure(frozen.w, rate: 0))
    #expect(found.gains.map(\.layer) == ["W1"])
    #expect(found.kinkDistance == nil && found.stepGain.isNaN)
    #expect(found.outside > 1e-3 * found.loss || found.rank == found.rows)
}

/// Baselines against least squares on inputs and features that are written down here, through the normal equations.
@Test(arguments: [false, true]) func baselinesAreLeastSquares(bias: Bool) throws {
    let instance = try Instance<Double>(Case("baselines", depth: 2, .tanh, bias: bias, outputs: 2, reduction: .mean))
    let found = try #require(
        MinimumMeter(instance.model, instance.objective, instance.x, instance.y, rows: 6).measure(instance.w, rate: 0))
    let layout = instance.model.layout
    func tensor(_ label: String) -> [Double] {
        layout.entries.first { $0.tensor.label == label }.map { entry in entry.range.map { instance.w.base[$0] } } ?? []
    }
    var values = (0..<6).map { i in (0..<5).map { instance.x[i, $0] } }
    #expect(found.baselines.map(\.layer) == ["W1", "W2", "output"])
    for share in found.baselines {
        var basis: [[Double]] = []
        let columns =
            (values[0].indices.map { j in values.map { $0[j] } }) + (bias ? [[Double](repeating: 1, count: 6)] : [])
        for column in columns {
            var q = column
            for _ in 0..<2 { for b in basis { q = less(q, b, dot(b, q)) } }
            if norm(q) > 1e-9 * norm(column) { basis.append(q.map { $0 / norm(q) }) }
        }
        let least = (0..<2).reduce(0.0) { sum, k in
            let y = (0..<6).map { instance.y[$0, k] }
            return sum + dot(y, y) - inside(basis, y)
        }
        #expect(abs(share.value - least / 12) < 1e-9, "\(share): \(least / 12)")
        let (w, b) = (tensor(share.layer), tensor("\(share.layer).bias"))
        values = values.map { v in
            (0..<(w.count / v.count)).map { k in
                tanh(v.indices.reduce(b.isEmpty ? 0 : b[k]) { $0 + w[k * v.count + $1] * v[$1] })
            }
        }
    }
}

/// A short step takes η‖∇F‖² off a smooth F; one that crosses the only kink of |w₂| · relu(w₁ x) gains what a hand computes.
@Test func kinksAreFarInSteps() throws {
    let c = Case("kink", MLP(width: 1, depth: 1), input: [1], outputs: 1, .relu, rows: 1)
    let instance = try Instance<Double>(c)
    (instance.x[0, 0], instance.y[0, 0]) = (1, -1)
    let (first, second) = (instance.model.layout.entries[0], instance.model.layout.entries[1])
    (instance.w.base[first.offset], instance.w.base[second.offset]) = (0.1, 1)
    let meter = try MinimumMeter(instance.model, instance.objective, instance.x, instance.y, rows: 1)
    let unit = instance.outputs(instance.w)[0] / 0.1
    let found = try #require(meter.measure(instance.w, rate: 1e-6))
    #expect(abs(found.stepGain - 1) < 1e-4)
    // f = u w₁ w₂, r = f + 1: w₁ moves by η r u w₂, and z = s w₁ with it.
    let slope = (0.1 * unit + 1) * unit
    #expect(abs(try #require(found.kinkDistance) - 0.1 / (1e-6 * slope)) < 1)
    let crossing = try #require(meter.measure(instance.w, rate: 0.2 / slope))
    #expect(abs(try #require(crossing.kinkDistance) - 0.5) < 1e-9)
    // Beyond the kink f = 0.
    let fall = (0.1 * unit + 1) * (0.1 * unit + 1) / 2 - 0.5
    #expect(abs(crossing.stepGain - fall / (0.2 / slope * crossing.gradientNorm * crossing.gradientNorm)) < 1e-9)
}

@Test func sparseLayersAreRefused() throws {
    let instance = try Instance<Double>(Case.sparse[0])
    let error = #expect(throws: ModelError.self) {
        try MinimumMeter(instance.model, instance.objective, instance.x, instance.y, rows: 6)
    }
    #expect(error?.description.hasPrefix("layer W1 is sparse") == true)
    #expect(throws: ModelError.self) { try MinimumMeter.bytes(instance.model, samples: 6, rows: 6) }
}
