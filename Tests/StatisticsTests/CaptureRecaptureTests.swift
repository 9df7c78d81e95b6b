import RealModule
import Sampling
import Statistics
import Testing

/// Counts with these frequencies: f₁, f₂ and one kind for all other finds.
private func counts(once: Int, twice: Int, others: [Int]) -> [Int] {
    [Int](repeating: 1, count: once) + [Int](repeating: 2, count: twice) + others
}

/// Spiders of the Harvard Forest, the example of the iNEXT package (Chao et al. 2014; Ellison et al. 2010): 26 species among
/// 168 spiders on girdled, 37 among 252 on logged plots, with estimates of 43.893 (s.e. 14.306) and 61.403 (18.532).
@Test func spidersOfTheHarvardForest() throws {
    for (all, kinds, once, twice, expected) in [(168, 26, 12, 4, 43.893), (252, 37, 14, 4, 61.403)] {
        let rest = kinds - once - twice
        var others = [Int](repeating: 3, count: rest)
        others[0] += all - once - 2 * twice - 3 * rest
        let survey = CaptureRecapture(counts: counts(once: once, twice: twice, others: others))
        #expect(survey.finds == all && survey.kinds == kinds)
        let missed = try #require(survey.missed)
        #expect(abs(Double(kinds) + missed.value - expected) < 1e-3)
        #expect(try #require(survey.coverage) == 1 - Double(once) / Double(all))
        // The interval is missed·K^±1, ln K = 2.5758 √ln(1 + s²/missed²).
        let error = all == 168 ? 14.306 : 18.532
        let ratio = error / missed.value
        let k = missed.interval.upperBound / missed.value
        #expect(abs(k.squareRoot() * k.squareRoot() - 1 / (missed.interval.lowerBound / missed.value)) < 1e-9)
        #expect(abs(Double.log(k) / 2.5758 - Double.log(1 + ratio * ratio).squareRoot()) < 1e-3)
    }
}

/// Of kinds that are equally easy to find, the interval holds how many were missed; of unequal ones it is no more than that.
@Test func whatIsMissedLiesInItsInterval() {
    var (held, asked, above, valued) = (0, 0, 0, 0)
    for seed in 0..<4000 {
        let draws = RandomStream(seed: UInt64(seed), "kinds")
        let kinds = 20 + draws.integer(0, below: 60)
        let isEqual = seed % 2 == 0
        var counts = [Int](repeating: 0, count: kinds)
        for find in 1...(3 * kinds / 2) {
            let u = draws.uniform(find)
            counts[Int((isEqual ? u : u * u * u) * Double(kinds))] += 1
        }
        let truth = Double(counts.count { $0 == 0 })
        guard let missed = CaptureRecapture(counts: counts).missed else { continue }
        if isEqual {
            asked += 1
            if missed.interval.contains(truth) { held += 1 }
        } else {
            valued += 1
            if missed.interval.lowerBound > truth { above += 1 }
        }
    }
    #expect(asked > 1900 && Double(held) >= 0.96 * Double(asked), "\(held) of \(asked)")
    #expect(valued > 1900 && Double(above) <= 0.01 * Double(valued), "\(above) of \(valued)")
}

@Test func surveysThatCannotTellSaySo() throws {
    #expect(CaptureRecapture(counts: []).missed == nil && CaptureRecapture(counts: []).coverage == nil)
    #expect(CaptureRecapture(counts: [1, 1, 1]).missed == nil, "each find is another kind")
    let unseen = CaptureRecapture(counts: [1, 1, 1, 9])
    #expect(abs(try #require(unseen.missed).value - 11.0 / 12 * 3) < 1e-12, "f₂ = 0")
    let whole = CaptureRecapture(counts: [40, 50, 60])
    let missed = try #require(whole.missed)
    #expect(missed.value == 0 && missed.interval.upperBound < 1e-6)
    let thin = try #require(CaptureRecapture(counts: [1, 3, 3]).missed)
    #expect(thin.value == 0 && thin.interval.upperBound > 1, "few finds leave room")
    // A kind of 1 % is found in 459 searches with 99 %.
    #expect(
        CaptureRecapture(counts: [459]).smallestShare < 0.01 && CaptureRecapture(counts: [458]).smallestShare > 0.01)
}
