import Alignment
import Layers
import LinearAlgebra
import NetworkCases
import Networks
import Sampling
import Testing

private func mlp(width: Int, depth: Int, _ function: Activation.Function, input: Int = 10) throws -> Model {
    let builder = ModelBuilder(parametrization: .standard, activation: Activation(function), hasBias: true)
    return try MLP(width: width, depth: depth).model(inputShape: [input], outputs: 3, builder)
}

/// Of 100 planted orders, with noise of a tenth of each weight, so many are found to the unit and the sign.
@Test(arguments: [Activation.Function.relu, .leakyReLU, .tanh, .erf, .linear, .softplus], [(1, 100), (3, 95)])
func plantedOrdersAreFound(function: Activation.Function, expected: (depth: Int, least: Int)) throws {
    let model = try mlp(width: 24, depth: expected.depth, function)
    var found = 0
    for seed in 0..<100 {
        let planted = try Planted(model.weights(UInt64(seed)), model, seed: UInt64(seed), noise: 0.1)
        let pair = try AlignedPair(planted.groups, planted.a, planted.b)
        #expect(pair.matching.hasConverged)
        if planted.isUndone(by: pair.matching) { found += 1 }
    }
    #expect(found >= expected.least, "\(function), depth \(expected.depth): \(found) of 100")
}

/// Channels and the streams of residual networks too, without noise: nothing is left between the two.
@Test(arguments: Case.dense) func everyNetworkIsFoundAgain(_ c: Case) throws {
    let instance = try Instance<Double>(c)
    let planted = try Planted(instance.w, instance.model, seed: 8)
    let pair = try AlignedPair(planted.groups, planted.a, planted.b)
    let (before, after) = (Overlap(planted.a, planted.b), Overlap(pair.first, pair.second))
    // The products of linear layers have far more symmetries, and the search gets stuck.
    let isHard = c.description == "deep linear"
    #expect(isHard || after.distance <= 1e-12 * max(before.distance, 1), "\(before) \(after)")
    #expect((after.cosine ?? 1) >= (before.cosine ?? 1) - 1e-12)
}

/// The gain of one hidden layer is that of the best of all orders and signs.
@Test(arguments: [Activation.Function.softplus, .tanh]) func oneLayerIsExact(function: Activation.Function) throws {
    let model = try mlp(width: 5, depth: 1, function)
    let groups = try UnitGroups(model)
    let isOdd = function == .tanh
    for seed in 0..<10 {
        let (a, b) = (model.weights(UInt64(2 * seed)), model.weights(UInt64(2 * seed + 1)))
        let matching = try WeightMatching(groups, a, b)
        var best = -Double.infinity
        for order in permutations(5) {
            for signs in 0..<(isOdd ? 32 : 1) {
                let factors = (0..<5).map { signs >> $0 & 1 == 1 ? -1.0 : 1 }
                let moved = groups.applying([UnitMap(sources: order, factors: factors)], to: b)
                best = max(best, a.dot(moved))
            }
        }
        #expect(abs(matching.gain - best) < 1e-12 * abs(best), "\(seed): \(matching.gain) \(best)")
        #expect(matching.sweeps == 2 && matching.hasConverged)
    }
}

private func permutations(_ n: Int) -> [[Int]] {
    n == 0 ? [[]] : permutations(n - 1).flatMap { p in (0..<n).map { Array(p[..<$0]) + [n - 1] + Array(p[$0...]) } }
}

/// Independent weights of one hidden layer overlap after matching by about √(2 ln n/d) on the first layer's rows, and not
/// before: the null that an overlap is to be compared with.
@Test func independentWeightsOverlapAfterMatching() throws {
    let model = try mlp(width: 200, depth: 1, .softplus, input: 20)
    let groups = try UnitGroups(model)
    let (a, b) = (model.weights(1), model.weights(2))
    let pair = try AlignedPair(groups, a, b)
    let first = [model.layout.entries[0]]
    let (before, after) = (
        Overlap(a, b, of: first).cosine ?? .nan, Overlap(pair.first, pair.second, of: first).cosine ?? .nan
    )
    let expected = (2 * 5.298 / 20.0).squareRoot()
    #expect(abs(before) < 0.1 && after > 0.4 * expected && after < expected, "\(before) \(after) \(expected)")
}

/// The same weights have nothing to be moved, and equal inputs have equal results.
@Test func equalNetworksStay() throws {
    let model = try mlp(width: 12, depth: 3, .relu)
    let groups = try UnitGroups(model)
    let w = model.weights(1)
    let pair = try AlignedPair(groups, w, w)
    #expect(pair.matching.maps == groups.identity && Overlap(pair.first, pair.second).distance == 0)
    #expect(Overlap(w, w) == Overlap(w, w) && Overlap(w, w).cosine == 1)
    let other = model.weights(2)
    let (once, again) = try (WeightMatching(groups, w, other), WeightMatching(groups, w, other))
    #expect(once.maps == again.maps)
    let zero = ParameterVector<Double>(model.layout)
    #expect(Overlap(w, zero).cosine == nil)
    #expect(try WeightMatching(groups, w, zero).hasConverged)
    // Weights whose products overflow are refused, those that are not numbers too.
    for huge in [1e200, .infinity, .nan] {
        zero.base[0] = huge
        #expect(throws: AlignmentError.self) { try AlignedPair(groups, w, zero) }
    }
}
