import Datasets
import Foundation
import LinearAlgebra
import Measurements
import Networks
import Testing
import Training

/// The derivatives of F~ in all parameters are its central differences.
@Test(arguments: EliminationProblem.all) func gradientsAreThoseOfTheAugmentedLoss(problem: EliminationProblem) throws {
    let trained = try EliminationCase(problem)
    let gradient = trained.gradient(scale: trained.weight)
    for (vector, derivatives) in [(trained.w, gradient.w), (trained.added, gradient.added)] {
        var largest = 0.0
        for i in 0..<vector.count {
            let (kept, h) = (vector.base[i], 1e-5)
            let sides = [h, -h].map { shift in
                vector.base[i] = kept + shift
                return trained.augmentedLoss
            }
            vector.base[i] = kept
            let difference = (sides[0] - sides[1]) / (2 * h)
            #expect(abs(difference - derivatives[i]) <= 1e-8 * max(1, abs(difference)), "\(problem) \(i)")
            largest = max(largest, abs(difference))
        }
        #expect(largest > 0.01)
    }
}

/// a ∂F~/∂a − ∂F~/∂b = 2λa² for each neuron and for the scale, wherever the parameters are: no point with a ≠ 0 is
/// stationary.
@Test(arguments: EliminationProblem.all) func onlyANeuronWithoutOutputIsStationary(problem: EliminationProblem) throws {
    let trained = try EliminationCase(problem)
    let gradient = trained.gradient(scale: trained.weight).added
    let count = problem.elimination.kind == .neuron ? 3 : 1
    for k in 0..<count {
        let a = trained.added.base[k]
        #expect(abs(a * gradient[k] - gradient[count + k] - 0.6 * a * a) <= 1e-13 && a != 0)
    }
    // ∂/∂b alone says that Σ ℓ' g is 0, and with it ∂/∂a that λa² is.
    trained.added.base[0] = 0
    let still = trained.gradient(scale: trained.weight).added
    #expect(still[count] == 0 && still[0] != 0)
}

/// Steps on the batches of an epoch, each from the same place, average to the gradient over all samples, the penalty's
/// part too; and without their scale of n/b they are all as much shorter.
@Test(arguments: EliminationProblem.all) func batchesAverageToTheGradient(problem: EliminationProblem) throws {
    guard problem.elimination.kind == .neuron || problem.network == "mlp" else { return }
    let trained = try EliminationCase(problem)
    let whole = trained.gradient(scale: trained.weight)
    let parts = stride(from: 0, to: 6, by: 2).map { trained.gradient(rows: $0..<($0 + 2), scale: 3 * trained.weight) }
    let rounding = 1e-14 * (whole.w + whole.added).map(abs).reduce(1, max)
    for i in whole.w.indices { #expect(abs(parts.reduce(0) { $0 + $1.w[i] / 3 } - whole.w[i]) <= rounding) }
    for i in whole.added.indices { #expect(abs(parts.reduce(0) { $0 + $1.added[i] / 3 } - whole.added[i]) <= rounding) }
    let short = trained.gradient(rows: 0..<2, scale: trained.weight)
    for i in whole.added.indices { #expect(abs(3 * short.added[i] - parts[0].added[i]) <= rounding) }
}

/// What is recorded is what the definitions say, with the loss and its gradient still those of the network alone;
/// whatever the rows of a pass.
@Test(arguments: EliminationProblem.all, [2, 6]) func whatIsRecordedIsOfTheDefinitions(
    problem: EliminationProblem, rows: Int
) throws {
    let trained = try EliminationCase(problem, rows: rows)
    let samples = Samples(inputs: trained.x, targets: trained.y, labels: nil, shape: [trained.x.columns])
    var selection = ProbeSelection(drift: false, patternSamples: 0)
    selection.hasElimination = true
    let probes = try Probes(
        trained.function, trained.objective, train: samples, test: nil, start: trained.w, rate: { _ in .nan },
        selection, eliminator: trained.eliminator)
    let row = probes.measure(trained.w, step: 0)
    let found = Dictionary(uniqueKeysWithValues: row.map { ($0.name, $0.value) })
    let (a, b) = (trained.added.base[0], trained.added.base[1])
    let count = problem.elimination.kind == .neuron ? 3 : 1
    let values = numbers(trained.added)
    func norm(_ values: some Sequence<Double>) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let expected = [
        "elimination_norm": norm(values.prefix(count)), "elimination_parameters": norm(values.dropFirst(count)),
        "elimination_output": count == 1 ? abs(a * exp(b)) : trained.neuron.map(abs).max() ?? 0,
        "elimination_loss": trained.augmentedLoss, "train_loss": trained.loss,
    ]
    for (name, value) in expected { #expect(abs((found[name] ?? .nan) - value) <= 1e-12, "\(name)") }
    let plain = try Probes(
        trained.function, trained.objective, train: samples, test: nil, start: trained.w, rate: { _ in .nan },
        ProbeSelection(drift: false, patternSamples: 0))
    let others = row.filter { !$0.name.hasPrefix("elimination") }
    #expect(others.map(\.name) == plain.measure(trained.w, step: 0).map(\.name))
    #expect(others.map(\.value) == plain.measure(trained.w, step: 0).map(\.value))
}

/// The start is the seed's, and none with a = 0.
@Test func aStartIsDrawnFromTheSeed() {
    for kind in Elimination.Kind.allCases {
        let layout = Elimination(kind).layout(inputs: 400, outputs: 30)
        let starts = [0, 0, 1].map { numbers(ParameterVector<Double>(layout, initializedFrom: $0)) }
        #expect(starts[0] == starts[1] && starts[0] != starts[2])
        let (a, b) = (layout.entries[0].range, layout.entries[1].range)
        #expect(starts[0][a].allSatisfy { $0 != 0 && abs($0) < 0.5 } && starts[0][b].allSatisfy { $0 == 0 })
        guard kind == .neuron else { continue }
        let weights = starts[0][layout.entries[2].range]
        let deviation = (weights.reduce(0) { $0 + $1 * $1 } / 12_000).squareRoot()
        #expect(a.count == 30 && b.count == 30 && weights.count == 12_000 && abs(deviation - 0.05) < 0.002)
    }
}
