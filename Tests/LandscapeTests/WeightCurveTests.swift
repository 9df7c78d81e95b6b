import Landscape
import Layers
import LinearAlgebra
import Networks
import Sampling
import Testing

/// A small network with a frozen tensor, samples of two classes, and two weight vectors.
private struct Problem {
    let function: TrainedFunction<Double>
    let objective = Objective(.squared, .mean)
    let x: MatrixBuffer<Double>
    let y: MatrixBuffer<Double>
    let a: ParameterVector<Double>
    let b: ParameterVector<Double>
    let labels = (0..<12).map { $0 % 2 }

    init(rows: Int = 5) throws {
        let model = try MLP(width: 6, depth: 1).model(
            inputShape: [3], outputs: 2, ModelBuilder(parametrization: .paper, activation: Activation(.tanh)))
        function = TrainedFunction(Workspace(model, rows: rows))
        let stream = RandomStream(seed: 4, "data")
        x = MatrixBuffer(12, 3, (0..<36).map { stream.normal($0) })
        y = MatrixBuffer(12, 2, (0..<24).map { $0 / 2 % 2 == $0 % 2 ? 1 : 0 })
        a = ParameterVector(model.layout, initializedFrom: 1)
        b = ParameterVector(model.layout, initializedFrom: 2)
    }

    func loss(_ w: ParameterVector<Double>) -> Double { function.loss(objective, w, x, y) }
}

@Test func curvesGoFromEndToEnd() throws {
    let p = try Problem()
    let w = ParameterVector<Double>(p.a.layout)
    let c = ParameterVector<Double>(p.a.layout, initializedFrom: 3)
    let line = WeightCurve(from: p.a, to: p.b)
    let straight = WeightCurve(from: p.a, to: p.b, bend: line.middle)
    for curve in [line, straight, WeightCurve(from: p.a, to: p.b, bend: c)] {
        for (t, end) in [(0.0, p.a), (1, p.b)] {
            curve.point(t, into: w)
            #expect((0..<w.count).allSatisfy { w.base[$0] == end.base[$0] })
        }
    }
    for t in [0.2, 0.5, 0.9] {
        for (curve, expected) in [
            (line, { (k: Int) in (1 - t) * p.a.base[k] + t * p.b.base[k] }),
            (straight, { k in (1 - t) * p.a.base[k] + t * p.b.base[k] }),
            (
                WeightCurve(from: p.a, to: p.b, bend: c),
                { k in (1 - t) * (1 - t) * p.a.base[k] + 2 * t * (1 - t) * c.base[k] + t * t * p.b.base[k] }
            ),
        ] {
            curve.point(t, into: w)
            #expect((0..<w.count).allSatisfy { abs(w.base[$0] - expected($0)) < 1e-14 })
        }
    }
    #expect(WeightCurve.grid(5) == [0, 0.25, 0.5, 0.75, 1])
}

/// The loss with its accuracy is that of one pass; its error is about that of other roundings, not far above.
@Test func theLossComesWithItsError() throws {
    let p = try Problem()
    let value = SampleLoss(p.function, p.objective, p.x, p.y, labels: p.labels).value(at: p.a)
    #expect(value.loss == p.loss(p.a))
    p.function.forward(p.a.base, p.x.base, rows: 5)
    let right = (0..<5).count { p.function.predictedClass(row: $0) == p.labels[$0] }
    let five = SampleLoss(
        p.function, p.objective, MatrixBuffer(5, 3, Array(p.x.entries[..<15])),
        MatrixBuffer(5, 2, Array(p.y.entries[..<10])), labels: Array(p.labels[..<5]))
    #expect(five.value(at: p.a).accuracy == Double(right) / 5)
    #expect(SampleLoss(p.function, p.objective, p.x, p.y, labels: nil).value(at: p.a).accuracy == nil)
    #expect(value.error > 1e-16 * value.loss && value.error < 1e-12 * max(value.loss, 1), "\(value)")
}

/// The first step of the bend is the derivative of the loss at its t, by finite differences.
@Test func theBendMovesAlongItsGradient() throws {
    let p = try Problem()
    let line = WeightCurve(from: p.a, to: p.b)
    let step = try #require(
        BendDescent(steps: 1, rate: 1e-3, seed: 7).run(line, p.function, p.objective) { _ in
            BendDescent.Batch(x: p.x, y: p.y, factor: 2)
        })
    let (before, after) = (line.middle, try #require(step.bend))
    let t = RandomStream(seed: 7, "connection/t").uniform(0)
    func loss(_ index: Int, _ change: Double) -> Double {
        let c = line.middle
        c.base[index] += change
        let w = ParameterVector<Double>(c.layout)
        WeightCurve(from: p.a, to: p.b, bend: c).point(t, into: w)
        return p.loss(w)
    }
    for entry in p.a.layout.entries {
        for k in entry.range {
            let slope = (loss(k, 1e-5) - loss(k, -1e-5)) / 2e-5
            let expected = entry.tensor.isTrained ? -2e-3 * slope : 0
            #expect(abs(after.base[k] - before.base[k] - expected) < 1e-11, "\(entry.tensor.label)")
        }
    }
}

/// Descent lowers the mean loss along the curve, equal seeds give equal bends, and a rate that is too high is said so.
@Test func theBendFindsALowerWay() throws {
    let p = try Problem()
    let line = WeightCurve(from: p.a, to: p.b)
    func bent(_ rate: Double, _ seed: UInt64) -> WeightCurve? {
        BendDescent(steps: 400, rate: rate, seed: seed).run(line, p.function, p.objective) { _ in
            BendDescent.Batch(x: p.x, y: p.y, factor: 1)
        }
    }
    func mean(_ curve: WeightCurve) -> Double {
        let w = ParameterVector<Double>(p.a.layout)
        return WeightCurve.grid(41).reduce(0) {
            curve.point($1, into: w)
            return $0 + p.loss(w) / 41
        }
    }
    let curve = try #require(bent(0.3, 1))
    #expect(mean(curve) < 0.95 * mean(line), "\(mean(curve)) \(mean(line))")
    let again = try #require(bent(0.3, 1)?.bend)
    #expect((0..<again.count).allSatisfy { again.base[$0] == curve.bend?.base[$0] })
    #expect(bent(.infinity, 1) == nil)
}
