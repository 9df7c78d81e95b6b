import Foundation
import LinearAlgebra
import Sampling
import Testing
import Theory

private func points(_ steps: StrideThrough<Int>, _ seed: UInt64, noise: Double, _ loss: (Double) -> Double)
    -> [RecordedDescent.Point]
{
    let stream = RandomStream(seed: seed, "noise")
    return steps.map { .init(step: $0, time: Double($0), loss: loss(Double($0)) * exp(noise * stream.normal($0))) }
}

@Test func rateAndFloorOfANoisyExponentialAreInTheirIntervals() throws {
    let (rate, floor) = (0.011, 3e-4)
    var (rates, floors, halves) = (0, 0, 0)
    var widths: [Double] = []
    for seed in 0..<200 {
        let data = points(stride(from: 0, through: 1500, by: 10), UInt64(seed), noise: 0.1) {
            2 * exp(-rate * $0) + floor
        }
        let fit = try #require(DecayFits(data, models: [.plateau])?[.plateau])
        let interval = fit.rate.interval
        rates += interval.contains(rate) ? 1 : 0
        halves += abs(rate - fit.rate.value) < (interval.upperBound - interval.lowerBound) / 4 ? 1 : 0
        floors += try #require(fit.floor).interval.contains(floor) ? 1 : 0
        widths.append((fit.rate.interval.upperBound - fit.rate.interval.lowerBound) / rate)
    }
    // The intervals are stated for 99 %; half of one then holds in 80 %, so that they are not just wide.
    #expect(rates >= 190, "rate in its interval \(rates) times of 200")
    #expect(floors >= 190, "floor in its interval \(floors) times of 200")
    #expect((140...180).contains(halves), "rate in half of its interval \(halves) times of 200")
    #expect(try #require(widths.max()) < 0.05, "rates are told to a few percent")
}

@Test func eachLawIsTheOneThatFitsBest() throws {
    let laws: [(DecayModel, (Double) -> Double)] = [
        (.exponential, { exp(-0.01 * $0) }), (.twoExponentials, { exp(-0.004 * $0) + 3 * exp(-0.03 * $0) }),
        (.powerLaw, { pow(1 + $0 / 20, -1.5) }), (.stretched, { exp(-pow($0 / 20, 0.5)) }),
        (.plateau, { exp(-0.01 * $0) + 0.05 }),
    ]
    for (model, law) in laws {
        let fits = try #require(DecayFits(points(stride(from: 0, through: 1000, by: 5), 7, noise: 0.02, law)))
        let best = try #require(fits.fits.min { $0.information < $1.information })
        #expect(best.model == model, "\(model.rawValue) taken for \(best.model.rawValue)")
        let middle = try #require(fits[model]).value(500)
        #expect(abs(middle / law(500) - 1) < 0.02, "\(model.rawValue) at the middle")
    }
}

@Test func theSlowerOfTwoRatesIsTheRate() throws {
    let data = points(stride(from: 0, through: 1000, by: 5), 1, noise: 0.01) { exp(-0.004 * $0) + 3 * exp(-0.03 * $0) }
    let rate = try #require(DecayFits(data, models: [.twoExponentials])?[.twoExponentials]).rate
    #expect(rate.interval.contains(0.004))
    #expect(abs(rate.value - 0.004) < 1e-4)
}

@Test func leastSquaresMeetsTheClosedFormOfALine() throws {
    let x = (0..<30).map(Double.init)
    let y = x.map { 3 - 0.7 * $0 + sin(5 * $0) }
    let fit = LeastSquares(start: [0, 0]) { p in zip(x, y).map { p[0] + p[1] * $0 - $1 } }
    #expect(abs(fit.parameters[1] - slope(Array(zip(x, y)))) < 1e-9)
    // (XᵀX)⁻¹ of a line: 1/Σ(x − x̄)² for the slope.
    let inverse = try #require(fit.inverse)
    #expect(abs(inverse[1, 1] - 1 / (30.0 * (900 - 1) / 12)) < 1e-9)
}

@Test func studentQuantilesAreThoseOfTheTables() {
    for (degrees, value) in [(5, 4.032), (10, 3.169), (30, 2.750), (1000, 2.581)] {
        #expect(abs(StudentT(freedom: degrees).quantile(0.99) - value) < 0.03)
    }
}

@Test func tooFewPointsHaveNoFit() {
    #expect(DecayFits(points(stride(from: 0, through: 60, by: 10), 0, noise: 0) { exp(-$0) }) == nil)
}
