import Layers
import LinearAlgebra
import Networks
import Populations
import StationaryPoints
import Testing

/// Readings over n samples of a seed, made for stationary points alone.
private func transports(
    _ test: Case, count: Int, seed: UInt64, samples: Int? = nil, radius: Double, starts: Int, ridge: Double
) throws -> TransportReading {
    let (x, y) = test.samples(count, seed: seed)
    let options = PopulationOptions(
        samples: samples, radius: radius, points: 1, trials: 0, starts: starts, ridge: ridge, leftOut: 0)
    let meter = try #require(PopulationMeter(test.network, test.population, seed: 1, x, y, options))
    let reading = try #require(meter.measure(test.weights(1)))
    return try #require(reading.stationaryPoints)
}

/// One layer with coefficients λ of the ridge: w* = C (Σ + Λ)⁻¹ for J and for J_n, ζ = min (s_i + λ_i).
@Test func theSurveyOfOneLayerIsARidgeRegression() throws {
    let test = try Case(.linear, [2, 1], variances: [2, 0.5])
    let reading = try transports(test, count: 30, seed: 2, radius: 3, starts: 5, ridge: 0.1)
    let point = try #require(reading.points.count == 1 ? reading.points[0] : nil)
    #expect(reading.starts == 5 && reading.arrived == 5 && reading.samples == nil)
    let ridge = [0.1, 0.1 * (5.0.squareRoot() + 1) / 2]
    func ridged(_ moments: SecondMoments) -> [Double] {
        var gram = moments.inputs.entries
        for i in 0..<2 { gram[3 * i] += ridge[i] }
        return solution(gram, moments.cross.entries, rows: 2)
    }
    let (x, y) = test.samples(30, seed: 2)
    let (from, to) = (ridged(try #require(SecondMoments(test.population))), ridged(SecondMoments(x, y)))
    let transport = point.transport
    #expect(transport.outcome == .matched && transport.index == 0...0 && transport.newIndex == 0...0)
    #expect(abs(transport.curvature - (0.5 + ridge[1])) < 1e-12)
    #expect(abs(transport.distance - length(zip(from, to).map { $0 - $1 })) < 1e-11)
    #expect(abs(point.largestNorm - length(from)) < 1e-11)
    let value = test.exact(from).value + zip(ridge, from).reduce(0) { $0 + $1.0 * $1.1 * $1.1 } / 2
    #expect(abs(point.value - value) < 1e-12)
    let gradients = (
        PlainLoops(widths: [2, 1], w: from).loss(x.rowArrays, y.rowArrays).gradient, test.exact(from).gradient
    )
    let gap = length(zip(gradients.0, gradients.1).map { $0 - $1 })
    #expect(abs(transport.gradientGap - gap) < 1e-11 && abs(point.reach - 2 * gap / (0.5 + ridge[1])) < 1e-10)
    #expect(point.isMatched && !point.sharesEnd)
}

/// Saddles and minima of a linear network have their points in J_n for large n, whatever the samples, and are found without them.
@Test func stationaryPointsOfManySamplesAreMatched() throws {
    let test = try Case(.linear, [3, 2, 2], teacher: 1.5)
    let readings = try [(40_000, 1), (40_000, 2), (2, 3)].map {
        try transports(test, count: $0, seed: $1, radius: 2.5, starts: 30, ridge: 0.2)
    }
    let points = readings[0].points
    for reading in readings[1...] {
        #expect(reading.points.map(\.value) == points.map(\.value) && reading.arrived == readings[0].arrived)
    }
    #expect(Set(points.map(\.transport.index)).count > 2 && points.count < readings[0].arrived)
    for point in readings[0].points + readings[1].points {
        #expect(point.isMatched && point.transport.outcome == .matched && point.transport.index.count == 1)
        #expect(point.transport.distance <= point.reach)
    }
    // Values differ, so that none is an image of another; two samples can't keep all of them apart.
    for (a, b) in zip(points, points.dropFirst()) { #expect(b.value > a.value) }
    #expect(readings[2].points.contains { !$0.isMatched })
}

/// Where all answers are 0, J_n with its ridge has one stationary point, W = 0: what arrives there from different points is seen.
@Test func pointsThatArriveTogetherAreSeen() throws {
    let test = try Case(.linear, [2, 2, 1], teacher: 1.5)
    let x = test.samples(100, seed: 1).x
    let options = PopulationOptions(radius: 2.5, points: 1, trials: 0, starts: 16, ridge: 0.1, leftOut: 0)
    let meter = try #require(
        PopulationMeter(test.network, test.population, seed: 1, x, MatrixBuffer(100, 1), options))
    let reading = try #require(meter.measure(test.weights(1)))
    let points = try #require(reading.stationaryPoints).points
    let arrived = points.filter { $0.transport.outcome == .matched }
    #expect(points.count > 1 && arrived.count > 1)
    for point in arrived {
        #expect(point.sharesEnd && !point.isMatched && length(point.transport.end) < 1e-6)
        #expect(point.transport.newIndex == 0...0)
    }
    for point in points where point.transport.outcome != .matched { #expect(!point.sharesEnd && !point.isMatched) }
}

/// Of a sigmoid network, by fresh samples.
@Test func stationaryPointsOfSigmoidNetworksAreMatched() throws {
    let test = try Case(.sigmoid, [1, 2, 2], teacher: 6, noise: 0, seed: 4)
    let reading = try transports(test, count: 8000, seed: 1, samples: 16_000, radius: 5, starts: 8, ridge: 2e-3)
    #expect(reading.samples == 16_384 && Set(reading.points.map(\.transport.index)) == [0...0, 1...1])
    #expect(reading.points.allSatisfy { $0.isMatched })
    let function = NetworkRisk(test.network, freshFrom: test.population, seed: 1, samples: 16_384)
    let coefficients = (0..<6).map { k in
        let multiple = Double(k) * 0.6180339887498949
        return 2e-3 * (1 + multiple - multiple.rounded(.down))
    }
    let ridged = Ridged(function, coefficients: coefficients)
    for point in reading.points {
        let (value, gradient) = ridged.gradient(at: point.w)
        #expect(abs(value - point.value) < 1e-12 && length(gradient) < 1e-10)
    }
}

/// Networks of which no theorem speaks have gaps and no bounds; with kinks no stationary points either.
@Test func otherNetworksHaveNoBounds() throws {
    for (function, isSmooth) in [(Activation.Function.relu, false), (.tanh, true)] {
        let builder = ModelBuilder(parametrization: .standard, activation: Activation(function))
        let model = try builder.model(MLP(width: 2, depth: 1).layers(builder), inputShape: [2], outputs: 1)
        let network = try #require(PlainNetwork(recognizing: model))
        let population = Population(
            variances: [1, 1], .randomLinear(inputs: 2, outputs: 1, scale: 1, seed: 1), noise: 0.5)
        #expect(!PopulationRisk.hasClosedForm(network, population))
        let (x, y) = PopulationSampler(population).sample(.training, seed: 1, count: 50)
        let options = PopulationOptions(samples: 1, radius: 2, points: 4, trials: 4, starts: 4, ridge: 0.1, leftOut: 2)
        let meter = try #require(PopulationMeter(network, population, seed: 1, x, y, options))
        let reading = try #require(meter.measure([0.5, -0.3, 0.2, 0.7, 1, -0.8]))
        for side in [reading.uniformRisk, reading.uniformGradient] {
            #expect(side.certain == nil && side.published == nil && side.found.value > 0 && side.again != nil)
        }
        #expect((reading.stationaryPoints != nil) == isSmooth && (reading.stability != nil) == isSmooth)
    }
}

/// What is too large to be held is drawn anew: J, its gradient and its Hessian are those of the stream, to the last bit.
@Test(arguments: [4 * 17_408 - 1, 4 * 17_408]) func largeFreshSamplesAreStreamed(mostHeld: Int) throws {
    let test = try Case(.sigmoid, [3, 2, 1], noise: 0.5)
    let risk = try #require(
        PopulationRisk(test.network, test.population, seed: 1, samples: 16_385, mostHeld: mostHeld))
    let streamed = StreamedRisk(test.network, test.population, seed: 1, samples: 16_385)
    #expect(risk.samples == 17_408 && streamed.sampleCount == 17_408)
    let w = test.weights(1)
    let (here, estimate) = (risk.gradient(at: w), streamed.estimate(at: w))
    let isHeld = mostHeld == 4 * 17_408
    #expect((here.gradient == estimate.gradient) == !isHeld && abs(here.value - estimate.value) < 1e-12)
    var (product, expected) = (w, w)
    risk.hessian(at: w).apply(w, &product)
    streamed.hessian(at: w).apply(w, &expected)
    #expect((product == expected) == !isHeld && length(zip(product, expected).map { $0 - $1 }) < 1e-12)
    #expect(risk.estimate(at: w).gradientErrors == estimate.gradientErrors && estimate.standardError > 0)
}

@Test func fewFreshSamplesAreHeld() throws {
    let test = try Case(.sigmoid, [1, 1], noise: 0.5)
    #expect([1, 16_384, 20_000].map(PopulationRisk.sampleCount) == [16_384, 16_384, 20_480])
    func bytes(_ samples: Int) -> Double {
        PopulationMeter.bytes(
            test.network, test.population, samples: 10, PopulationOptions(samples: samples, radius: 1))
    }
    let most = PopulationRisk.mostHeld / 2
    #expect(bytes(most) == bytes(100 * most))
    #expect(bytes(most) - bytes(most / 2) >= Double(8 * PopulationRisk.mostHeld / 2))
}

/// More than 256 weights are not searched, nor is anything where nobody asks.
@Test func surveysOfLargeNetworksAreLeftOut() throws {
    for (widths, starts) in [([16, 17], 1), ([2, 1], 0)] {
        let test = try Case(.linear, widths)
        let (x, y) = test.samples(40, seed: 1)
        let options = PopulationOptions(radius: 1, points: 1, trials: 0, starts: starts, leftOut: 0)
        let meter = try #require(PopulationMeter(test.network, test.population, seed: 1, x, y, options))
        let reading = try #require(meter.measure(test.weights(1)))
        #expect(reading.stationaryPoints == nil && reading.stability?.change == nil)
    }
}
