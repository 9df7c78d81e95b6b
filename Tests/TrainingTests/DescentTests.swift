import Datasets
import Layers
import LinearAlgebra
import Networks
import Sampling
import Testing
import Training

private struct Problem<S: Scalar> {
    let model: Model
    let objective = Objective(.squared, .sum)
    let start: ParameterVector<S>
    let x = MatrixBuffer<S>(8, 5)
    let y = MatrixBuffer<S>(8, 2)

    init() throws {
        let builder = ModelBuilder(parametrization: .standard, activation: Activation(.tanh), hasBias: true)
        model = try MLP(width: 9, depth: 2).model(inputShape: [5], outputs: 2, builder)
        start = ParameterVector(model.layout, initializedFrom: 1)
        RandomStream(seed: 1, "x").fillNormal(x.base, count: x.count, standardDeviation: 1)
        RandomStream(seed: 1, "y").fillNormal(y.base, count: y.count, standardDeviation: 1)
    }

    func descent(_ momentum: Momentum) -> Descent<S> {
        let w = ParameterVector<S>(model.layout)
        w.assign(start)
        return Descent(TrainedFunction(Workspace(model, rows: 8)), w, objective, .sgd(momentum))
    }
}

/// The update rules written out with a stored gradient, against the fused ones.
@Test(arguments: [Momentum(), Momentum(factor: 0.9), Momentum(factor: 0.8, isNesterov: true)])
func updatesFollowTheirFormulas(momentum: Momentum) throws {
    let problem = try Problem<Double>()
    let descent = problem.descent(momentum)
    let workspace = Workspace<Double>(problem.model, rows: 8)
    let w = ParameterVector<Double>(problem.model.layout)
    let g = ParameterVector<Double>(problem.model.layout)
    w.assign(problem.start)
    var v = [Double](repeating: 0, count: w.count)
    for _ in 0..<10 {
        _ = descent.step(problem.x.base, problem.y.base, rows: 8, learningRate: 0.01, scale: 1)
        _ = TrainedFunction(workspace).loss(problem.objective, w, problem.x, problem.y, gradient: g)
        for i in v.indices {
            v[i] = momentum.factor * v[i] + g.base[i]
            w.base[i] -= 0.01 * (momentum.isNesterov ? g.base[i] + momentum.factor * v[i] : v[i])
        }
    }
    for i in v.indices { #expect(abs(w.base[i] - descent.parameters.base[i]) < 1e-13) }
}

@Test func unbiasedBatchesAverageToTheGradient() throws {
    // Steps of size η on every batch of an epoch, each from the same start, add up to n/b · b/n · ∇F.
    let problem = try Problem<Double>()
    let g = ParameterVector<Double>(problem.model.layout)
    let workspace = Workspace<Double>(problem.model, rows: 8)
    _ = TrainedFunction(workspace).loss(problem.objective, problem.start, problem.x, problem.y, gradient: g)
    var sum = [Double](repeating: 0, count: g.count)
    for first in stride(from: 0, to: 8, by: 2) {
        let descent = problem.descent(Momentum())
        _ = descent.step(problem.x.base + 5 * first, problem.y.base + 2 * first, rows: 2, learningRate: 1, scale: 4)
        for i in sum.indices { sum[i] += (problem.start.base[i] - descent.parameters.base[i]) / 4 }
    }
    for i in sum.indices { #expect(abs(sum[i] - g.base[i]) < 1e-12) }
}

@Test func probesNeverDisturbATrajectory() throws {
    let problem = try Problem<Float>()
    let plain = problem.descent(Momentum())
    let probed = problem.descent(Momentum())
    let samples = Samples(inputs: problem.x, targets: problem.y, labels: nil, shape: [5])
    let probes = try Probes(
        probed.function, problem.objective, train: samples, test: samples, start: problem.start,
        rate: { _ in 0.01 },
        ProbeSelection(kernel: KernelSelection(samples: 8, outputs: .full), prediction: true))
    for step in 0..<50 {
        if step % 3 == 0 { _ = probes.measure(probed.parameters, step: step) }
        for descent in [plain, probed] {
            _ = descent.step(problem.x.base, problem.y.base, rows: 8, learningRate: 0.01, scale: 1)
        }
    }
    #expect((0..<problem.model.layout.count).allSatisfy { plain.parameters.base[$0] == probed.parameters.base[$0] })
}

@Test func probesMeasureWhatTheirNamesSay() throws {
    let problem = try Problem<Double>()
    let descent = problem.descent(Momentum())
    let samples = Samples(inputs: problem.x, targets: problem.y, labels: nil, shape: [5])
    let probes = try Probes(
        descent.function, problem.objective, train: samples, test: nil, start: problem.start, rate: { _ in 0.01 },
        ProbeSelection())
    for _ in 0..<5 { _ = descent.step(problem.x.base, problem.y.base, rows: 8, learningRate: 0.01, scale: 1) }
    let metrics = Dictionary(
        uniqueKeysWithValues: probes.measure(descent.parameters, step: 5, [.network]).map { ($0.name, $0.value) }
    )
    let g = ParameterVector<Double>(problem.model.layout)
    let loss = descent.function.loss(problem.objective, descent.parameters, problem.x, problem.y, gradient: g)
    #expect(abs((metrics["train_loss"] ?? 0) - loss) < 1e-13)
    #expect(abs((metrics["gradient_norm"] ?? 0) - g.trainedSquaredNorm.squareRoot()) < 1e-12)
    var total = 0.0
    for entry in problem.model.layout.entries {
        let change = entry.range.map { descent.parameters.base[$0] - problem.start.base[$0] }
        let squared = change.reduce(0) { $0 + $1 * $1 }
        total += squared
        #expect(abs((metrics["weight_drift.\(entry.tensor.label)"] ?? 0) - squared.squareRoot()) < 1e-14)
        let (rows, columns) = entry.tensor.matrixShape
        var largest = 0.0
        for r in 0..<rows {
            let row = change[(r * columns)..<((r + 1) * columns)]
            largest = max(largest, row.reduce(0) { $0 + $1 * $1 })
        }
        #expect(abs((metrics["weight_drift_row.\(entry.tensor.label)"] ?? 0) - largest.squareRoot()) < 1e-14)
        let spectral = metrics["weight_drift_spectral.\(entry.tensor.label)"] ?? 0
        #expect(spectral <= squared.squareRoot() * (1 + 1e-10) && spectral >= largest.squareRoot() * (1 - 1e-10))
    }
    #expect(abs((metrics["weight_drift"] ?? 0) - total.squareRoot()) < 1e-14)
}

@Test func patternFlipsAreCounted() throws {
    let model = try MLP(width: 30, depth: 2).model(inputShape: [5], outputs: 1)
    let a = ParameterVector<Float>(model.layout, initializedFrom: 0)
    let b = ParameterVector<Float>(model.layout)
    let x = MatrixBuffer<Float>(7, 5)
    RandomStream(seed: 1, "x").fillNormal(x.base, count: x.count, standardDeviation: 1)
    let samples = Samples(inputs: x, targets: MatrixBuffer<Float>(7, 1), labels: nil, shape: [5])
    let workspace = Workspace<Float>(model, rows: 7)
    let before = ActivationPatterns(workspace, a, samples, limit: 100)
    #expect(before.flips(since: before).allSatisfy { $0.share == 0 })
    // The opposite first layer flips every unit of it that is not exactly zero.
    b.assign(a)
    Float.scale(model.layout.entries[0].tensor.count, -1, b.base)
    let flips = ActivationPatterns(workspace, b, samples, limit: 100).flips(since: before)
    #expect(flips.map(\.name) == ["W1", "W2"] && flips[0].share == 1)
}
