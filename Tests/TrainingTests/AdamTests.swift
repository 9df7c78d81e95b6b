import Foundation
import Layers
import LinearAlgebra
import Networks
import Sampling
import Testing
import Training

/// What PyTorch made of two networks in 20 steps, from `References/adam.py`.
private struct Reference: Decodable {
    let x: [Double]
    let y: [Double]
    let start: [Double]
    let ends: [String: [Double]]

    static let all: [String: Reference] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let data = FileManager.default.contents(atPath: folder.path + "/References/adam.json") ?? Data()
        return (try? JSONDecoder().decode([String: Reference].self, from: data)) ?? [:]
    }()
}

private func adam(_ change: (inout Adam) -> Void) -> Adam {
    var adam = Adam()
    change(&adam)
    return adam
}

private let optimizers = [
    "adam": Adam(), "ridge": adam { $0.weightDecay = 0.3 },
    "adamw": adam { ($0.beta1, $0.beta2, $0.epsilon, $0.decoupledWeightDecay) = (0.8, 0.99, 1e-6, 0.1) },
]

private func network(_ name: String) throws -> Model {
    let function: Activation.Function = name == "mlp" ? .tanh : .relu
    let builder = ModelBuilder(parametrization: .standard, activation: Activation(function), hasBias: true)
    return name == "mlp"
        ? try MLP(width: 9, depth: 2).model(inputShape: [5], outputs: 2, builder)
        : try CNN(width: 4, depth: 2).model(inputShape: [5, 4, 2], outputs: 2, builder)
}

/// The weights after 20 steps at 0.02.
private func end<S: Scalar>(_ type: S.Type, _ name: String, _ adam: Adam, _ reference: Reference) throws -> [Double] {
    let model = try network(name)
    try #require(model.layout.count == reference.start.count)
    let rows = reference.y.count / 2
    func buffer(_ values: [Double]) -> MatrixBuffer<S> { MatrixBuffer(rows, values.count / rows, values.map { S($0) }) }
    let (x, y, w) = (buffer(reference.x), buffer(reference.y), ParameterVector<S>(model.layout))
    for (i, value) in reference.start.enumerated() { w.base[i] = S(value) }
    let descent = Descent(
        TrainedFunction(Workspace(model, rows: rows)), w, Objective(.squared, .sum), .adam(adam))
    for _ in 0..<20 { _ = descent.step(x.base, y.base, rows: rows, learningRate: 0.02, scale: 1) }
    return (0..<w.count).map { Double(w.base[$0]) }
}

