import LinearAlgebra
import Sampling
import StationaryPoints
import Testing

/// A deep linear network on random data, with a ridge that leaves no symmetry but signs.
struct RidgedNetwork {
    let network: DeepLinear
    let coefficients: [Double]
    var f: Ridged<DeepLinear> { Ridged(network, coefficients: coefficients) }

    init(_ widths: [Int], ridge: Double, seed: UInt64) {
        let draws = RandomStream(seed: seed, "data")
        let (inputs, outputs) = (widths[0], widths[widths.count - 1])
        network = DeepLinear(
            widths: widths, x: Matrix(inputs, 3, (0..<3 * inputs).map { draws.normal($0) }),
            y: Matrix(outputs, 3, (0..<3 * outputs).map { draws.normal(100 + $0) }))
        coefficients = genericRidge(network.dimension, size: ridge, seed: 3)
    }

    /// w with each hidden unit's incoming and outgoing weights turned, unit by unit: f is the same at all of them.
    func turned(_ w: [Double]) -> [[Double]] {
        (1..<network.layers).flatMap { l in
            (0..<network.widths[l]).map { unit in
                var weights = network.weights(w)
                for j in 0..<weights[l - 1].columns { weights[l - 1][unit, j] *= -1 }
                for i in 0..<weights[l].rows { weights[l][i, unit] *= -1 }
                return weights.flatMap(\.entries)
            }
        }
    }
}

/// Two searches that share no start find the same points; signs turn them into each other; their indices add up.
private func check(
    _ case: RidgedNetwork, _ starts: Int, _ method: StationarySearch.Method = .newtonMR, points expected: Int
) throws {
    let name = "\(`case`.network.widths), \(method)"
    let ends = [1, 2].map {
        survey(`case`.f, starts, method: method, steps: method == .newtonMR ? 200 : 3000, seed: $0, spread: 1.5)
    }
    let (first, second) = (DistinctPoints(ends[0]), DistinctPoints(ends[1]))
    let both = DistinctPoints(ends[0] + ends[1])
    #expect(first.count == expected...expected, "\(name)\n\(summary(first))")
    #expect(second.count == first.count && both.count == first.count, "\(name)\n\(summary(second))")
    #expect(both.alternatingSum == 1, "\(name)")
    let missed = try #require(both.missed?.missed)
    #expect(missed.interval.contains(0) && missed.interval.upperBound < 0.5, "\(name): \(missed)")
    for found in both.found {
        for image in `case`.turned(found.point.place.w) {
            let matches = both.found.filter {
                let distance = Double.squaredDistance(image.count, $0.point.place.w, image).squareRoot()
                return distance <= $0.point.reach + found.point.reach
            }
            #expect(matches.count == 1, "\(name): a sign leads to \(matches.count) points")
        }
    }
}

@Test func ridgedNetworksHaveTheSamePointsForTwoSearches() throws {
    try check(RidgedNetwork([1, 2, 1], ridge: 0.1, seed: 5), 300, points: 5)
    try check(RidgedNetwork([2, 2, 1], ridge: 0.2, seed: 5), 300, points: 9)
    // Each of two paths is a chain of three: eight points beside 0.
    try check(RidgedNetwork([1, 1, 2, 1], ridge: 0.2, seed: 6), 600, points: 17)
}

@Test(.enabled(if: isLong)) func widerRidgedNetworksHaveTheSamePointsForTwoSearches() throws {
    try check(RidgedNetwork([2, 2, 2], ridge: 0.2, seed: 5), 4000, points: 21)
    try check(RidgedNetwork([1, 2, 2, 1], ridge: 0.05, seed: 5), 2000, .gradientNormDescent, points: 33)
}

/// A survey that has not found all says so: by the sum of indices, or by what capture and recapture leaves open.
@Test func aSurveyThatIsTooSmallSaysSo() throws {
    let few = DistinctPoints(survey(RidgedNetwork([1, 2, 2, 1], ridge: 0.05, seed: 5).f, 60, steps: 200))
    #expect(few.found.count < 33, "\(summary(few))")
    let missed = try #require(few.missed?.missed)
    #expect(Double(few.found.count) + missed.interval.upperBound >= 33, "\(missed)")
    #expect(few.alternatingSum != 1 || missed.interval.upperBound >= 1)
}

/// Where a search ends is a function of its number: the order in which searches are made, and what else was made, change nothing.
@Test func searchesArePureFunctions() {
    let f = RidgedNetwork([2, 2, 1], ridge: 0.2, seed: 5).f
    let survey = StationarySurvey(f, StationarySearch(.newtonMR, maximumSteps: 200)) {
        normalStart(seed: 4, $0, dimension: f.dimension, standardDeviation: 1)
    }
    let ahead = (0..<20).map { survey.endPoint($0).place.w }
    let back = (0..<20).reversed().map { survey.endPoint($0).place.w }
    #expect(ahead == back.reversed())
    #expect(Set(ahead.map { $0.map(\.bitPattern) }).count > 1)
}

/// Beyond `mostEntries` weights there is no spectrum: ‖H‖_F is estimated, nothing is said of the index, and no two points are
/// told apart.
@Test func largeFunctionsHaveNoSpectrum() throws {
    let n = HessianSpectrum.mostEntries + 1
    let diagonal = (0..<n).map { 1 + Double($0 % 7) }
    let points = DistinctPoints(survey(Bowl(entries: diagonal), 3))
    #expect(points.verdicts == [.stationary: 3] && points.found.allSatisfy { $0.point.spectrum == nil })
    #expect(points.count == 1...3 && points.alternatingSum == nil)
    let exact = Double.dot(n, diagonal, diagonal).squareRoot()
    let estimate = Flatness.estimatedFrobeniusNorm(of: Diagonal(entries: diagonal))
    #expect(abs(estimate - exact) < 5 * exact * (2.0 / (30 * Double(n))).squareRoot() * 2, "\(estimate), \(exact)")
}
