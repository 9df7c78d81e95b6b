import Layers
import LinearAlgebra
import Networks
import Testing

@Test(arguments: Activation.Function.allCases) func activationsStayFiniteFarOut(function: Activation.Function) throws {
    let activation = Activation(function)
    let x: [Float] = [-1e30, -200, -1, 0, 1, 200, 1e30]
    var y = [Float](repeating: .nan, count: x.count)
    var slope = y
    let layers: [any Layer] = [activation]
    let model = try Model(inputShape: [7], layers: layers)
    let w = ParameterVector<Float>(model.layout)
    let workspace = Workspace<Float>(model, rows: 1)
    workspace.forward(w.base, x, rows: 1)
    y = (0..<7).map { workspace.outputs[$0] }
    activation.pullback(
        x, x: x, y: y, yBar: [Float](repeating: 1, count: 7), xBar: &slope, into: nil,
        Extent(rows: 1, input: [7], output: [7]))
    #expect(y.allSatisfy { $0.isFinite } && slope.allSatisfy { $0.isFinite })
    #expect(zip(y, y.dropFirst()).allSatisfy { $0 <= $1 }, "\(function) does not rise")
}
