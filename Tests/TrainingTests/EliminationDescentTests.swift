import Layers
import LinearAlgebra
import Networks
import RealModule
import Sampling
import Testing
import Training

/// Runs of full-batch descent on F~ in float64.
private struct Run {
    let descent: Descent<Double>
    let eliminator: Eliminator<Double>
    let objective = Objective(.squared, .mean)
    let x: MatrixBuffer<Double>
    let y: MatrixBuffer<Double>

    init(
        _ model: Model, _ w: ParameterVector<Double>, _ x: MatrixBuffer<Double>, _ y: MatrixBuffer<Double>,
        _ elimination: Elimination, _ optimizer: Optimizer = .sgd(Momentum()), seed: UInt64
    ) {
        (self.x, self.y) = (x, y)
        let layout = elimination.layout(inputs: model.inputCount, outputs: model.outputCount)
        eliminator = Eliminator(
            elimination, ParameterVector(layout, initializedFrom: seed), objective, model, samples: x.rows, rows: x.rows
        )
        let function = TrainedFunction(Workspace<Double>(model, rows: x.rows))
        descent = Descent(function, w, objective, optimizer, eliminator: eliminator)
    }

    /// Takes steps, and returns F before the last of them.
    @discardableResult func take(_ steps: Int, rate: Double) -> Double {
        let weight = 1 / Double(x.rows)
        return (0..<steps).reduce(0) { _, _ in
            weight * descent.step(x.base, y.base, rows: x.rows, learningRate: rate, scale: weight)
        }
    }

    var reading: EliminationReading {
        let loss = descent.function.loss(objective, descent.parameters, x, y)
        return eliminator.reading(descent.function, descent.parameters, x, y, loss: loss)
    }
}

/// Eight points of |x| − ½, which two ReLU units fit exactly.
private func points() -> (x: MatrixBuffer<Double>, y: MatrixBuffer<Double>) {
    let inputs = (0..<8).map { Double($0) / 3.5 - 1 }
    return (MatrixBuffer(8, 1, inputs), MatrixBuffer(8, 1, inputs.map { abs($0) - 0.5 }))
}

private func network(width: Int) throws -> Model {
    let builder = ModelBuilder(parametrization: .standard, activation: Activation(.relu), hasBias: true)
    return try MLP(width: width, depth: 1).model(inputShape: [1], outputs: 1, builder)
}

/// A network all of whose units are dead on the samples, so that it stays at the loss of the best constant or above.
private func deadNetwork(seed: UInt64) throws -> (model: Model, weights: ParameterVector<Double>) {
    let model = try network(width: 4)
    let w = ParameterVector<Double>(model.layout, initializedFrom: seed)
    for entry in model.layout.entries where entry.tensor.label == "W1.bias" {
        for i in entry.range { w.base[i] = -30 }
    }
    return (model, w)
}

/// ½ of the variance of |x| − ½ at these points.
private let bestConstant = 2.5 / 49

/// Two ReLU units fit these samples, but no gradient reaches dead ones. Then F~ has no minimum near, and what is added
/// runs away: F stays at the bad minimum, which F~ is below, a gets small and ‖(W, b)‖ goes on growing. So it was for
/// all of twenty starts.
@Test(arguments: 0..<20) func deadUnitsLetTheNeuronRunAway(seed: UInt64) throws {
    let (model, w) = try deadNetwork(seed: seed)
    let (x, y) = points()
    let run = Run(model, w, x, y, Elimination(.neuron, weight: 0.01), seed: seed)
    run.take(10_000, rate: 0.02)
    let first = run.reading
    run.take(30_000, rate: 0.02)
    let (end, loss) = (run.reading, run.take(1, rate: 0.02))
    #expect(end.parameters > first.parameters + 0.4)
    #expect(end.norm < 0.1 && end.output > 0.3)
    #expect(loss > bestConstant && loss < 1.2 * bestConstant && end.loss < loss - 0.004)
}

/// With the scale the same is known in closed form. Where F stays, a is soon where F e^b (1 − a eᵇ) = λa (1 + a²)⁻¹,
/// and b' = 2λa²/(1 + a²): ½e^(2b) + (1 + 2λ/F) b grows by 2λ a unit of time but for terms that fall as e^(−2b), and b
/// as ½ ln t.
@Test(arguments: 0..<5) func deadUnitsLetTheScaleRunAwayAsTheLogarithm(seed: UInt64) throws {
    let (model, w) = try deadNetwork(seed: seed)
    let (x, y) = points()
    let run = Run(model, w, x, y, Elimination(.scale, weight: 0.1), seed: seed)
    func grown(_ steps: Int) -> (law: Double, b: Double) {
        run.take(steps, rate: 0.02)
        let b = run.eliminator.parameters.base[1]
        return (Double.exp(2 * b) / 2 + (1 + 0.2 / bestConstant) * b, b)
    }
    let (first, second) = (grown(10_000), grown(20_000))
    #expect(abs(second.law - first.law - 0.2 * 0.02 * 20_000) < 0.2 && second.b > first.b + 0.5)
    #expect(abs(run.reading.output - 1) < 0.02 && run.reading.norm < 0.1)
    #expect(abs(run.take(1, rate: 0.02) - bestConstant) < 1e-12)
}

/// A network that fits its samples ends with F and a at 0: there its weights are a global minimum and nothing is left
/// of what was added.
@Test(arguments: Elimination.Kind.allCases, 0..<3) func anEndIsAGlobalMinimumOfTheNetworkAlone(
    kind: Elimination.Kind, seed: UInt64
) throws {
    let model = try network(width: 64)
    let (x, y) = points()
    let w = ParameterVector<Double>(model.layout, initializedFrom: seed)
    let run = Run(model, w, x, y, Elimination(kind, weight: 0.1), .sgd(Momentum(factor: 0.9)), seed: seed)
    let start = run.take(1, rate: 0.01)
    run.take(20_000, rate: 0.01)
    let (end, loss) = (run.reading, run.take(1, rate: 0.01))
    #expect(start > 0.1 && loss < 1e-10 && end.loss < 1e-10)
    #expect(end.norm < 1e-6 && end.output < 1e-6 && end.parameters < 1)
}
