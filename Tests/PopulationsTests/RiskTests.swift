import Foundation
import LinearAlgebra
import Populations
import Sampling
import StationaryPoints
import Testing

private let linearCases: [[Int]] = [[3, 2], [3, 2, 2], [2, 3, 1, 2], [4, 1]]

/// J = ½ tr(D Σ Dᵀ) + ½ k σ² with D = W_l … W_1 − T, and ∇_j J = (W_l … W_{j+1})ᵀ D Σ (W_{j−1} … W_1)ᵀ.
@Test(arguments: linearCases) func riskOfALinearNetworkIsItsFormula(widths: [Int]) throws {
    let variances = (0..<widths[0]).map { 0.3 + Double($0) }
    let test = try Case(.linear, widths, variances: variances, noise: 0.4)
    let risk = try #require(test.risk)
    guard case .linear(let teacher) = test.population.teacher else { return }
    let (d, k, layers) = (widths[0], widths[widths.count - 1], widths.count - 1)
    for seed in 0..<10 as Range<UInt64> {
        let w = test.weights(seed)
        let matrices = test.network.blocks.map { Array(w[$0]) }
        func chain(_ range: Range<Int>) -> [Double] {
            let side = widths[range.lowerBound]
            var result = (0..<(side * side)).map { $0 / side == $0 % side ? 1.0 : 0 }
            for j in range { result = product(matrices[j], result, rows: widths[j + 1], inner: widths[j]) }
            return result
        }
        func transposed(_ a: [Double], rows: Int) -> [Double] {
            let columns = a.count / rows
            return a.indices.map { a[$0 % rows * columns + $0 / rows] }
        }
        let difference = zip(chain(0..<layers), teacher).map { $0 - $1 }
        let scaled = difference.indices.map { difference[$0] * variances[$0 % d] }
        let value = zip(difference, scaled).reduce(0) { $0 + $1.0 * $1.1 } / 2 + Double(k) * 0.16 / 2
        let here = risk.gradient(at: w)
        #expect(abs(here.value - value) < 1e-12 * (1 + value))
        for j in 0..<layers {
            let above = transposed(chain((j + 1)..<layers), rows: k)
            let below = transposed(chain(0..<j), rows: widths[j])
            let gradient = product(
                product(above, scaled, rows: widths[j + 1], inner: k), below, rows: widths[j + 1], inner: d)
            for (a, b) in zip(gradient, here.gradient[test.network.blocks[j]]) {
                #expect(abs(a - b) < 1e-11 * (1 + abs(b)))
            }
        }
    }
}

