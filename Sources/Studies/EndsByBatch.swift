import Foundation
import Measurements
import Statistics
import Sweeps

/// The ends of runs by the size of their batches, seed by seed: the smallest batches beside the largest.
package struct EndsByBatch {
    private static let batch = "training.batch"
    /// Of one seed.
    private typealias Pair = (small: StudyCell, large: StudyCell)
    private let pairs: [Pair]
    /// Seeds of which an end is missing.
    private let lost: Int
    /// B of the two.
    private let (small, large): (Double, Double)

    package init(_ cells: [StudyCell]) {
        let sizes = cells.map { $0.at(Self.batch) }.filter(\.isFinite)
        let (small, large) = (sizes.min() ?? .nan, sizes.max() ?? .nan)
        (self.small, self.large) = (small, large)
        func end(_ seed: Int, _ size: Double) -> StudyCell? {
            cells.first { $0.seed == seed && $0.at(Self.batch) == size && $0.value(.trainLoss).isFinite }
        }
        let seeds = Set(cells.map(\.seed)).sorted()
        pairs = seeds.compactMap { seed in
            guard small < large, let a = end(seed, small), let b = end(seed, large) else { return nil }
            return (a, b)
        }
        lost = seeds.count - pairs.count
    }

    /// The lines of the comparison.
    package func compare(_ part: String) -> [StudyComparison] {
        [
            ratio("\(part): paper, sharpness, large over small", .sharpness),
            ratio("\(part): paper, in a random subspace", .sharpnessSubspace),
            ratio("\(part): ours, in relative steps", .sharpnessRelative),
            difference("\(part): paper, test accuracy, large less small", .testAccuracy, claim: "below 0"),
        ]
    }

    private var missing: String { lost > 0 ? "; \(lost) seeds lack an end" : "" }

    /// The geometric mean over seeds of a number at large over that at small batches.
    private func ratio(_ quantity: String, _ family: MetricFamily) -> StudyComparison {
        let logarithms = pairs.map { log($0.large.value(family) / $0.small.value(family)) }
        guard let mean = Estimate(meanOf: logarithms) else {
            return StudyComparison(quantity, claim: "above 1", nil, .cannotTell, "not measured in two seeds" + missing)
        }
        let (low, high) = (exp(mean.interval.lowerBound), exp(mean.interval.upperBound))
        return StudyComparison(
            quantity, claim: "above 1", Estimate(value: exp(mean.value), interval: low...high),
            low > 1 ? .holds : high < 1 ? .fails : .cannotTell, ends(family) + missing)
    }

    private func difference(_ quantity: String, _ family: MetricFamily, claim: String) -> StudyComparison {
        guard let mean = Estimate(meanOf: pairs.map { $0.large.value(family) - $0.small.value(family) }) else {
            return StudyComparison(quantity, claim: claim, nil, .cannotTell, "not measured in two seeds" + missing)
        }
        let interval = mean.interval
        return StudyComparison(
            quantity, claim: claim, mean,
            interval.upperBound < 0 ? .holds : interval.lowerBound > 0 ? .fails : .cannotTell, ends(family) + missing)
    }

    /// Means at both sizes of batches.
    private func ends(_ family: MetricFamily) -> String {
        func mean(_ of: (Pair) -> StudyCell) -> String {
            shown(pairs.reduce(0) { $0 + of($1).value(family) } / Double(pairs.count))
        }
        return "\(mean { $0.small }) with batches of \(shown(small)), \(mean { $0.large }) with \(shown(large))"
    }
}
