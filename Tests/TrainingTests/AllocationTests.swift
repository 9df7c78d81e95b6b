import AllocationCounter
import Datasets
import LinearAlgebra
import Networks
import Testing
import Training

/// Allocations of ten steps after the first two, on the thread that calls.
private func allocations<S: Scalar>(
    _ type: S.Type, _ loss: LossKind, _ momentum: Momentum, batch: Int?,
    _ function: Activation.Function = .relu, width: Int = 64
) throws -> Int {
    let model = try MLP(
        inputs: 20, width: width, depth: 3, outputs: 4, activation: Activation(function), hasBias: true
    ).model()
    let w = ParameterVector<S>(model.layout, initializedFrom: 0)
    let descent = Descent(Workspace<S>(model, rows: 32), w, Objective(loss, .sum), momentum)
    let x = Matrix<S>(32, 20)
    let y = Matrix<S>(32, 4)
    let bx = Matrix<S>(32, 20)
    let by = Matrix<S>(32, 4)
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
        S.gatherRows(20, x.base, rows, bx.base)
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
    for momentum in [Momentum(), Momentum(factor: 0.9), Momentum(factor: 0.9, isNesterov: true)] {
        for batch in [nil, 8] {
            #expect(try allocations(Float.self, loss, momentum, batch: batch) == 0)
            #expect(try allocations(Double.self, loss, momentum, batch: batch) == 0)
        }
    }
}

/// Wide enough that elementwise passes are cut into pieces too.
@Test(arguments: Activation.Function.allCases) func noActivationAllocates(function: Activation.Function) throws {
    #expect(try allocations(Float.self, .squared, Momentum(), batch: nil, function, width: 600) == 0)
}
