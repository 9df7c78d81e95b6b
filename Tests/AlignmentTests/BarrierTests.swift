import Alignment
import Landscape
import Layers
import LinearAlgebra
import NetworkCases
import Networks
import Sampling
import Testing

/// Forty samples of a smooth function on which wide networks come to zero loss, and minima of it.
private struct Problem {
    let model: Model
    let function: TrainedFunction<Double>
    let objective = Objective(.squared, .mean)
    let x: MatrixBuffer<Double>
    let y: MatrixBuffer<Double>

    init(_ function: Activation.Function, width: Int, depth: Int) throws {
        let builder = ModelBuilder(parametrization: .standard, activation: Activation(function), hasBias: true)
        model = try MLP(width: width, depth: depth).model(inputShape: [4], outputs: 1, builder)
        self.function = TrainedFunction(Workspace(model, rows: 40))
        let stream = RandomStream(seed: 1, "x")
        let points = (0..<160).map { stream.normal($0) }
        x = MatrixBuffer(40, 4, points)
        y = MatrixBuffer(40, 1, (0..<40).map { i in points[4 * i] * points[4 * i + 1] > 0 ? 1 : -1 })
    }

    func minimum(_ seed: UInt64) -> ParameterVector<Double> {
        let w = ParameterVector<Double>(model.layout, initializedFrom: seed)
        for _ in 0..<1000 {
            _ = function.gradient(
                of: objective, w.base, x.base, y.base, rows: 40, scale: 1.0 / 40,
                into: GradientSink(target: w.base, alpha: -0.02, beta: 1))
        }
        return w
    }

    func barrier(_ a: ParameterVector<Double>, _ b: ParameterVector<Double>) -> Barrier {
        let (curve, w) = (WeightCurve(from: a, to: b), ParameterVector<Double>(model.layout))
        let loss = SampleLoss(function, objective, x, y, labels: nil)
        func point(_ t: Double) -> Barrier.Point {
            curve.point(t, into: w)
            let value = loss.value(at: w)
            return Barrier.Point(t: t, loss: value.loss, error: value.error)
        }
        return Barrier(WeightCurve.grid(25).map(point), adding: 10, loss: point)
    }
}

/// Between minima of wide networks the barrier is lower after alignment: its mean fall over pairs of seeds has a 99 % interval
/// above zero. A network and its own copy in another order have a barrier, and none after alignment.
@Test(arguments: [Activation.Function.relu, .tanh], [1, 2])
func alignmentLowersTheBarrier(function: Activation.Function, depth: Int) throws {
    let problem = try Problem(function, width: 64, depth: depth)
    let groups = try UnitGroups(problem.model)
    var falls: [Double] = []
    for k in 0..<12 {
        let (a, b) = (problem.minimum(UInt64(2 * k)), problem.minimum(UInt64(2 * k + 1)))
        let pair = try AlignedPair(groups, a, b)
        let (before, after) = (problem.barrier(a, b), problem.barrier(pair.first, pair.second))
        #expect(before.verdict == .present)
        falls.append(before.height - after.height)
    }
    let mean = falls.reduce(0, +) / 12
    let deviation = (falls.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 11).squareRoot()
    // Student's t of 11 degrees of freedom.
    #expect(mean - 3.106 * deviation / 12.0.squareRoot() > 0, "\(falls)")

    let planted = try Planted(problem.minimum(90), problem.model, seed: 3)
    let pair = try AlignedPair(groups, planted.a, planted.b)
    #expect(problem.barrier(planted.a, planted.b).verdict == .present)
    let copy = problem.barrier(pair.first, pair.second)
    #expect(copy.verdict == .noneSeen, "\(copy.height) \(copy.bound) \(copy.error)")
}

/// What rounding does to a loss is within the error that comes with it: the same function with its units in another order.
@Test(arguments: Case.dense) func theErrorCoversRounding(_ c: Case) throws {
    let instance = try Instance<Double>(c)
    let planted = try Planted(instance.w, instance.model, seed: 5)
    let loss = SampleLoss(
        TrainedFunction(instance.workspace), instance.objective, instance.x, instance.y, labels: nil)
    let (a, b) = (loss.value(at: planted.a), loss.value(at: planted.b))
    #expect(abs(a.loss - b.loss) <= a.error + b.error, "\(a) \(b)")
    #expect(a.error < 1e-11 * max(a.loss, 1), "\(a)")
}
