import LinearAlgebra
import Populations
import ScalingLaws
import StationaryPoints
import Testing

/// Different coefficients, so that no continuous symmetry is left.
private func ridge(_ count: Int, size: Double = 0.05) -> [Double] {
    (0..<count).map { size * (1 + Double($0 * 7 % 11) / 11) }
}

/// The distinct stationary points of f that a survey finds, in the order of their values.
private func stationaryPoints<F: TwiceDifferentiable>(of f: F, starts: Int, spread: Double) -> [EndPoint] {
    let survey = StationarySurvey(f, StationarySearch(.newtonMR, maximumSteps: 200)) {
        normalStart(seed: 1, $0, dimension: f.dimension, standardDeviation: spread)
    }
    var found: [EndPoint] = []
    for end in (0..<starts).map(survey.endPoint).sorted(by: { $0.place.value < $1.place.value }) {
        // Signs of units make images of the same value: one of them will do.
        if end.verdict == .stationary, !(abs(end.place.value - (found.last?.place.value ?? .infinity)) < 1e-8) {
            found.append(end)
        }
    }
    return found
}

/// Each point of J that is not degenerate has one of J_n with the same index, at a distance that falls like n^(−1/2), and within
/// (2/ζ) times the gap of the gradients there. A point that symmetry holds where it is stays there.
private func expectTransport<F: TwiceDifferentiable, G: TwiceDifferentiable>(
    _ points: [EndPoint], of population: [F], to sample: (Int, UInt64) throws -> G, sizes: [Int],
    size: (Int) -> Double = { Double($0) }
) throws {
    var series = [[ScalingPoint]](repeating: [], count: points.count)
    for (seed, population) in population.enumerated() {
        let places = points.map { point in
            StationaryTransport.endPoint(of: population, from: point.place.w)
        }
        for count in sizes {
            let risk = try sample(count, UInt64(seed))
            for (k, point) in places.enumerated() {
                let transport = StationaryTransport(of: point, to: risk)
                #expect(
                    transport.outcome == .matched && transport.index == transport.newIndex,
                    "seed \(seed), n \(count), \(k)")
                let bound = 2 / transport.curvature * transport.gradientGap
                #expect(transport.distance <= bound, "seed \(seed), n \(count), \(k)")
                series[k].append(ScalingPoint(size: size(count), value: transport.distance, seed: seed))
            }
        }
    }
    for (point, series) in zip(points, series) {
        guard length(point.place.w) > 1e-6 else {
            #expect(series.allSatisfy { $0.value < 1e-6 })
            continue
        }
        // Less than that is too little to fit.
        guard sizes.count >= PowerLaw.fewestSizes else { continue }
        let law = try PowerLaw(series)
        note(
            "value \(point.place.value), index \(point.spectrum?.index ?? 0...99), zeta \(point.spectrum?.smallestNonzero ?? 0): \(law.mean.display)"
        )
        #expect(agrees(law, with: -0.5, within: 0.1), "\(law.exponent.display)")
    }
}

