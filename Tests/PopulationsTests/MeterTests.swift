import LinearAlgebra
import Populations
import Testing

private let widths = [3, 2, 2]

private func linearCase(noise: Double = 0.5) throws -> Case {
    try Case(.linear, widths, variances: [2, 1, 0.5], teacher: 1.5, noise: noise)
}

/// J_n, J, their gradients and gaps at w, and what the largest ones were found to be, by plain loops over the samples.
@Test func readingsAreThoseOfPlainLoops() throws {
    let test = try linearCase()
    let (x, y) = test.samples(50, seed: 3)
    var options = PopulationOptions(radius: 2, points: 20, trials: 30, starts: 0, leftOut: 0)
    let meter = try #require(PopulationMeter(test.network, test.population, seed: 1, x, y, options))
    func both(_ w: [Double]) -> (
        sample: (value: Double, gradient: [Double]), exact: (value: Double, gradient: [Double])
    ) {
        (PlainLoops(widths: widths, w: w).loss(x.rowArrays, y.rowArrays), test.exact(w))
    }
    func difference(_ a: [Double], _ b: [Double]) -> Double { length(zip(a, b).map { $0 - $1 }) }
    var readings: [PopulationReading] = []
    for seed in 0..<5 as Range<UInt64> {
        let w = test.weights(seed)
        let reading = try #require(meter.measure(w))
        let (sample, exact) = both(w)
        func expect(_ value: Double, _ plain: Double) { #expect(abs(value - plain) < 1e-12 * (1 + abs(plain))) }
        expect(reading.sampleRisk, sample.value)
        expect(reading.sampleSlope, length(sample.gradient))
        expect(reading.risk.value, exact.value)
        expect(reading.slope.value, length(exact.gradient))
        expect(reading.riskGap.value, sample.value - exact.value)
        expect(reading.gradientGap.value, difference(sample.gradient, exact.gradient))
        expect(reading.largestNorm, max(length(Array(w[0..<6])), length(Array(w[6..<10]))))
        #expect(reading.radius == 2 && reading.isInBall == (reading.largestNorm <= 2) && reading.samples == nil)
        let errors = [reading.risk, reading.slope, reading.riskGap, reading.gradientGap]
        #expect(errors.allSatisfy { $0.standardError == 0 })
        readings.append(reading)
    }
    let (risk, gradient) = (readings[0].uniformRisk, readings[0].uniformGradient)
    let (atRisk, atGradient) = (both(risk.found.w), both(gradient.found.w))
    #expect(abs(abs(atRisk.sample.value - atRisk.exact.value) - risk.value.value) < 1e-12)
    #expect(abs(difference(atGradient.sample.gradient, atGradient.exact.gradient) - gradient.value.value) < 1e-12)
    let certain = try #require(CertainBound(SecondMoments(x, y), of: test.population))
    #expect(risk.certain == certain.risk(layers: 2, radius: 2))
    #expect(gradient.certain == certain.gradient(layers: 2, radius: 2))
    for side in [risk, gradient] {
        #expect(side.again == nil && side.found.points == 20 && (1...60).contains(side.found.trials))
        #expect(side.value.value <= side.certain ?? 0 && side.value.value > 0.3 * (side.certain ?? .infinity))
        #expect(side.value.standardError == 0)
    }
    // τ is the largest deviation.
    let bounds = PublishedBounds(samples: 50, widths: widths, radius: 2, deviation: 2.0.squareRoot())
    #expect(risk.published == bounds.linearRisk && gradient.published == bounds.linearGradient)
    // Scales are the largest of random points, of what the ascents found, and of w in Ω.
    let ball = WeightBall(test.network, radius: 2)
    let found = [risk.found.w, gradient.found.w].map { test.exact($0) }
    let places = (0..<20).map { test.exact(ball.point($0, seed: 0)) } + found
    #expect(abs(readings[0].scales.risk - (places.map(\.value).max() ?? 0)) < 1e-11)
    #expect(abs(readings[0].scales.slope - (places.map { length($0.gradient) }.max() ?? 0)) < 1e-11)
    options.radius = 0.01
    let small = try #require(PopulationMeter(test.network, test.population, seed: 1, x, y, options))
    #expect(try #require(small.measure(test.weights(0))).isInBall == false)
}

/// What is not finite has no reading.
@Test func nothingIsReadWhereSomethingIsNotFinite() throws {
    let test = try linearCase()
    let (x, y) = test.samples(10, seed: 3)
    let options = PopulationOptions(radius: 2, points: 2, trials: 2, starts: 0, leftOut: 0)
    let meter = try #require(PopulationMeter(test.network, test.population, seed: 1, x, y, options))
    var w = test.weights(1)
    #expect(meter.measure(w) != nil)
    w[3] = .nan
    #expect(meter.measure(w) == nil)
    w[3] = 1e200
    #expect(meter.measure(w) == nil)
    x[0, 0] = .infinity
    #expect(PopulationMeter(test.network, test.population, seed: 1, x, y, options) == nil)
}

/// Sampled J is within its errors of the closed form, which are no larger than they have to be.
@Test func sampledReadingsAreWithinTheirErrors() throws {
    let test = try linearCase()
    let (x, y) = test.samples(300, seed: 3)
    var options = PopulationOptions(radius: 2, points: 2, trials: 0, starts: 0, leftOut: 0)
    let closed = try #require(PopulationMeter(test.network, test.population, seed: 1, x, y, options))
    options.samples = 20_000
    var (scores, lengths): ([Double], [Double]) = ([], [])
    for seed in 0..<20 as Range<UInt64> {
        let meter = try #require(PopulationMeter(test.network, test.population, seed: seed, x, y, options))
        let w = test.weights(seed)
        let (exact, sampled) = (try #require(closed.measure(w)), try #require(meter.measure(w)))
        #expect(sampled.samples == 20_480)
        #expect(sampled.sampleRisk == exact.sampleRisk && sampled.sampleSlope == exact.sampleSlope)
        for path in [\PopulationReading.risk, \.riskGap] {
            scores.append(
                (sampled[keyPath: path].value - exact[keyPath: path].value) / sampled[keyPath: path].standardError)
        }
        for path in [\PopulationReading.slope, \.gradientGap] {
            lengths.append(
                (sampled[keyPath: path].value - exact[keyPath: path].value) / sampled[keyPath: path].standardError)
        }
    }
    #expect((scores + lengths).allSatisfy { abs($0) < 4 })
    func variance(_ scores: [Double]) -> Double { scores.reduce(0) { $0 + $1 * $1 } / Double(scores.count) }
    #expect(variance(scores) > 0.5 && variance(scores) < 2, "\(variance(scores))")
    // Errors of a length are those of the whole vector, ten entries here.
    #expect(variance(lengths) > 0.1 && variance(lengths) < 1, "\(variance(lengths))")
}

/// As many fresh samples as training ones: the gaps at the places that the first ones chose are too large by their own noise, and the second
/// ones take it away.
@Test func aSecondSampleTakesTheBiasAway() throws {
    let test = try linearCase()
    var options = PopulationOptions(radius: 2, points: 20, trials: 20, starts: 0, leftOut: 0)
    options.samples = 16_384
    var sums = [[Double]](repeating: [0, 0, 0], count: 2)
    var scores: [[Double]] = [[], []]
    for seed in 0..<12 as Range<UInt64> {
        let (x, y) = test.samples(16_384, seed: seed)
        let meter = try #require(PopulationMeter(test.network, test.population, seed: seed, x, y, options))
        let reading = try #require(meter.measure(test.weights(1)))
        let sample = try #require(test.sampleRisk(16_384, seed: seed))
        let (risk, gradient) = (reading.uniformRisk, reading.uniformGradient)
        let (here, there) = (try #require(risk.again), try #require(gradient.again))
        // Along the sign that it has by the first sample, which need not be the true one.
        let highest = sample.gradient(at: risk.found.w).value
        let fresh = StreamedRisk(test.network, test.population, seed: seed, samples: 16_384).estimate(at: risk.found.w)
        let sign = highest < fresh.value ? -1.0 : 1
        #expect(abs(sign * (highest - fresh.value) - risk.found.value) < 1e-10)
        let exact = sign * (highest - test.exact(risk.found.w).value)
        let slope = length(
            zip(sample.gradient(at: gradient.found.w).gradient, test.exact(gradient.found.w).gradient).map { $0 - $1 })
        scores[0].append((here.value - exact) / here.standardError)
        scores[1].append((there.value - slope) / there.standardError)
        for (k, values) in [[risk.found.value, here.value, exact], [gradient.found.value, there.value, slope]]
            .enumerated()
        {
            sums[k] = zip(sums[k], values).map { $0 + $1 / 12 }
        }
        #expect(risk.value == here && gradient.value == there)
        // The very places of the first, by numbers of which the first knows none.
        let check = StreamedRisk(test.network, test.population, .check, seed: seed, samples: 16_384)
        let (at, along) = (check.estimate(at: risk.found.w), check.estimate(at: gradient.found.w))
        #expect(abs(sign * (highest - at.value) - here.value) < 1e-10)
        let difference = zip(sample.gradient(at: gradient.found.w).gradient, along.gradient).map { $0 - $1 }
        let noise = along.gradientErrors.reduce(0) { $0 + $1 * $1 }
        let squares = difference.reduce(0) { $0 + $1 * $1 }
        #expect(abs(max(squares - noise, 0).squareRoot() - there.value) < 1e-10)
        #expect(here.standardError == at.standardError && abs(there.standardError - noise.squareRoot()) < 1e-12)
    }
    for means in sums {
        note("first, second, exact: \(means)")
        #expect(means[1] < 0.85 * means[0])
    }
    for scores in scores {
        #expect(scores.allSatisfy { abs($0) < 4 })
        #expect(abs(scores.reduce(0, +)) < 4 * Double(scores.count).squareRoot())
    }
}