/// Central differences of fourth order of J and of ∇J, for both kinds, and of the gap.
@Test func derivativesOfRisksAreTheirDifferences() throws {
    let linear = try Case(.linear, [3, 2, 2], variances: [2, 1, 0.5])
    let sigmoid = try Case(.sigmoid, [2, 3, 1], teacher: 2, noise: 0.1)
    let streamed = StreamedRisk(sigmoid.network, sigmoid.population, seed: 3, samples: 3000)
    try expectDerivatives(of: try #require(linear.risk), at: linear.weights(1))
    try expectDerivatives(of: streamed, at: sigmoid.weights(1))
    try expectDerivatives(of: try #require(sigmoid.sampleRisk(1500, seed: 2)), at: sigmoid.weights(1))
    try expectDerivatives(
        of: RiskGap(try #require(sigmoid.sampleRisk(300, seed: 2)), streamed), at: sigmoid.weights(2))
}

private func expectDerivatives<F: TwiceDifferentiable>(of f: F, at w: [Double]) throws {
    let (v, h) = (normalStart(seed: 9, 0, dimension: w.count, standardDeviation: 1), 1e-3)
    let places = [-2.0, -1, 1, 2].map { f.gradient(at: f.moved(w, along: v, by: $0 * h)) }
    func difference(_ values: [Double]) -> Double {
        (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * h)
    }
    let slope = zip(f.gradient(at: w).gradient, v).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(difference(places.map(\.value)) - slope) < 1e-9 * (1 + abs(slope)))
    var bend = v
    f.hessian(at: w).apply(v, &bend)
    for i in w.indices {
        #expect(abs(difference(places.map { $0.gradient[i] }) - bend[i]) < 1e-9 * (1 + length(bend)))
    }
}

/// J_n by moments is J_n over the samples, with fewer samples than inputs too.
@Test func momentsTellTheRiskOfASample() throws {
    for widths in linearCases {
        let test = try Case(.linear, widths)
        for count in [1, 2, 3, 50, 1500] {
            let (x, y) = PopulationSampler(test.population).sample(.training, seed: 4, count: count)
            let whole = NetworkRisk(test.network, x, y)
            let short = try #require(test.sampleRisk(count, seed: 4))
            let (w, v) = (test.weights(2), test.weights(3))
            let (a, b) = (whole.gradient(at: w), short.gradient(at: w))
            #expect(abs(a.value - b.value) < 1e-11 * a.value, "\(widths), \(count) samples")
            #expect(zip(a.gradient, b.gradient).allSatisfy { abs($0 - $1) < 1e-11 * (1 + abs($0)) })
            var (p, q) = (v, v)
            whole.hessian(at: w).apply(v, &p)
            short.hessian(at: w).apply(v, &q)
            #expect(zip(p, q).allSatisfy { abs($0 - $1) < 1e-10 * (1 + abs($0)) })
        }
    }
}

/// J and ∇J by their formula are within four standard errors of the means over 10⁷ samples with noise.
@Test func riskIsThatOfTenMillionSamples() throws {
    let test = try Case(.linear, [2, 2, 1], variances: [2, 0.5])
    let risk = try #require(test.risk)
    let direct = StreamedRisk(test.network, test.population, seed: 11, samples: 10_000_000, isNoisy: true)
    #expect(direct.sampleCount >= 10_000_000)
    let w = test.weights(5)
    let (exact, estimate) = (risk.gradient(at: w), direct.estimate(at: w))
    #expect(abs(exact.value - estimate.value) < 4 * estimate.standardError)
    #expect(estimate.standardError < 1e-3 * exact.value)
    for i in w.indices {
        #expect(abs(exact.gradient[i] - estimate.gradient[i]) < 4 * estimate.gradientErrors[i])
        #expect(estimate.gradientErrors[i] < 1e-3 * length(exact.gradient))
    }
}

/// Standard errors are what estimates from other seeds scatter by: z has a variance of 1.
@Test(arguments: [false, true]) func standardErrorsAreRight(isNoisy: Bool) throws {
    let linear = try Case(.linear, [3, 2, 2])
    let exact = try #require(linear.risk).gradient(at: linear.weights(1))
    var scores: [Double] = []
    for seed in 0..<40 as Range<UInt64> {
        let risk = StreamedRisk(linear.network, linear.population, seed: seed, samples: 32 * 1024, isNoisy: isNoisy)
        let estimate = risk.estimate(at: linear.weights(1))
        scores.append((estimate.value - exact.value) / estimate.standardError)
        for i in exact.gradient.indices where i % 4 == 0 {
            scores.append((estimate.gradient[i] - exact.gradient[i]) / estimate.gradientErrors[i])
        }
    }
    let variance = scores.reduce(0) { $0 + $1 * $1 } / Double(scores.count)
    // Student's t of 31 degrees of freedom has 31/29; 160 scores, some of them correlated.
    #expect(variance > 0.7 && variance < 1.5, "\(variance)")
}

/// The sigmoid after the last layer too: f of one layer is 1/(1 + e^(−w·x)).
@Test func sigmoidNetworksEndInASigmoid() throws {
    let test = try Case(.sigmoid, [2, 1], noise: 0)
    let (x, y) = (MatrixBuffer<Double>(1, 2, [0.5, -1]), MatrixBuffer<Double>(1, 1, [0.2]))
    let deep = try PlainNetwork(.sigmoid, widths: [2, 1, 1])
    func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
    let f = sigmoid(0.3 * 0.5 + 0.7)
    #expect(abs(NetworkRisk(test.network, x, y).gradient(at: [0.3, -0.7]).value - (f - 0.2) * (f - 0.2) / 2) < 1e-15)
    let g = sigmoid(2 * f)
    #expect(abs(NetworkRisk(deep, x, y).gradient(at: [0.3, -0.7, 2]).value - (g - 0.2) * (g - 0.2) / 2) < 1e-15)
}

/// The fresh sample that is held is the one that is drawn anew.
@Test func streamsAreTheSampleThatIsHeld() throws {
    for kind in PlainNetwork.Kind.published {
        let test = try Case(kind, [2, 2, 1])
        let held = NetworkRisk(test.network, freshFrom: test.population, seed: 3, samples: 4096)
        let streamed = StreamedRisk(test.network, test.population, seed: 3, samples: 4000)
        #expect(streamed.sampleCount == 4096)
        let (a, b) = (held.gradient(at: test.weights(1)), streamed.gradient(at: test.weights(1)))
        #expect(abs(a.value - b.value) < 1e-12)
        #expect(zip(a.gradient, b.gradient).allSatisfy { abs($0 - $1) < 1e-12 })
    }
}
