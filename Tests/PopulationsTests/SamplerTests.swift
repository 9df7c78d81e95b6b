import LinearAlgebra
import Populations
import Testing

/// Sample i of a role and a seed does not depend on how many are drawn, and no other role or seed has it.
@Test func samplesAreFunctionsOfTheirNumber() throws {
    for kind in PlainNetwork.Kind.published {
        let sampler = PopulationSampler(try Case(kind, [3, 2, 2]).population)
        let few = sampler.sample(.training, seed: 5, count: 701)
        let many = sampler.sample(.training, seed: 5, count: 2500)
        #expect(few.x.entries == Array(many.x.entries.prefix(3 * 701)))
        #expect(few.y.entries == Array(many.y.entries.prefix(2 * 701)))
        #expect(Set(many.x.entries).count == 7500)
        let others = [
            sampler.sample(.fresh, seed: 5, count: 2500).x, sampler.sample(.training, seed: 6, count: 2500).x,
        ]
        for other in others { #expect(Set(many.x.entries).isDisjoint(with: other.entries)) }
    }
}

/// Variances of inputs, and noise of its size beside the teacher's answers.
@Test func samplesHaveTheirMoments() throws {
    let count = 40_000
    let population = try Case(.linear, [3, 2], variances: [4, 1, 0.25], noise: 0.5).population
    let sampler = PopulationSampler(population)
    let (noisy, clean) = (
        sampler.sample(.training, seed: 1, count: count),
        sampler.sample(.training, seed: 1, count: count, isNoisy: false)
    )
    #expect(noisy.x.entries == clean.x.entries)
    for j in 0..<3 {
        let variance = (0..<count).reduce(0) { $0 + noisy.x[$1, j] * noisy.x[$1, j] } / Double(count)
        #expect(abs(variance / population.variances[j] - 1) < 4 * (2 / Double(count)).squareRoot())
    }
    let power = Double.squaredDistance(2 * count, noisy.y.base, clean.y.base) / Double(2 * count)
    #expect(abs(power / 0.25 - 1) < 4 * (1 / Double(count)).squareRoot())
    guard case .linear(let teacher) = population.teacher else { return }
    let answers = product(
        clean.x.entries, [0, 1, 2].flatMap { [teacher[$0], teacher[3 + $0]] }, rows: count, inner: 3)
    #expect(zip(answers, clean.y.entries).allSatisfy { abs($0 - $1) < 1e-12 })
}
