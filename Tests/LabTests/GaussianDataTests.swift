import Configurations
import Foundation
import LinearAlgebra
import Populations
import TestSupport
import Testing

private func configuration(_ data: String, seed: Int = 3) throws -> Configuration {
    try Configuration(
        text: "seed: \(seed)\nprecision: float64\ndata: {source: gaussian, \(data)}\nmodel: {width: 4}", source: "c")
}

private func matrix(_ population: Population) throws -> [Double] {
    guard case .linear(let matrix) = population.teacher else { throw Unexpected() }
    return matrix
}
private struct Unexpected: Error {}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

private func population(_ configuration: Configuration) throws -> Population {
    let make = try #require(configuration.data.population)
    return try make()
}

/// Training samples are the first of the sampler's, test samples those that follow, and nothing is done to them by default.
@Test(arguments: ["linear", "sigmoid"]) func samplesAreThoseOfThePopulation(kind: String) throws {
    let data = "samples: 1500, test_samples: 40, dimension: 5, noise: 0.25, teacher: {kind: \(kind), outputs: 2}"
    let made = try configuration(data)
    let drawn = PopulationSampler(try population(made)).sample(.training, seed: 3, count: 1540)
    let samples = try made.data.samples(as: Double.self)
    let test = try #require(samples.test)
    #expect(samples.train.shape == [5] && test.count == 40)
    // Thousands of numbers, which a failure should not print.
    let hasInputs = samples.train.inputs.entries + test.inputs.entries == drawn.x.entries
    let hasAnswers = samples.train.targets.entries + test.targets.entries == drawn.y.entries
    #expect(hasInputs && hasAnswers)
    #expect(try Configuration(text: "data: {source: sphere}\nmodel: {}", source: "s").data.population == nil)
}

/// Means and variances of inputs, the noise beside T x, and answers that know nothing of x, within five standard errors.
@Test func gaussianSamplesHaveTheirMoments() throws {
    let n = 40_000
    let made = try configuration("samples: \(n), dimension: 3, deviation: 1.5, noise: 0.2, teacher: {outputs: 2}")
    let samples = try made.data.samples(as: Double.self).train
    let teacher = try matrix(population(made))
    let error = 5 / Double(n).squareRoot()
    for j in 0..<3 {
        let x = (0..<n).map { samples.inputs[$0, j] / 1.5 }
        #expect(abs(mean(x)) < error && abs(mean(x.map { $0 * $0 }) - 1) < error * 2.0.squareRoot())
    }
    for k in 0..<2 {
        let noise = (0..<n).map { i in
            (samples.targets[i, k] - (0..<3).reduce(0) { $0 + teacher[3 * k + $1] * samples.inputs[i, $1] }) / 0.2
        }
        #expect(abs(mean(noise)) < error && abs(mean(noise.map { $0 * $0 }) - 1) < error * 2.0.squareRoot())
    }
    let pure = try configuration("samples: \(n), dimension: 3, answers: gaussian, teacher: {outputs: 2}").data
        .samples(as: Double.self).train
    for k in 0..<2 {
        let y = (0..<n).map { pure.targets[$0, k] }
        #expect(abs(mean(y)) < error && abs(mean(y.map { $0 * $0 }) - 1) < error * 2.0.squareRoot())
        for j in 0..<3 { #expect(abs(mean((0..<n).map { y[$0] * pure.inputs[$0, j] })) < error) }
    }
}

/// The teacher has a seed of its own, and weights of the size that is asked for.
@Test func theTeacherStaysFromSeedToSeed() throws {
    func data(_ text: String, seed: Int) throws -> (teacher: [Double], x: [Double]) {
        let made = try configuration("samples: 20, dimension: 400, teacher: {outputs: 50, \(text)}", seed: seed)
        return (
            try matrix(population(made)), try made.data.samples(as: Double.self).train.inputs.entries
        )
    }
    let (first, second, other) = (
        try data("seed: 0", seed: 1), try data("seed: 0", seed: 2), try data("seed: 1", seed: 1)
    )
    #expect(first.teacher == second.teacher && Set(first.x).isDisjoint(with: second.x))
    #expect(first.x == other.x && Set(first.teacher).isDisjoint(with: other.teacher))
    // Of 20,000 weights.
    #expect(abs(mean(first.teacher.map { $0 * $0 }) * 400 - 1) < 5 * (2.0 / 20_000).squareRoot())
    let scaled = try data("seed: 0, scale: 2", seed: 1).teacher
    #expect(zip(scaled, first.teacher).allSatisfy { abs($0 - 40 * $1) <= 1e-12 * abs($0) })
}

/// By hand: σ(W₂ σ(W₁ x)), rows of W in their order.
@Test func aSigmoidTeacherAnswersAsWritten() throws {
    let made = try configuration("samples: 9, dimension: 4, teacher: {kind: sigmoid, width: 3, outputs: 2, scale: 0.8}")
    let samples = try made.data.samples(as: Double.self).train
    guard case .network(_, let w) = try population(made).teacher else { throw Unexpected() }
    func layer(_ w: ArraySlice<Double>, _ x: [Double]) -> [Double] {
        (0..<(w.count / x.count)).map { r in
            let z = x.indices.reduce(0) { $0 + w[w.startIndex + r * x.count + $1] * x[$1] }
            return 1 / (1 + exp(-z))
        }
    }
    #expect(w.count == 18)
    for i in 0..<9 {
        let y = layer(w[12...], layer(w[..<12], (0..<4).map { samples.inputs[i, $0] }))
        for k in 0..<2 { #expect(abs(samples.targets[i, k] - y[k]) < 1e-14) }
    }
}
