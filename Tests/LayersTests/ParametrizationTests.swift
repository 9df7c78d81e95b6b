import Layers
import LinearAlgebra
import Networks
import Testing

@Test func thePaperNetworkIsBuiltAsThePaperSays() throws {
    let model = try MLP(width: 512, depth: 2).model(inputShape: [8], outputs: 4, ModelBuilder(parametrization: .paper))
    #expect(model.layout.entries.map(\.tensor.label) == ["A", "W1", "W2", "B"])
    #expect(model.layout.trained.map(\.tensor.label) == ["W1", "W2"])
    let w = ParameterVector<Double>(model.layout, initializedFrom: 0)
    // Variances 2/m, 2/m, 2/m, 1/K, each within five standard errors.
    for (entry, variance) in zip(model.layout.entries, [2.0 / 512, 2.0 / 512, 2.0 / 512, 1.0 / 4]) {
        let values = w.tensor(entry)
        let found = values.reduce(0.0) { $0 + $1 * $1 } / Double(values.count)
        #expect(abs(found / variance - 1) < 5 * (2 / Double(values.count)).squareRoot())
    }
}

@Test func forwardNormsStayNearOneAtInitialization() throws {
    // Allen-Zhu, Li, Song 2019, Lemma 7.1: ‖h_l‖ in [1 − ε, 1 + ε] for unit inputs.
    let model = try MLP(width: 4096, depth: 4).model(
        inputShape: [16], outputs: 1, ModelBuilder(parametrization: .paper))
    let w = ParameterVector<Double>(model.layout, initializedFrom: 3)
    let workspace = Workspace<Double>(model, rows: 1)
    let x = MatrixBuffer<Double>(1, 16, [Double](repeating: 0.25, count: 16))
    workspace.forward(w.base, x.base, rows: 1)
    for l in [2, 4, 6, 8] {
        let norm = Double.dot(4096, workspace.value(l), workspace.value(l)).squareRoot()
        #expect(abs(norm - 1) < 0.1, "layer \(l): \(norm)")
    }
}

@Test func parametrizationsAgreeOnTheFunctionTheyStartFrom() throws {
    // standard and ntk draw the same normals: scaling weights or scaling forward is the same map.
    func outputs(_ parametrization: Parametrization) throws -> [Double] {
        let model = try MLP(width: 9, depth: 3).model(
            inputShape: [6], outputs: 2, ModelBuilder(parametrization: parametrization))
        let w = ParameterVector<Double>(model.layout, initializedFrom: 1)
        let workspace = Workspace<Double>(model, rows: 2)
        let x = MatrixBuffer<Double>(2, 6, (0..<12).map { Double($0) / 6 - 1 })
        workspace.forward(w.base, x.base, rows: 2)
        return (0..<4).map { workspace.outputs[$0] }
    }
    let standard = try outputs(.standard)
    let ntk = try outputs(.ntk)
    #expect(zip(standard, ntk).allSatisfy { abs($0 - $1) < 1e-13 })
}
