import Foundation
import LinearAlgebra
import Populations
import StationaryPoints
import Testing

/// Without teacher and noise J_n − J = ½ tr(W A Wᵀ): over Ω at most ½ r^(2l) ‖A‖₂, and its gradient √l r^(2l−1) ‖A‖₂, both
/// where each layer is of rank one. The search finds them, the bound that is certain is just that, and nothing is above it.
@Test(arguments: [[3, 2], [3, 2, 2], [4, 3, 2, 3]]) func supremaAreFound(widths: [Int]) throws {
    let test = try Case(.linear, widths, teacher: 0, noise: 0)
    let layers = widths.count - 1
    for radius in [0.5, 1, 3] {
        let search = GapSearch(
            try #require(test.risk), WeightBall(test.network, radius: radius), points: 30, seed: 1)
        for seed in 0..<5 as Range<UInt64> {
            let moments = test.moments(200, seed: seed)
            let gaps = search.gaps(of: try #require(NetworkRisk(test.network, moments)), climbs: 8, trials: 400)
            let bound = try #require(CertainBound(moments, of: test.population))
            let (risk, gradient) = (
                bound.inputs * pow(radius, Double(2 * layers)) / 2,
                bound.inputs * pow(radius, Double(2 * layers - 1)) * Double(layers).squareRoot()
            )
            #expect(abs(bound.risk(layers: layers, radius: radius) / risk - 1) < 1e-12)
            #expect(abs(bound.gradient(layers: layers, radius: radius) / gradient - 1) < 1e-12)
            #expect(gaps.risk.value > 0.9999 * risk && gaps.risk.value < risk * (1 + 1e-9), "\(gaps.risk.summary)")
            #expect(
                gaps.gradient.value > 0.9999 * gradient && gaps.gradient.value < gradient * (1 + 1e-9),
                "\(gaps.gradient.summary) of \(gradient)")
            for gap in [gaps.risk, gaps.gradient] {
                #expect(gap.points == 30 && gap.trials <= 6400 && gap.value >= gap.atRandom)
                for layer in test.network.blocks { #expect(length(Array(gap.w[layer])) < radius * (1 + 1e-12)) }
            }
        }
    }
}

/// One layer with two weights: the largest gaps on a fine grid of the disk are those that were found, with a teacher and noise too.
@Test(arguments: PlainNetwork.Kind.published) func aGridFindsNoLargerGap(kind: PlainNetwork.Kind) throws {
    let test = try Case(kind, [2, 1], variances: [1, 0.5])
    let radius = 2.0
    let population = NetworkRisk(test.network, freshFrom: test.population, seed: 3, samples: 2048)
    let sample = try #require(test.sampleRisk(150, seed: 1))
    let gaps = GapSearch(population, WeightBall(test.network, radius: radius), points: 40, seed: 2).gaps(
        of: sample, climbs: 4, trials: 200)
    let gap = RiskGap(sample, population)
    #expect(abs(abs(gap.gradient(at: gaps.risk.w).value) - gaps.risk.value) < 1e-14)
    #expect(abs(length(gap.gradient(at: gaps.gradient.w).gradient) - gaps.gradient.value) < 1e-14)
    var (risk, gradient) = (0.0, 0.0)
    for ring in 0...10 {
        for step in 0..<90 {
            let (length, angle) = (radius * Double(ring) / 10, Double(step) * Double.pi / 45)
            let place = StationarySearch.Place(gap, [length * cos(angle), length * sin(angle)])
            (risk, gradient) = (max(risk, abs(place.value)), max(gradient, place.gradientNorm))
        }
    }
    #expect(gaps.risk.value >= risk && gaps.risk.value < 1.05 * risk)
    #expect(gaps.gradient.value >= gradient && gaps.gradient.value < 1.05 * gradient)
}

/// Points lie in Ω: those with an even number on the surface of each layer's ball, the others anywhere in it.
@Test func randomPointsFillTheBall() throws {
    let network = try PlainNetwork(.linear, widths: [3, 2, 2])
    let ball = WeightBall(network, radius: 1.5)
    var inner: [Double] = []
    for k in 0..<2000 {
        let lengths = network.blocks.map { length(Array(ball.point(k, seed: 1)[$0])) }
        if k % 2 == 0 {
            for value in lengths { #expect(abs(value - 1.5) < 1e-12) }
        } else {
            inner.append(pow(lengths[1] / 1.5, 4))
        }
    }
    // The fourth power of a length is uniform in four dimensions.
    let mean = inner.reduce(0, +) / 1000
    #expect(inner.allSatisfy { $0 <= 1 } && abs(mean - 0.5) < 4 * (1 / 12e3).squareRoot())
}
