import Certificates
import Configurations
import Measurements
import Statistics
import Sweeps

/// The ends of runs by depth, width and seed, with what was measured of each by `tracking.minimum`.
package struct EndsByShape {
    struct End {
        let depth, width, seed: Double
        let minimum: MinimumEvidence
        /// F in units of that of the output 0; 0 where it can't be told from that.
        var loss: Double { minimum.loss <= minimum.resolution ? 0 : 1e-6 * minimum.loss / minimum.resolution }
        var gap: Double { 1e-6 * minimum.gap / minimum.resolution }
    }

    let ends: [End]
    /// Cells without an end: they diverged, or failed.
    private let lost: Int
    /// What of cells that came to an end could not be read, in words.
    private let unreadable: [String]

    init(_ results: SweepResults) {
        let axes = results.plan.sweep.axes
        var unreadable: [String] = []
        ends = results.table.rows.compactMap { row in
            func place(_ key: String) -> Double {
                axes.firstIndex { $0.key == key }.flatMap { axes[$0].values[row.cell.place[$0]].number } ?? .nan
            }
            guard case .done = row.state else { return nil }
            let run: RecordedRun
            do { run = try RecordedRun(reading: results.directory.cell(row.cell.id)) } catch {
                unreadable.append("\(error)")
                return nil
            }
            unreadable += run.evidence.damage
            guard let minimum = MinimumEvidence(run.evidence) else { return nil }
            return End(
                depth: place("model.depth"), width: place(SweepAxis.width), seed: place(SweepAxis.seed),
                minimum: minimum)
        }
        lost = results.table.rows.count - ends.count
        self.unreadable = unreadable
    }

    /// The lines of the comparison for one activation.
    func compare(_ activation: String) -> [StudyComparison] {
        let (depths, widths) = (Set(ends.map(\.depth)).sorted(), Set(ends.map(\.width)).sorted())
        return [
            falls(
                "\(activation): paper, pairs falling with width", depths.map { d in widths.map { (d, $0) } },
                widest(widths.last)),
            falls("\(activation): paper, pairs falling with depth", widths.map { w in depths.map { ($0, w) } }),
        ]
            + widths.map { w in
                falls("\(activation): paper, with depth at width \(Int(w))", [depths.map { ($0, w) }])
            } + [identity(activation), regressions(activation)]
    }

    /// Whether F falls from group to group, in all strata together.
    private func falls(
        _ quantity: String, _ strata: [[(depth: Double, width: Double)]], _ more: String = ""
    ) -> StudyComparison {
        func test(without seed: Double?) -> OrderTest? {
            OrderTest(
                strata.map { groups in
                    groups.map { place in
                        ends.filter { $0.depth == place.depth && $0.width == place.width && $0.seed != seed }
                            .map(\.loss)
                    }
                })
        }
        guard let whole = test(without: nil) else {
            return StudyComparison(quantity, claim: "above 1/2", nil, .cannotTell, "no ends to compare")
        }
        let seeds = Set(ends.map(\.seed)).sorted()
        let share = Estimate(jackknifeOf: seeds.count) { left in test(without: left.map { seeds[$0] })?.share }
        let verdict: Verdict = whole.falls < 0.001 ? .holds : whole.rises < 0.001 ? .fails : .cannotTell
        return StudyComparison(
            quantity, claim: "above 1/2", share?.ofShare, verdict,
            "p = \(shown(min(whole.falls, whole.rises)))" + (whole.rises < whole.falls ? " that F rises" : "")
                + more)
    }

    private func widest(_ width: Double?) -> String {
        let own = ends.filter { $0.width == width }
        return "; F = 0 in \(own.count { $0.loss == 0 }) of \(own.count) ends at width \(Int(width ?? 0))"
    }

    /// Where the gradient vanishes F is what the range leaves.
    private func identity(_ activation: String) -> StudyComparison {
        let kinks = ends.filter { !$0.minimum.isStationary && $0.minimum.isAtKink }
        let smooth = ends.count { $0.minimum.isStationary }
        let wrong = ends.count { $0.minimum.isContradictory }
        var words = ["\(smooth) of \(ends.count) ends are stationary within 1e-6 of F(0)"]
        if !kinks.isEmpty {
            words.append("\(kinks.count) on kinks, off by up to \(shown(kinks.map(\.gap).max() ?? 0)) of F(0)")
        }
        words.append("\(ends.count - smooth - kinks.count) still fall")
        if wrong > 0 { words.append("\(wrong) contradict it") }
        if lost > 0 { words.append("\(lost) cells have no end") }
        if let first = unreadable.first { words.append("\(unreadable.count) files can't be read, the first: \(first)") }
        return StudyComparison(
            "\(activation): identity", claim: "0 at smooth stationary points", nil,
            wrong > 0 ? .fails : smooth > 0 ? .holds : .cannotTell, words.joined(separator: ", "))
    }

    /// F at stationary points beside the least that linear regressions on inputs and features reach.
    private func regressions(_ activation: String) -> StudyComparison {
        let stationary = ends.filter(\.minimum.isStationary)
        let above = stationary.count { end in
            end.minimum.regressions.contains { end.minimum.loss > $0.loss.upperBound + end.minimum.resolution }
        }
        return StudyComparison(
            "\(activation): paper, no worse than linear regressions", claim: "all, given its structure", nil,
            stationary.isEmpty || above > 0 ? .cannotTell : .holds,
            "\(stationary.count - above) of \(stationary.count) stationary ends"
                + (above > 0 ? "; these networks lack that structure" : ""))
    }
}

extension Estimate {
    /// That of a share. Where leaving out one seed of a few changes nothing, the seeds don't tell how far others would; without any order
    /// it is 1/2 whatever is left out.
    fileprivate var ofShare: Estimate {
        let isOpen = interval.upperBound == interval.lowerBound && value != 0.5
        return Estimate(value: value, interval: isOpen ? 0...1 : interval.clamped(to: 0...1))
    }
}
