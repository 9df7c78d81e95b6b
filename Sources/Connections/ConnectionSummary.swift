import Alignment
import Console
import Landscape

/// What there is to say of a connection.
package struct ConnectionSummary: Encodable, Sendable {
    private let runs: [Run]
    private let alignment: Alignment?
    private let overlaps: [OverlapRow]
    private let paths: [PathSummary]
    private let bend: Bend?
    /// Of the training loss along the line after alignment.
    private let verdict: String
    private let reason: String
    /// What keeps the verdict from speaking of minima.
    private let remark: String?
    /// Where all of it was written.
    package var file: String?

    private struct Run: Encodable, Sendable {
        let run: String
        let step: Int
        let trainLoss: Double?
        let initialTrainLoss: Double?

        var words: String {
            "\(run) at step \(step), training loss \(shown(trainLoss)), at step 0 \(shown(initialTrainLoss))"
        }
        /// Whether it has come down from where it began.
        var isBelowStart: Bool { (trainLoss ?? .infinity) < (initialTrainLoss ?? .infinity) }
    }

    private struct Alignment: Encodable, Sendable {
        let groups: [Group]
        let sweeps: Int
        let hasConverged: Bool
    }

    private struct Group: Encodable, Sendable {
        let layer: String
        let units, moved, turned: Int
        let isRescaled: Bool
    }

    private struct Bend: Encodable, Sendable {
        let steps: Int
        /// Nil where no rate was found at which the curve is better than the line.
        let learningRate: Double?

        var words: String {
            guard let learningRate else { return "none found on which the mean loss is below that along the line" }
            return "by \(steps) steps of descent on its bend, at rate \(shown(learningRate))"
        }
    }

    package init(_ connection: Connection) {
        let ends = [connection.before.train.first, connection.before.train.last]
        let runs = connection.minima.indices.map { k in
            Run(
                run: connection.minima[k].run, step: connection.minima[k].step, trainLoss: finite(ends[k]?.loss),
                initialTrainLoss: finite(connection.initialLosses[k]))
        }
        self.runs = runs
        remark =
            runs.allSatisfy(\.isBelowStart)
            ? nil : "an end is no minimum: its training loss is not below that at step 0"
        alignment = connection.matched.map { matched in
            let matching = matched.weights.matching
            return Alignment(
                groups: zip(matched.groups.groups, matching.maps).map { group, map in
                    Group(
                        layer: group.name, units: group.count,
                        moved: map.sources.indices.count { map.sources[$0] != $0 },
                        turned: map.factors.count { $0 < 0 }, isRescaled: group.symmetry.contains(.scale))
                }, sweeps: matching.sweeps, hasConverged: matching.hasConverged)
        }
        overlaps = OverlapRow.rows(of: connection)
        paths = [("line", connection.before), ("aligned line", connection.after), ("bezier", connection.curve)]
            .compactMap { name, losses in losses.map { PathSummary(name, $0) } }
        bend = connection.request.path == .line ? nil : Bend(steps: BendSearch.steps, learningRate: connection.rate)
        verdict = connection.line.barrier.verdict.rawValue
        reason = connection.line.barrier.words
    }

    /// For a terminal.
    package func lines(columns: Int) -> [String] {
        zip(["from", "to"], runs).flatMap { labelled($0, $1.words, columns: columns) }
            + labelled("units", unitWords, columns: columns) + [""] + OverlapRow.lines(overlaps, columns: columns) + [
                ""
            ]
            + PathSummary.lines(paths, columns: columns) + [""]
            + (bend.map { labelled("curve", $0.words, columns: columns) } ?? [])
            + labelled("barrier", "\(verdict): \(reason)", columns: columns)
            + (remark.map { labelled("remark", $0, columns: columns) } ?? []) + (file.map { ["file      \($0)"] } ?? [])
    }

    /// What was done to the units of b.
    private var unitWords: String {
        guard let alignment else { return "as they are" }
        guard !alignment.groups.isEmpty else { return "none that could be in another order" }
        let groups = alignment.groups.map { group in
            let done =
                ["\(group.moved) of \(group.units) moved"] + (group.turned > 0 ? ["\(group.turned) turned over"] : [])
                + (group.isRescaled ? ["rescaled"] : [])
            return "\(group.layer): \(done.joined(separator: ", "))"
        }
        let end = alignment.hasConverged ? "" : "; the search stopped after \(alignment.sweeps) sweeps and might go on"
        return groups.joined(separator: "; ") + end
    }
}

extension Barrier {
    /// Why the verdict is what it is.
    var words: String {
        switch verdict {
        case .present:
            let above = bound > height ? ", and by second differences at most \(shown(bound))" : ""
            return
                "at t = \(shown(place)) the training loss is \(shown(height)) above the straight line between its ends, more "
                + "than the \(shown(error)) that rounding explains\(above)"
        case .noneSeen:
            return
                "at none of \(points.count) points is the training loss above the straight line between its ends by more "
                + "than the \(shown(error)) that rounding explains, nor between them by second differences"
        case .undecided where height.isFinite && bound.isFinite:
            return
                "at none of \(points.count) points is the training loss above the straight line between its ends by more "
                + "than the \(shown(error)) that rounding explains, but between them it may be by up to \(shown(bound))"
        case .undecided: return "the training loss is not finite at some point"
        }
    }
}
