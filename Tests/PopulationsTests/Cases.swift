import Foundation
import LinearAlgebra
import Populations
import Sampling
import ScalingLaws

let isLong = ProcessInfo.processInfo.environment["NTKLAB_TEST_LONG"] != nil

/// A network with a population whose teacher is linear for linear networks, and such a network for those with sigmoids.
struct Case {
    let network: PlainNetwork
    let population: Population

    init(
        _ kind: PlainNetwork.Kind, _ widths: [Int], variances: [Double]? = nil, teacher scale: Double = 1,
        noise: Double = 0.5, seed: UInt64 = 1
    ) throws {
        network = try PlainNetwork(kind, widths: widths)
        let teacher =
            kind == .linear
            ? Population.Teacher.randomLinear(
                inputs: network.inputs, outputs: network.outputs, scale: scale, seed: seed)
            : Population.Teacher.random(network, scale: scale, seed: seed)
        population = Population(
            variances: variances ?? Array(repeating: 1, count: network.inputs), teacher, noise: noise)
    }

    /// J, of a linear network.
    var risk: NetworkRisk? { SecondMoments(population).flatMap { NetworkRisk(network, $0) } }

    /// Moments of n training samples.
    func moments(_ count: Int, seed: UInt64) -> SecondMoments {
        SecondMoments(PopulationSampler(population), seed: seed, count: count)
    }

    /// J_n, of a linear network by moments.
    func sampleRisk(_ count: Int, seed: UInt64) -> NetworkRisk? {
        guard network.kind == .sigmoid else { return NetworkRisk(network, moments(count, seed: seed)) }
        let (x, y) = PopulationSampler(population).sample(.training, seed: seed, count: count)
        return NetworkRisk(network, x, y)
    }

    /// Weights N(0, scale²).
    func weights(_ seed: UInt64, scale: Double = 0.7) -> [Double] {
        var w = [Double](repeating: 0, count: network.weightCount)
        RandomStream(seed: seed, "weights of a test").fillNormal(&w, count: w.count, standardDeviation: scale)
        return w
    }
}

/// A B, both row-major, A [m, k].
func product(_ a: [Double], _ b: [Double], rows m: Int, inner k: Int) -> [Double] {
    let n = b.count / k
    return (0..<(m * n)).map { index in
        (0..<k).reduce(0) { $0 + a[index / n * k + $1] * b[$1 * n + index % n] }
    }
}

func length(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }

/// |exponent − expected| within the tolerance, and an interval that covers what is expected.
func agrees(_ law: PowerLaw, with expected: Double, within tolerance: Double) -> Bool {
    abs(law.mean.value - expected) < tolerance && law.exponent.interval.contains(expected)
}

/// A figure that was measured, which the long tests say.
func note(_ figure: String) { if isLong { print(figure) } }
