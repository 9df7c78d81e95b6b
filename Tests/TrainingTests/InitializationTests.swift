import Datasets
import Layers
import LinearAlgebra
import Networks
import RealModule
import Sampling
import Testing
import Training

private func samples(_ n: Int, _ shape: [Int]) -> Samples<Double> {
    let d = shape.reduce(1, *)
    let stream = RandomStream(seed: 6, "data")
    let x = MatrixBuffer<Double>(n, d, (0..<(n * d)).map { stream.normal($0) })
    return Samples(inputs: x, targets: MatrixBuffer(n, 2), labels: nil, shape: shape)
}

/// The paper's network by hand: h_0 = φ(A x), h_1 = φ(W h_0), f = B h_1.
@Test func normsAreThoseOfTheFormulas() throws {
    let builder = ModelBuilder(parametrization: .paper)
    let model = try MLP(width: 6, depth: 1).model(inputShape: [4], outputs: 2, builder)
    let w = ParameterVector<Double>(model.layout, initializedFrom: 3)
    let data = samples(5, [4])
    let norms = InitializationNorms(Workspace(model, rows: 5), w, data, limit: 5, preserving: .ofPlaces)
    let tensors = model.layout.entries.map { entry in (0..<entry.tensor.count).map { w.base[entry.offset + $0] } }
    func map(_ matrix: [Double], _ v: [Double]) -> [Double] {
        (0..<(matrix.count / v.count)).map { r in zip(matrix[(r * v.count)...], v).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    func norm(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    var hidden: [[[Double]]] = [[], []]
    for i in 0..<5 {
        let x = (0..<4).map { data.inputs[i, $0] }
        let h0 = map(tensors[0], x).map { max($0, 0) }
        let g1 = map(tensors[1], h0)
        let h1 = g1.map { max($0, 0) }
        hidden[0].append(h0)
        hidden[1].append(h1)
        #expect(abs(norms.forward[0, i] - norm(h0) / norm(x)) < 1e-12)
        #expect(abs(norms.forward[1, i] - norm(h1) / norm(x)) < 1e-12)
        // ∂f/∂h_1 = B for every sample; nothing is trained below W, so h_0 has none.
        #expect(abs(norms.backward[1, i] - norm(tensors[2])) < 1e-12)
        #expect(norms.backward[0, i] == 0)
    }
    for (layer, h) in hidden.enumerated() {
        var least = Double.infinity
        for i in 0..<5 {
            for j in 0..<5 where i != j {
                let overlap = zip(h[i], h[j]).reduce(0) { $0 + $1.0 * $1.1 } / (norm(h[i]) * norm(h[i]))
                least = min(least, norm(zip(h[j], h[i]).map { $0 - overlap * $1 }) / norm(h[j]))
            }
        }
        #expect(abs(norms.separation[layer] - least) < 1e-9)
    }
}

@Test func backwardNormsMeetDifferences() throws {
    let builder = ModelBuilder(parametrization: .paper)
    let model = try MLP(width: 5, depth: 2).model(inputShape: [4], outputs: 2, builder)
    let w = ParameterVector<Double>(model.layout, initializedFrom: 3)
    let norms = InitializationNorms(Workspace(model, rows: 3), w, samples(3, [4]), limit: 3, preserving: .ofPlaces)
    // h_2 = φ(W_2 h_1): ‖∂f/∂h_1‖_F = ‖B D_2 W_2‖_F with D_2 from the forward pass.
    let workspace = Workspace<Double>(model, rows: 3)
    let data = samples(3, [4])
    workspace.forward(w.base, data.inputs.base, rows: 3)
    let rectifiers = ActivationPatterns.rectifiers(of: model).map(\.index)
    let entries = model.layout.entries
    for i in 0..<3 {
        var squares = 0.0
        for a in 0..<2 {
            for c in 0..<5 {
                let sum = (0..<5).reduce(0.0) { total, r in
                    let isOn = workspace.value(rectifiers[2] + 1)[i * 5 + r] > 0
                    return total
                        + (isOn ? w.base[entries[3].offset + a * 5 + r] * w.base[entries[2].offset + r * 5 + c] : 0)
                }
                squares += sum * sum
            }
        }
        #expect(abs(norms.backward[1, i] - squares.squareRoot()) < 1e-12)
    }
}

/// The layers of a network are those without the ReLU of its outputs, whose norms nothing keeps.
@Test func aReLUOfTheOutputsIsNoHiddenLayer() throws {
    let builder = ModelBuilder(parametrization: .paper)
    let (plain, activated) = try (norms(false), norms(true))
    func norms(_ isActivated: Bool) throws -> InitializationNorms {
        let model = try MLP(width: 6, depth: 1, hasOutputActivation: isActivated).model(
            inputShape: [4], outputs: 2, builder)
        let w = ParameterVector<Double>(model.layout, initializedFrom: 3)
        return InitializationNorms(Workspace(model, rows: 5), w, samples(5, [4]), limit: 5, preserving: .ofPlaces)
    }
    #expect(activated.layers == ["A", "W1"] && activated.forward.entries == plain.forward.entries)
    #expect(activated.separation == plain.separation && activated.backward.rows == 2)
}

/// Wide networks keep norms on average: of all entries with He's initialization, of places in the paper's.
@Test(arguments: [Parametrization.paper, .standard, .ntk])
func wideNetworksKeepNorms(_ parametrization: Parametrization) throws {
    let builder = ModelBuilder(parametrization: parametrization)
    let dense = try MLP(width: 800, depth: 2).model(inputShape: [5, 5, 1], outputs: 2, builder)
    // A kernel of one pixel loses nothing at the border.
    let cnn = try CNN(width: 400, depth: 2, kernel: .init(1, 1), head: .flatten).model(
        inputShape: [5, 5, 3], outputs: 2, builder)
    for (model, shape) in [(dense, [5, 5, 1]), (cnn, [5, 5, 3])] {
        let w = ParameterVector<Double>(model.layout, initializedFrom: 3)
        let norms = InitializationNorms(
            Workspace(model, rows: 8), w, samples(8, shape), limit: 8,
            preserving: parametrization == .paper ? .ofPlaces : .ofEntries)
        let mean = norms.forward.entries.reduce(0) { $0 + $1 * $1 } / Double(norms.forward.count)
        #expect(abs(mean - 1) < 0.15, "\(parametrization), \(shape): \(mean)")
    }
}

@Test func contractionIsThatOfTheStepItself() throws {
    let builder = ModelBuilder(parametrization: .paper)
    let model = try MLP(width: 12, depth: 1).model(inputShape: [4], outputs: 2, builder)
    let data = samples(10, [4])
    for i in 0..<data.targets.count { data.targets.base[i] = RandomStream(seed: 1, "y").normal(i) }
    let w = ParameterVector<Double>(model.layout, initializedFrom: 3)
    let before = (0..<w.count).map { w.base[$0] }
    let objective = Objective(.squared, .sum)
    let function = TrainedFunction(Workspace<Double>(model, rows: 4))
    let loss = function.score(objective, w, on: data).loss
    let sampler = BatchSampler(samples: 10, batch: 4, order: .shuffle, seed: 9)
    let probes = try Probes(
        function, objective, train: data, test: nil, start: w, rate: { _ in 0.01 },
        ProbeSelection(batches: BatchSelection(count: 3, sampler: sampler) { 10 / Double($0) }))
    let metrics = probes.measure(w, step: 7).filter { $0.name.hasPrefix("batch_contraction") }
    #expect((0..<w.count).allSatisfy { w.base[$0] == before[$0] }, "a probe moves nothing")
    var rates: [Double] = []
    // Step 7 is the second of three in its epoch: two batches are left, of four samples and of two.
    var permutation: (epoch: Int, order: [Int])?
    for step in 7..<9 {
        var rows: [Int] = []
        sampler.fill(&rows, at: step, permutation: &permutation)
        #expect(rows.count == (step == 7 ? 4 : 2))
        let (x, y) = (MatrixBuffer<Double>(rows.count, 4), MatrixBuffer<Double>(rows.count, 2))
        Double.gatherRows(4, data.inputs.base, rows, x.base)
        Double.gatherRows(2, data.targets.base, rows, y.base)
        let moved = ParameterVector<Double>(model.layout)
        moved.assign(w)
        _ = Descent(function, moved, objective).step(
            x.base, y.base, rows: rows.count, learningRate: 0.01, scale: 10 / Double(rows.count))
        rates.append(-Double.log(function.score(objective, moved, on: data).loss / loss))
    }
    let mean = rates.reduce(0, +) / 2
    #expect(abs(metrics[0].value - mean) < 1e-12)
    let variance = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    #expect(abs(metrics[1].value - variance.squareRoot()) < 1e-12)
    #expect(metrics[2].value == rates.min())
}
