import Configurations
import Measurements
import ScalingLaws
import Statistics
import Sweeps

/// The ends of runs by depth, width and seed, with what was measured of each by `tracking.minimum`.
struct EndsByShape {
    private struct End {
        let depth, width, seed, loss, predicted, high, outside, kinkDistance, scale: Double
        let regressions: [Double]
        /// Differences of F below this are none.
        var resolution: Double { 1e-6 * scale }
        /// F where it can be told from 0.
        var value: Double { loss <= resolution ? 0 : loss / scale }
        var gap: Double { abs(loss - predicted) / scale }
        var isAtKink: Bool { kinkDistance <= 2 && gap > 1e-6 }
    }

    private let ends: [End]

    init(_ results: SweepResults) {
        let axes = results.plan.sweep.axes
        func axis(_ key: String, _ row: SweepTable.Row) -> Double {
            axes.firstIndex { $0.key == key }.flatMap { axes[$0].values[row.cell.place[$0]].number } ?? .nan
        }
        let regressions = results.table.observables.filter { MetricFamily.minimumBaseline.contains($0) }
        ends = results.table.rows.compactMap { row in
            let loss = row.value(MetricFamily.minimumLoss.name)
            let gains = results.table.observables.filter { MetricFamily.minimumGain.contains($0) }.map(row.value)
            let predicted = row.value(MetricFamily.minimumPredicted.name)
            guard loss.isFinite, predicted.isFinite else { return nil }
            return End(
                depth: axis("model.depth", row), width: axis(SweepAxis.width, row), seed: axis(SweepAxis.seed, row),
                loss: loss, predicted: predicted, high: row.value(MetricFamily.minimumPredictedHigh.name),
                outside: row.value(MetricFamily.minimumOutside.name),
                kinkDistance: row.value(MetricFamily.minimumKinkDistance.name),
                // F of the output 0: what the layers take off it, and what they leave.
                scale: gains.filter(\.isFinite).reduce(predicted, +),
                regressions: regressions.map(row.value).filter(\.isFinite))
        }
    }

    /// The lines of the comparison for one activation.
    func compare(_ activation: String) -> [StudyComparison] {
        let (depths, widths) = (Set(ends.map(\.depth)).sorted(), Set(ends.map(\.width)).sorted())
        return [
            falls("\(activation): paper, with width", strata: depths.map { d in widths.map { (d, $0) } }),
            falls("\(activation): paper, with depth", strata: widths.map { w in depths.map { ($0, w) } }),
        ]
            + widths.map { w in
                falls("\(activation): paper, with depth at width \(Int(w))", strata: [depths.map { ($0, w) }])
            } + [global(activation, widths.last ?? 0), identity(activation), regressions(activation)]
    }

    /// Whether F falls from group to group, in all strata together.
    private func falls(_ quantity: String, strata: [[(depth: Double, width: Double)]]) -> StudyComparison {
        func test(without seed: Double?) -> OrderTest? {
            OrderTest(
                strata.map { groups in
                    groups.map { place in
                        ends.filter { $0.depth == place.depth && $0.width == place.width && $0.seed != seed }
                            .map(\.value)
                    }
                })
        }
        let seeds = Set(ends.map(\.seed)).sorted()
        guard let whole = test(without: nil) else {
            return StudyComparison(quantity, claim: "falls", nil, .cannotTell, "no ends to compare")
        }
        let share = Estimate(jackknifeOf: seeds.count) { left in test(without: left.map { seeds[$0] })?.share }
        let verdict: Verdict = whole.falls < 0.001 ? .holds : whole.rises < 0.001 ? .fails : .cannotTell
        return StudyComparison(
            quantity, claim: "above 0.5", share, verdict,
            "\(shown(whole.share)) of pairs fall, p = \(shown(min(whole.falls, whole.rises)))"
                + (whole.rises < whole.falls ? " that it rises" : ""))
    }

    /// How many ends of the widest networks are at F = 0.
    private func global(_ activation: String, _ width: Double) -> StudyComparison {
        let widest = ends.filter { $0.width == width }
        let count = widest.filter { $0.value == 0 }.count
        return StudyComparison(
            "\(activation): F = 0 at width \(Int(width))", claim: "–", nil, widest.isEmpty ? .cannotTell : .holds,
            "\(count) of \(widest.count) ends within 1e-6")
    }

    /// Where the gradient vanishes F is what the range leaves.
    private func identity(_ activation: String) -> StudyComparison {
        let kinks = ends.filter(\.isAtKink)
        let smooth = ends.filter { !$0.isAtKink && $0.gap <= 1e-6 }
        let under = ends.filter { $0.loss > $0.high + $0.resolution && $0.outside > $0.resolution }
        let words =
            "\(smooth.count) of \(ends.count) ends within 1e-6, \(kinks.count) on kinks (off by up to "
            + "\(shown(kinks.map(\.gap).max() ?? 0))), \(ends.count - smooth.count - kinks.count) not stationary yet"
        return StudyComparison(
            "\(activation): identity at the ends", claim: "0 where smooth and stationary", nil,
            !under.isEmpty ? .fails : smooth.isEmpty ? .cannotTell : .holds, words)
    }

    /// F beside the least that linear regressions on inputs and features reach.
    private func regressions(_ activation: String) -> StudyComparison {
        let above = ends.filter { end in end.regressions.contains { end.loss > $0 + end.resolution } }
        return StudyComparison(
            "\(activation): paper, no worse than linear regressions", claim: "all, given its structure", nil,
            ends.isEmpty ? .cannotTell : above.isEmpty ? .holds : .cannotTell,
            "\(ends.count - above.count) of \(ends.count) ends; these networks lack that structure")
    }
}
