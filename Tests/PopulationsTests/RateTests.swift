import Foundation
import LinearAlgebra
import Populations
import ScalingLaws
import StationaryPoints
import Testing

/// Both gaps for each n and seed.
///
/// - Parameters:
///   - population: J for a seed.
///   - size: what n counts for.
private func points<F: TwiceDifferentiable>(
    _ test: Case, _ population: (UInt64) throws -> F, sizes: [Int], seeds: Int, radius: Double, points: Int,
    trials: Int,
    size: (Int) -> Double = { Double($0) }
) throws -> (risk: [ScalingPoint], gradient: [ScalingPoint]) {
    var (risk, gradient) = ([ScalingPoint](), [ScalingPoint]())
    for seed in 0..<seeds {
        let search = GapSearch(
            try population(UInt64(seed)), WeightBall(test.network, radius: radius), points: points, seed: 1)
        for count in sizes {
            let gaps = search.gaps(of: try #require(test.sampleRisk(count, seed: UInt64(seed))), trials: trials)
            risk.append(ScalingPoint(size: size(count), value: gaps.risk.value, seed: seed))
            gradient.append(ScalingPoint(size: size(count), value: gaps.gradient.value, seed: seed))
        }
    }
    return (risk, gradient)
}

/// Both gaps fall like n^(−1/2), over three decades of n.
@Test(arguments: [[3, 2], [3, 2, 2], [3, 2, 2, 2]]) func gapsOfLinearNetworksFallLikeTheRootOfN(widths: [Int]) throws {
    let test = try Case(.linear, widths)
    let sizes = [100, 316, 1000, 3162, 10_000, 31_623, 100_000]
    let found = try points(
        test, { _ in try #require(test.risk) }, sizes: sizes, seeds: isLong ? 100 : 24, radius: 1.2, points: 40,
        trials: 60
    )
    for (name, points) in [("risk", found.risk), ("gradient", found.gradient)] {
        let law = try PowerLaw(points)
        note("\(widths) \(name): \(law.mean.display), \(law.exponent.display)")
        #expect(agrees(law, with: -0.5, within: 0.05), "\(name): \(law.exponent.display)")
    }
}

/// The same of sigmoid networks, in n M/(n + M) for a J from M fresh samples.
@Test(arguments: [[2, 1], [2, 2, 1], [2, 2, 2, 1]]) func gapsOfSigmoidNetworksFallLikeTheRootOfN(widths: [Int]) throws {
    let test = try Case(.sigmoid, widths, teacher: 2, noise: 0)
    let sizes = isLong ? [100, 316, 1000, 3162, 10_000, 31_623, 100_000] : [100, 400, 1600, 6400]
    let m = isLong ? 400_000 : 16_384
    let found = try points(
        test, { NetworkRisk(test.network, freshFrom: test.population, seed: $0, samples: m) }, sizes: sizes,
        seeds: isLong ? 24 : 36, radius: 3, points: 16, trials: 2
    ) { Double($0 * m) / Double($0 + m) }
    for (name, points) in [("risk", found.risk), ("gradient", found.gradient)] {
        let law = try PowerLaw(points)
        note("\(widths) \(name): \(law.mean.display), \(law.exponent.display)")
        #expect(agrees(law, with: -0.5, within: 0.05), "\(name): \(law.exponent.display)")
    }
}

/// For large r the gap of the risk grows like r^(2l), that of the gradient like r^(2l−1), beside a teacher that stays as it is.
@Test(arguments: [[3, 2], [3, 2, 2], [3, 2, 2, 2]]) func gapsOfLinearNetworksGrowLikePowersOfTheRadius(widths: [Int])
    throws
{
    let test = try Case(.linear, widths)
    let layers = Double(widths.count - 1)
    let population = try #require(test.risk)
    var (risk, gradient) = ([ScalingPoint](), [ScalingPoint]())
    for radius in [16.0, 32, 64, 128, 256] {
        let search = GapSearch(population, WeightBall(test.network, radius: radius), points: 40, seed: 1)
        for seed in 0..<8 {
            let gaps = search.gaps(of: try #require(test.sampleRisk(1000, seed: UInt64(seed))), trials: 60)
            risk.append(ScalingPoint(size: radius, value: gaps.risk.value, seed: seed))
            gradient.append(ScalingPoint(size: radius, value: gaps.gradient.value, seed: seed))
        }
    }
    for (points, exponent) in [(risk, 2 * layers), (gradient, 2 * layers - 1)] {
        let law = try PowerLaw(points)
        note("\(widths): \(law.mean.display), \(law.exponent.display)")
        #expect(abs(law.mean.value - exponent) < 0.1, "\(law.mean.display)")
    }
}
