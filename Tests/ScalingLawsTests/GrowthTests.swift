import Foundation
import Sampling
import ScalingLaws
import Testing

/// Critical widths on a geometric grid around a law, with noise of 10 % that is known.
private func criticalWidths(seed: UInt64, _ law: (_ n: Double, _ depth: Double) -> Double) -> [CriticalWidth] {
    let stream = RandomStream(seed: seed, "critical")
    let grid = (0..<60).map { (2 * pow(1.25, Double($0))).rounded() }
    return [16.0, 32, 64, 128].enumerated().flatMap { i, n in
        [1.0, 2, 4, 8].enumerated().compactMap { j, depth in
            let width = law(n, depth) * exp(0.1 * stream.normal(4 * i + j))
            guard let index = grid.firstIndex(where: { $0 >= width }), index > 0 else { return nil }
            return CriticalWidth(
                sizes: ["n": n, "L": depth], width: grid[index], failed: grid[index - 1],
                seedError: .init(value: 0.1, seeds: 5))
        }
    }
}

@Test func exponentsOfCriticalWidthsCoverTheTruth() throws {
    var covered = 0
    for seed in 0..<500 {
        let law = GrowthLaw(criticalWidths(seed: UInt64(seed)) { 0.3 * pow($0, 1.2) * pow($1, 0.8) })
        let exponent = try #require(law.factors.first { $0.size == "n" }).exponent
        covered += exponent.interval.contains(1.2) ? 1 : 0
    }
    #expect((488...500).contains(covered), "covered \(covered) of 500")
}

@Test func growthIsNotToldOfTooLittle() {
    let growing = criticalWidths(seed: 1) { 0.3 * pow($0, 1.2) * pow($1, 1.5) }
    #expect(GrowthLaw(growing).verdict == .holds, "\(GrowthLaw(growing).reason)")
    #expect(GrowthLaw(growing, unknown: 1).verdict == .cannotTell)
    #expect(GrowthLaw(growing, unknown: 1).reason.contains("unknown at 1 of"))
    func widths(_ sizes: [Double], seedError: Double?, _ law: (Double) -> Double) -> GrowthLaw {
        GrowthLaw(
            sizes.map {
                CriticalWidth(
                    sizes: ["n": $0], width: 1.1 * law($0), failed: law($0) / 1.1,
                    seedError: seedError.map { .init(value: $0, seeds: 5) })
            })
    }
    // An exponential times a power passes through three values; the noise of a single seed is not known.
    let three = widths([16, 32, 64], seedError: 0.1) { 2 * $0 }
    #expect(three.verdict == .cannotTell && three.reason.contains("n: 3 values"), "\(three.reason)")
    let single = widths([8, 16, 32, 64], seedError: nil) { 2 * $0 }
    #expect(single.verdict == .cannotTell && single.reason.contains("fewer than 3 seeds"), "\(single.reason)")
    let falling = widths([8, 16, 32, 64], seedError: 0.05) { 2000 / $0 }
    #expect(falling.verdict == .holds && falling.reason.contains("does not grow"), "\(falling.reason)")
    let scattered = GrowthLaw(
        [8.0, 16, 32, 64].flatMap { n in
            [1.0, 2, 4, 8].map { depth in
                // Beyond what brackets and seeds explain.
                let width = n * depth * exp(0.5 * sin(7 * n + 3 * depth))
                return CriticalWidth(
                    sizes: ["n": n, "L": depth], width: 1.1 * width, failed: width / 1.1,
                    seedError: .init(value: 0.05, seeds: 5))
            }
        })
    #expect(scattered.verdict == .cannotTell && scattered.reason.contains("scatters more"), "\(scattered.reason)")
    #expect(GrowthLaw.needs([("n", 3), ("L", 5)]) == "a law of growth needs 4 values of each size or more: n has 3")
}

@Test func seedsCarryTheErrorOfACriticalWidth() throws {
    #expect(CriticalWidth.seedError([3, 4]) == nil)
    // 1.5 s/√k of 1, 2, 3, 4, 5: s² = 2.5.
    let error = try #require(CriticalWidth.seedError([1, 2, 3, 4, 5]))
    #expect(error.seeds == 5 && abs(error.value - 1.5 * sqrt(2.5 / 5)) < 1e-12)
}
