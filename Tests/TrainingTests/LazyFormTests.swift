import Layers
import LinearAlgebra
import Networks
import Sampling
import Testing
import Training

/// Outputs of the lazy form at its start that are not 0, for passes of several numbers of rows.
private func nonzeros<S: Scalar>(_ model: Model, _ form: FunctionForm, _ type: S.Type) -> Int {
    let start = ParameterVector<S>(model.layout, initializedFrom: 4)
    let moved = ParameterVector<S>(model.layout)
    moved.assign(start)
    let workspace = Workspace<S>(model, rows: 67)
    let function = TrainedFunction(workspace, form, start: start)
    let x = MatrixBuffer<S>(67, model.inputCount)
    RandomStream(seed: 1, "x").fillNormal(x.base, count: x.count, standardDeviation: 1)
    var count = 0
    for rows in [67, 1, 2, 5, 16, 31, 64] {
        function.forward(moved.base, x.base, rows: rows)
        count += (0..<(rows * model.outputCount)).count { function.outputs[$0] != 0 }
    }
    return count
}

/// α (g(w₀) − g(w₀)) is 0 to the bit, whatever the network, the precision and the rows of a pass.
@Test(arguments: [FunctionForm(lazyScale: 1e3 / 3), FunctionForm(lazyScale: 1e7, isLinearized: true)])
func theLazyFormIsCentered(form: FunctionForm) throws {
    let builder = ModelBuilder(parametrization: .standard, hasBias: true)
    let networks = [
        try MLP(width: 70, depth: 2).model(inputShape: [9], outputs: 3, builder),
        try CNN(width: 10, depth: 2).model(inputShape: [6, 5, 2], outputs: 3, builder),
        try ResNet(block: .preActivation, width: 6, stages: [1, 1]).model(inputShape: [6, 6, 2], outputs: 3, builder),
    ]
    for model in networks {
        #expect(nonzeros(model, form, Float.self) == 0)
        #expect(nonzeros(model, form, Double.self) == 0)
    }
}
