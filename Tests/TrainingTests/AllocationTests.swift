import AllocationCounter
import Datasets
import Layers
import LinearAlgebra
import Networks
import Testing
import Training

private func mlp(_ function: Activation.Function = .relu, width: Int = 64) throws -> Model {
    let builder = ModelBuilder(parametrization: .standard, activation: Activation(function), hasBias: true)
    return try MLP(width: width, depth: 3).model(inputShape: [20], outputs: 4, builder)
}

/// Allocations of ten steps after the first two, on the thread that calls.
private func allocations<S: Scalar>(
    _ type: S.Type, _ loss: LossKind, _ optimizer: Optimizer, batch: Int?, _ model: Model,
    _ elimination: Elimination? = nil
) throws -> Int {
    let w = ParameterVector<S>(model.layout, initializedFrom: 0)
    let objective = Objective(loss, .sum)
    let eliminator = elimination.map {
        let added = ParameterVector<S>($0.layout(inputs: model.inputCount, outputs: 4), initializedFrom: 0)
        return Eliminator($0, added, objective, model, samples: 32, rows: 32)
    }
    let descent = Descent(
        TrainedFunction(Workspace<S>(model, rows: 32)), w, objective, optimizer, eliminator: eliminator)
    let x = MatrixBuffer<S>(32, model.inputCount)
    let y = MatrixBuffer<S>(32, 4)
    let bx = MatrixBuffer<S>(32, model.inputCount)
    let by = MatrixBuffer<S>(32, 4)
    for i in 0..<x.count { x.base[i] = S(i % 7) / 7 }
    for i in 0..<32 { y[i, i % 4] = 1 }
    let sampler = BatchSampler(samples: 32, batch: batch ?? 32, order: .replacement, seed: 0)
    var rows: [Int] = []
    var cache: (epoch: Int, order: [Int])?
    func step(_ t: Int) {
        guard batch != nil else {
            _ = descent.step(x.base, y.base, rows: 32, learningRate: 1e-3, scale: 1)
            return
        }
        sampler.fill(&rows, at: t, permutation: &cache)
        S.gatherRows(model.inputCount, x.base, rows, bx.base)
        S.gatherRows(4, y.base, rows, by.base)
        _ = descent.step(bx.base, by.base, rows: rows.count, learningRate: 1e-3, scale: 1)
    }
    for t in 0..<2 { step(t) }
    let before = allocations_of_this_thread()
    for t in 2..<12 { step(t) }
    return allocations_of_this_thread() - before
}

@Test func theCounterCounts() {
    let before = allocations_of_this_thread()
    let array = (0..<100).map { Double($0) }
    #expect(array.count == 100 && allocations_of_this_thread() > before)
}

@Test(arguments: LossKind.allCases) func aStepAllocatesNothing(loss: LossKind) throws {
    let momenta = [Momentum(), Momentum(factor: 0.9), Momentum(factor: 0.9, isNesterov: true)]
    for optimizer in momenta.map(Optimizer.sgd) + [.adam(Adam())] {
        for batch in [nil, 8] {
            #expect(try allocations(Float.self, loss, optimizer, batch: batch, mlp()) == 0)
            #expect(try allocations(Double.self, loss, optimizer, batch: batch, mlp()) == 0)
            for kind in Elimination.Kind.allCases {
                #expect(try allocations(Float.self, loss, optimizer, batch: batch, mlp(), Elimination(kind)) == 0)
            }
        }
    }
}

/// Wide enough that elementwise passes are cut into pieces too.
@Test(arguments: Activation.Function.allCases) func noActivationAllocates(function: Activation.Function) throws {
    #expect(try allocations(Float.self, .squared, .sgd(Momentum()), batch: nil, mlp(function, width: 600)) == 0)
}

/// Convolutions keep their packed weights and blocks; a residual block adds in place.
@Test func imagesAllocateNothing() throws {
    let image = [10, 10, 3]
    let cnn = try CNN(width: 20, depth: 2).model(inputShape: image, outputs: 4)
    let resNet = try ResNet(block: .preActivation, width: 16, stages: [1, 1]).model(inputShape: image, outputs: 4)
    for model in [cnn, resNet] {
        #expect(try allocations(Float.self, .crossEntropy, .sgd(Momentum()), batch: nil, model) == 0)
        #expect(try allocations(Double.self, .squared, .sgd(Momentum(factor: 0.9)), batch: 8, model) == 0)
    }
}
