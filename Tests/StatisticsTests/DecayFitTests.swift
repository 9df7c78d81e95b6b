import Foundation
import Sampling
import Statistics
import Testing

private func decayFits(
    _ steps: StrideThrough<Int>, _ seed: UInt64, noise: Double, models: [DecayModel] = DecayModel.allCases,
    _ loss: (Double) -> Double
) -> DecayFits? {
    let stream = RandomStream(seed: seed, "noise")
    let times = steps.map { Double($0) }
    let losses = steps.map { loss(Double($0)) * exp(noise * stream.normal($0)) }
    return DecayFits(times: times, losses: losses, models: models)
}

@Test func rateAndFloorOfANoisyExponentialAreInTheirIntervals() throws {
    let (rate, floor) = (0.011, 3e-4)
    var (rates, floors, halves) = (0, 0, 0)
    var widths: [Double] = []
    for seed in 0..<200 {
        let plateau = decayFits(stride(from: 0, through: 1500, by: 10), UInt64(seed), noise: 0.1, models: [.plateau]) {
            2 * exp(-rate * $0) + floor
        }
        let fit = try #require(plateau?[.plateau])
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
        let fits = try #require(decayFits(stride(from: 0, through: 1000, by: 5), 7, noise: 0.02, law))
        let best = try #require(fits.fits.min { $0.bic < $1.bic })
        #expect(best.model == model, "\(model.rawValue) taken for \(best.model.rawValue)")
        let middle = try #require(fits[model]).value(500)
        #expect(abs(middle / law(500) - 1) < 0.02, "\(model.rawValue) at the middle")
    }
}

@Test func theSlowerOfTwoRatesIsTheRate() throws {
    let both = decayFits(stride(from: 0, through: 1000, by: 5), 1, noise: 0.01, models: [.twoExponentials]) {
        exp(-0.004 * $0) + 3 * exp(-0.03 * $0)
    }
    let rate = try #require(both?[.twoExponentials]).rate
    #expect(rate.interval.contains(0.004))
    #expect(abs(rate.value - 0.004) < 1e-4)
}

@Test func tooFewPointsHaveNoFit() {
    #expect(decayFits(stride(from: 0, through: 60, by: 10), 0, noise: 0) { exp(-$0) } == nil)
}