@Test(arguments: ["mlp", "cnn"], ["adam", "ridge", "adamw"]) func stepsAreThoseOfPyTorch(
    network: String, optimizer: String
) throws {
    let reference = try #require(Reference.all[network])
    let (theirs, adam) = try (#require(reference.ends[optimizer]), #require(optimizers[optimizer]))
    let ours = try end(Double.self, network, adam, reference)
    #expect(zip(ours, theirs).allSatisfy { abs($0 - $1) <= 1e-10 })
    // Weights moved by more than any such error.
    #expect(zip(reference.start, theirs).contains { abs($0 - $1) > 0.1 })
    let single = try end(Float.self, network, adam, reference)
    #expect(zip(single, theirs).allSatisfy { abs($0 - $1) <= 1e-3 })
}

/// m/(1 − β₁) = g and v/(1 − β₂) = g² after one step: it is η g/(|g| + ε), η but for small gradients.
@Test(arguments: [1, 100, 50_000]) func theFirstStepHasTheRateAsItsLength(count: Int) throws {
    let g = (0..<count).map { i -> Double in
        let size = Double(i % 11) * 1e-7
        return i % 2 == 0 ? -size : size
    }
    let (m, v, w) = (MatrixBuffer<Double>(1, count), MatrixBuffer<Double>(1, count), MatrixBuffer<Double>(1, count))
    for i in 0..<count { w.base[i] = 1 }
    let (eta, epsilon) = (0.125, 1e-8)
    let root = 1 / (1 - 0.999).squareRoot()
    let step = AdamStep(
        beta1: 0.9, beta2: 0.999, rate: eta / (1 - 0.9), root: root, epsilon: epsilon, ridge: 0, keep: 1)
    Double.adam(count, step, g, m.base, v.base, w.base)
    for i in 0..<count {
        let moved: Double = 1 - w.base[i]
        let expected: Double = eta * g[i] / (abs(g[i]) + epsilon)
        #expect(abs(moved - expected) <= 1e-15)
        let moments: (Double, Double) = (0.1 * g[i], 0.001 * g[i] * g[i])
        #expect(abs(m.base[i] - moments.0) <= 1e-21)
        #expect(abs(v.base[i] - moments.1) <= 1e-27)
    }
}

/// Two lots of decay of the same name: one scales with the gradients so far, the other with the rate alone.
@Test func decayMovesTrainedWeightsAlone() throws {
    let builder = ModelBuilder(parametrization: .standard, activation: Activation(.tanh), frozen: ["W2"])
    let model = try MLP(width: 6, depth: 2, sparsity: 0.5).model(inputShape: [5], outputs: 2, builder)
    let start = ParameterVector<Double>(model.layout, initializedFrom: 3)
    let w = ParameterVector<Double>(model.layout)
    w.assign(start)
    let (x, y) = (MatrixBuffer<Double>(4, 5), MatrixBuffer<Double>(4, 2))
    let adam = adam { ($0.decoupledWeightDecay, $0.weightDecay) = (0.1, 0) }
    let descent = Descent(TrainedFunction(Workspace(model, rows: 4)), w, Objective(.squared, .sum), .adam(adam))
    // Inputs of 0 make no gradient: decay is all that moves weights, by 1 − ηλ a step.
    for _ in 0..<3 { _ = descent.step(x.base, y.base, rows: 4, learningRate: 0.5, scale: 1) }
    for entry in model.layout.entries {
        for i in entry.range {
            let kept = entry.tensor.isTrained ? 0.95 * 0.95 * 0.95 : 1
            #expect(abs(w.base[i] - kept * start.base[i]) <= 1e-15)
            #expect(start.base[i] != 0 || w.base[i] == 0)
        }
    }
    #expect(model.layout.entries.contains { !$0.tensor.isTrained } && (0..<w.count).contains { start.base[$0] == 0 })
}

/// A descent that goes on from another's state takes its steps, to the bit.
@Test func aStateIsAllThatIsRemembered() throws {
    let model = try network("mlp")
    let (x, y) = (MatrixBuffer<Float>(8, 5), MatrixBuffer<Float>(8, 2))
    RandomStream(seed: 1, "x").fillNormal(x.base, count: x.count, standardDeviation: 1)
    RandomStream(seed: 1, "y").fillNormal(y.base, count: y.count, standardDeviation: 1)
    func descent(_ w: ParameterVector<Float>) -> Descent<Float> {
        let own = ParameterVector<Float>(model.layout)
        own.assign(w)
        return Descent(
            TrainedFunction(Workspace(model, rows: 8)), own, Objective(.squared, .sum),
            .adam(adam { $0.decoupledWeightDecay = 0.1 }))
    }
    func run(_ descent: Descent<Float>, _ count: Int) {
        for _ in 0..<count { _ = descent.step(x.base, y.base, rows: 8, learningRate: 0.01, scale: 1) }
    }
    let whole = descent(ParameterVector(model.layout, initializedFrom: 0))
    run(whole, 7)
    let rest = descent(whole.parameters)
    rest.resume(whole.state, after: 7)
    run(whole, 5)
    run(rest, 5)
    #expect(rest.steps == 12)
    #expect((0..<model.layout.count).allSatisfy { rest.parameters.base[$0] == whole.parameters.base[$0] })
}
