import Layers
import LinearAlgebra
import Networks
import Populations
import Sampling
import StationaryPoints
import Testing

/// A network some of whose weights are held at 0, and the same with all of them.
private struct Pair {
    let sparse: PlainNetwork
    let dense: PlainNetwork

    init(_ function: Activation.Function) throws {
        func network(_ sparsity: Double) throws -> PlainNetwork {
            let model = try MLP(width: 4, depth: 1, hasOutputActivation: true, sparsity: sparsity).model(
                inputShape: [5], outputs: 3,
                ModelBuilder(parametrization: .standard, activation: Activation(function)))
            return try #require(PlainNetwork(recognizing: model))
        }
        (sparse, dense) = (try network(0.4), try network(0))
    }

    /// w of the dense network, with zeros.
    func whole(_ w: [Double]) -> [Double] {
        var whole = [Double](repeating: 0, count: dense.weightCount)
        sparse.coordinates.scatter(w, into: &whole)
        return whole
    }

    func own(_ whole: [Double]) -> [Double] {
        var w = [Double](repeating: 0, count: sparse.weightCount)
        sparse.coordinates.gather(whole, into: &w)
        return w
    }

    func population() -> Population {
        Population(
            variances: [1, 2, 1, 0.5, 1],
            dense.kind == .linear
                ? .randomLinear(inputs: 5, outputs: 3, scale: 1, seed: 4) : .random(dense, scale: 1, seed: 4),
            noise: 0.3)
    }
}

private func weights(_ name: String, _ count: Int) -> [Double] {
    (0..<count).map { RandomStream(seed: 5, name).normal($0) }
}

private func isNear(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-13 * (1 + abs($1)) }
}

@Test(arguments: [Activation.Function.linear, .sigmoid]) func weightsThatAreHeldAreNotCounted(
    function: Activation.Function
) throws {
    let pair = try Pair(function)
    #expect(pair.dense.weightCount == 32 && pair.sparse.weightCount == 32 - 8 - 5)
    #expect(pair.sparse.blocks == [0..<12, 12..<19] && pair.sparse.kind == pair.dense.kind)
    let ball = WeightBall(pair.sparse, radius: 1.5)
    for k in 0..<6 {
        let w = ball.point(k, seed: 2)
        #expect(w.count == 19 && ball.largestNorm(w) <= 1.5 + 1e-12)
        #expect(ball.largestNorm(w) == WeightBall(pair.dense, radius: 1.5).largestNorm(pair.whole(w)))
    }
}

/// Risks, their slopes and Hessians are those of the dense network where it has the zeros, along all other weights.
@Test(arguments: [Activation.Function.linear, .sigmoid]) func sparseRisksAreThoseOfTheDenseNetwork(
    function: Activation.Function
) throws {
    let pair = try Pair(function)
    let (w, v) = (weights("w", 19), weights("v", 19))
    func compare<A: TwiceDifferentiable, B: TwiceDifferentiable>(_ sparse: A, _ dense: B) {
        #expect(sparse.dimension == 19 && dense.dimension == 32)
        let (own, all) = (sparse.gradient(at: w), dense.gradient(at: pair.whole(w)))
        #expect(isNear([own.value], [all.value]) && isNear(own.gradient, pair.own(all.gradient)))
        var product = [Double](repeating: 0, count: 19)
        var expected = [Double](repeating: 0, count: 32)
        sparse.hessian(at: w).apply(v, &product)
        dense.hessian(at: pair.whole(w)).apply(pair.whole(v), &expected)
        #expect(isNear(product, pair.own(expected)))
    }
    let population = pair.population()
    let (x, y) = PopulationSampler(population).sample(.training, seed: 1, count: 40)
    compare(NetworkRisk(pair.sparse, x, y), NetworkRisk(pair.dense, x, y))
    compare(
        StreamedRisk(pair.sparse, population, seed: 1, samples: 2048),
        StreamedRisk(pair.dense, population, seed: 1, samples: 2048))
    if function == .linear {
        let moments = SecondMoments(population)
        compare(
            try #require(moments.flatMap { NetworkRisk(pair.sparse, $0) }),
            try #require(moments.flatMap { NetworkRisk(pair.dense, $0) }))
    }
}

/// A sparse teacher answers as its dense network does.
@Test func aTeacherCanBeSparse() throws {
    let pair = try Pair(.sigmoid)
    let w = weights("teacher", 19)
    func answers(_ teacher: Population.Teacher) -> [Double] {
        PopulationSampler(Population(variances: [1, 1, 1, 1, 1], teacher, noise: 0)).sample(.fresh, seed: 1, count: 8).y
            .entries
    }
    #expect(answers(.network(pair.sparse, weights: w)) == answers(.network(pair.dense, weights: pair.whole(w))))
}

/// The bound of the theorem is that of s weights; the largest gap in Ω is no larger than among all weights.
@Test(arguments: [Activation.Function.linear, .sigmoid]) func theBoundIsThatOfWhatIsFree(
    function: Activation.Function
) throws {
    let pair = try Pair(function)
    let population = pair.population()
    let (x, y) = PopulationSampler(population).sample(.training, seed: 1, count: 40)
    let options = PopulationOptions(
        samples: function == .linear ? nil : 20_000, radius: 1.5, points: 8, trials: 5, starts: 2, leftOut: 2)
    let meter = try #require(PopulationMeter(pair.sparse, population, seed: 1, x, y, options))
    let reading = try #require(meter.measure(weights("w", 19)))
    let bounds = PublishedBounds(
        samples: 40, widths: [5, 4, 3], radius: 1.5, deviation: 2.0.squareRoot(), nonzero: 19)
    #expect(reading.uniformRisk.published == bounds.risk(pair.sparse.kind))
    #expect(reading.uniformGradient.published == bounds.gradient(pair.sparse.kind))
    #expect(reading.uniformRisk.found.w.count == 19)
    if function == .linear {
        #expect(reading.uniformRisk.value.value <= reading.uniformRisk.certain ?? 0)
        #expect(reading.uniformGradient.value.value <= reading.uniformGradient.certain ?? 0)
    }
}
