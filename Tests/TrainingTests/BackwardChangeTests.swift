import Datasets
import Layers
import LinearAlgebra
import Networks
import Sampling
import Testing
import Training

/// b_2 = B D_2 and b_1 = B D_2 W_2 D_1 by hand, for f = B φ(W_2 φ(W_1 φ(A x))).
private func backwardVectors(_ w: ParameterVector<Double>, _ x: [Double]) -> [[Double]] {
    let tensors = w.layout.entries.map { entry in (0..<entry.tensor.count).map { w.base[entry.offset + $0] } }
    func map(_ matrix: [Double], _ v: [Double]) -> [Double] {
        (0..<(matrix.count / v.count)).map { r in zip(matrix[(r * v.count)...], v).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    let h0 = map(tensors[0], x).map { max($0, 0) }
    let g1 = map(tensors[1], h0)
    let g2 = map(tensors[2], g1.map { max($0, 0) })
    let m = g1.count
    let outputs = tensors[3].count / m
    return (0..<outputs).reduce(into: [[], []]) { vectors, k in
        let b2 = (0..<m).map { g2[$0] > 0 ? tensors[3][k * m + $0] : 0 }
        let b1 = (0..<m).map { i in
            g1[i] > 0 ? (0..<m).reduce(0) { $0 + b2[$1] * tensors[2][$1 * m + i] } : 0
        }
        vectors[0] += b1
        vectors[1] += b2
    }
}

@Test func backwardChangeIsThatOfTheMatrices() throws {
    let model = try MLP(width: 7, depth: 2).model(inputShape: [4], outputs: 2, ModelBuilder(parametrization: .paper))
    let start = ParameterVector<Double>(model.layout, initializedFrom: 3)
    let w = ParameterVector<Double>(model.layout)
    w.assign(start)
    let stream = RandomStream(seed: 5, "step")
    for entry in model.layout.trained {
        for i in 0..<entry.tensor.count { w.base[entry.offset + i] += 0.3 * stream.normal(entry.offset + i) }
    }
    let x = MatrixBuffer<Double>(5, 4, (0..<20).map { RandomStream(seed: 6, "data").normal($0) })
    let data = Samples<Double>(inputs: x, targets: MatrixBuffer(5, 2), labels: nil, shape: [4])
    let function = TrainedFunction(Workspace<Double>(model, rows: 5), FunctionForm(), start: start)
    let probes = try Probes(
        function, Objective(.squared, .sum), train: data, test: nil, start: start, rate: { _ in 0.1 },
        ProbeSelection(backwardSamples: 4))
    let measured = probes.measure(w, step: 1).filter { $0.name.hasPrefix("backward_change") }
    #expect(measured.map(\.name) == ["backward_change.W1", "backward_change.W2"])
    for layer in 0..<2 {
        var (change, initial) = (0.0, 0.0)
        for i in 0..<4 {
            let row = (0..<4).map { x[i, $0] }
            let (before, after) = (backwardVectors(start, row)[layer], backwardVectors(w, row)[layer])
            change += zip(after, before).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            initial += before.reduce(0) { $0 + $1 * $1 }
        }
        #expect(abs(measured[layer].value - (change / initial).squareRoot()) < 1e-12)
        #expect(measured[layer].value > 0.1)
    }
    let still = probes.measure(start, step: 0).filter { $0.name.hasPrefix("backward_change") }
    #expect(still.allSatisfy { $0.value == 0 })
}

@Test func signedOutputsStartAtTheirDeviation() throws {
    var builder = ModelBuilder(parametrization: .ntk)
    builder.hasSignedOutput = true
    let model = try MLP(width: 400, depth: 1).model(inputShape: [4], outputs: 1, builder)
    let w = ParameterVector<Float>(model.layout, initializedFrom: 3)
    let output = try #require(model.layout.entries.last)
    let values = Array(w.tensor(output))
    #expect(values.allSatisfy { abs($0) == 1 })
    #expect((150...250).contains(values.count { $0 > 0 }))
    // The hidden layer is normal as ever.
    #expect(Set(w.tensor(model.layout.entries[0])).count > 1000)
}