/// Of a linear network, with saddles of several indices.
@Test func stationaryPointsOfLinearNetworksMoveLikeTheRootOfN() throws {
    let test = try Case(.linear, [3, 2, 2], teacher: 1.5)
    let coefficients = ridge(test.network.weightCount, size: 0.2)
    let risk = Ridged(try #require(test.risk), coefficients: coefficients)
    let points = stationaryPoints(of: risk, starts: 30, spread: 1)
    #expect(Set(points.compactMap { $0.spectrum?.index.lowerBound }).count > 2)
    try expectTransport(
        points, of: Array(repeating: risk, count: isLong ? 100 : 32),
        to: { Ridged(try #require(test.sampleRisk($0, seed: $1)), coefficients: coefficients) },
        sizes: [1000, 6000, 36_000, 216_000])
}

/// Of a sigmoid network (with its law in the long tests), two minima and a saddle, with J by a fresh sample of M, in n M/(n + M).
@Test func stationaryPointsOfSigmoidNetworksMoveLikeTheRootOfN() throws {
    let test = try Case(.sigmoid, [1, 2, 2], teacher: 6, noise: 0, seed: 4)
    let coefficients = ridge(test.network.weightCount, size: 3e-3)
    func population(_ seed: UInt64, _ samples: Int) -> Ridged<NetworkRisk> {
        Ridged(
            NetworkRisk(test.network, freshFrom: test.population, seed: seed, samples: samples),
            coefficients: coefficients)
    }
    let points = stationaryPoints(of: population(99, 512), starts: 12, spread: 3)
    #expect(Set(points.compactMap { $0.spectrum?.index.lowerBound }) == [0, 1])
    let m = isLong ? 16_384 : 4096
    try expectTransport(
        points, of: (0..<(isLong ? 40 : 6)).map { population($0, m) },
        to: { Ridged(try #require(test.sampleRisk($0, seed: $1)), coefficients: coefficients) },
        sizes: isLong ? [400, 1600, 6400, 25_600] : [1000, 4000]
    ) { Double($0 * m) / Double($0 + m) }
}

/// Without a ridge the minima of a deep linear network are a surface: the theorem does not speak of them, and the result says so. What was not
/// shown to be stationary is not followed either.
@Test func degeneratePointsAreNamed() throws {
    let test = try Case(.linear, [3, 2, 2])
    let (risk, sample) = (try #require(test.risk), try #require(test.sampleRisk(1000, seed: 1)))
    let points = stationaryPoints(of: risk, starts: 10, spread: 1)
    #expect(!points.isEmpty)
    for point in points {
        let transport = StationaryTransport(of: point, to: sample)
        #expect(transport.outcome == .degenerate && transport.curvature == 0 && transport.distance.isNaN)
    }
    let search = StationarySearch(.newtonMR, maximumSteps: 1)
    let start = test.weights(1)
    let early = EndPoint(risk, search.end(of: risk, from: start), tolerance: search.tolerance)
    #expect(StationaryTransport(of: early, to: sample).outcome == .notStationary)
}

/// One layer with a ridge: w* = T Σ (Σ + Λ)⁻¹ and w_n = C_n (Σ_n + Λ)⁻¹, here for two inputs.
@Test func theStationaryPointOfOneLayerIsThatOfLeastSquares() throws {
    let test = try Case(.linear, [2, 1], variances: [2, 0.5])
    let coefficients = [0.1, 0.2]
    func solution(_ moments: SecondMoments) -> [Double] {
        let (a, b, d) = (moments.inputs[0, 0] + 0.1, moments.inputs[0, 1], moments.inputs[1, 1] + 0.2)
        let (p, q) = (moments.cross[0, 0], moments.cross[0, 1])
        return [(d * p - b * q) / (a * d - b * b), (a * q - b * p) / (a * d - b * b)]
    }
    let whole = try #require(SecondMoments(test.population))
    let points = stationaryPoints(
        of: Ridged(try #require(test.risk), coefficients: coefficients), starts: 3, spread: 1)
    let point = try #require(points.count == 1 ? points[0] : nil)
    for seed in 0..<10 as Range<UInt64> {
        let moments = test.moments(100, seed: seed)
        let sample = Ridged(try #require(NetworkRisk(test.network, moments)), coefficients: coefficients)
        let transport = StationaryTransport(of: point, to: sample)
        let (from, to) = (solution(whole), solution(moments))
        #expect(transport.outcome == .matched && transport.index == 0...0 && transport.newIndex == 0...0)
        #expect(abs(transport.curvature - 0.7) < 1e-12)
        #expect(zip(transport.end, to).allSatisfy { abs($0 - $1) < 1e-11 })
        #expect(abs(transport.distance - length(zip(from, to).map { $0 - $1 })) < 1e-11)
    }
}
