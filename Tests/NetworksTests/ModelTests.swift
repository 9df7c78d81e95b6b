import Layers
import LinearAlgebra
import Networks
import Testing

@Test func modelsThatDoNotFitAreRefused() throws {
    #expect(throws: ModelError.self) {
        try Model(inputShape: [3], layers: [Dense("a", inputs: 4, outputs: 2, weightDeviation: 1)])
    }
    #expect(throws: ModelError.self) {
        let layer = Dense("a", inputs: 3, outputs: 3, weightDeviation: 1)
        _ = try Model(inputShape: [3], layers: [layer, layer])
    }
    #expect(throws: ModelError.self) { try Model(inputShape: [3], layers: []) }
    #expect(throws: ModelError.self) {
        let builder = ModelBuilder(parametrization: .standard, frozen: ["W7"])
        return try MLP(width: 2, depth: 1).model(inputShape: [3], outputs: 1, builder)
    }
}

@Test func flopsOfAStepAreCounted() throws {
    // x [n, d] → m → m → K, all trained: forward 2n(dm + m² + mK), as much again for the weights,
    // and without the first layer for the inputs; activations count one each way.
    let model = try MLP(width: 20, depth: 2).model(inputShape: [10], outputs: 3)
    let n = 4.0
    let dense = 2 * n * (10 * 20 + 20 * 20 + 20 * 3)
    let activations = 2 * 20 * n
    #expect(model.forwardFlops(rows: 4) == dense + activations)
    #expect(model.stepFlops(rows: 4) == 3 * dense - 2 * n * 10 * 20 + 2 * activations)
}
