import Cells
import Console
import Foundation
import Layers
import Networks
import Reports
import RunFolders
import Runs
import Statistics
import Sweeps

/// The report of a sweep: `index.html`, with figures beside their numbers.
package enum SweepReport {
    /// Whether a folder holds a sweep, and not a run.
    package static func isSweep(_ path: String) -> Bool { SweepFile.isSweep(path) }

    /// Writes the report, replacing an earlier one; a figure that can't be drawn is left out.
    /// - Parameters:
    ///   - out: its folder. Where nil it is `report` in that of the sweep, whose tables are made anew too.
    ///   - withPDF: whether each figure is drawn as PDF too.
    ///   - say: shows a line to the user.
    /// - Returns: the path of the page.
    /// - Throws: `LabError` where the folder is another's, or cannot be written.
    package static func write(
        _ path: String, to out: String?, withPDF: Bool, say: (String) -> Void
    ) throws -> String {
        let results = try SweepResults(directory: path)
        let folder = try ReportFolder(out, of: path)
        if out == nil { try results.write() }
        let page = Page(
            title: results.plan.name, summary: summary(results), facts: facts(results), verdicts: verdicts(results),
            notes: results.fits.unreached > 0
                ? [
                    "\(results.fits.unreached) cells are not complete, or did not get where cells stop; no fit holds them."
                ] : [],
            damage: problems(results), figures: SweepFigures(results).all, configuration: try results.plan.source.text,
            creator: "ntklab \(ntklabVersion)", origin: origin(path))
        return try folder.write(page, withPDF: withPDF, say: say)
    }

    /// What went wrong with cells.
    package static func problems(_ results: SweepResults) -> [String] {
        results.table.rows.compactMap { row in row.state.problem.map { "\(row.cell.label): \($0)" } }
    }

    /// When its configuration was written, where it lies, and on which data its cells were trained.
    private static func origin(_ path: String) -> [(name: String, value: String)] {
        let folder = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        return [
            ("Begun", RunReport.day(Date(timeIntervalSince1970: RunLocator.began(path)))), ("Folder", folder),
        ]
    }

    private static func summary(_ results: SweepResults) -> String {
        let laws = results.fits.entries.compactMap(\.verdict)
        let words = Dictionary(grouping: laws, by: \.words).mapValues(\.count).sorted { $0.value > $1.value }
        let parts = words.map { "\($0.value) \($0.value == 1 ? "exponent" : "exponents") \($0.key)" }
        let growth =
            results.critical.map { ["polynomial growth of the critical width: \($0.growth.verdict.rawValue)"] } ?? []
        return (parts + growth).isEmpty ? "No fits" : (parts + growth).joined(separator: "; ")
    }

    package static func facts(_ results: SweepResults) -> [(name: String, value: String)] {
        let states = Dictionary(grouping: results.table.rows, by: \.state.word).mapValues(\.count)
        let cells = CellState.words.compactMap { word in states[word].map { "\($0) \(word)" } }.joined(separator: ", ")
        let base = results.plan.base
        let stop = results.plan.sweep.stop
        let goal =
            stop.lossRatio.map { "F/F_0 = \(shown($0))" } ?? stop.steps.map { "\($0) steps" }
            ?? "the configuration's end"
        return [
            ("Cells", cells.isEmpty ? "none, but for critical widths" : "\(results.table.rows.count): \(cells)"),
            ("Cells stop at", goal),
            ("Network", base.values["model.network"] ?? "layers"),
            ("Parametrization", base.model.parametrization.rawValue),
            ("Data", verbatim(base.values["data.source"] ?? "–")),
            ("Loss", "\(base.loss.rawValue), \(base.reduction.rawValue)"),
        ]
            + results.plan.sweep.axes.map {
                (Symbols.axis($0.key), verbatim($0.values.map(\.text).joined(separator: ", ")))
            }
    }

    /// - Parameters:
    ///   - prefix: what stands before their titles.
    ///   - isJudgedOnly: whether what theory says nothing of is left out.
    package static func verdicts(
        _ results: SweepResults, prefix: String = "", isJudgedOnly: Bool = false
    ) -> [Page.Verdict] {
        let names = results.plan.sweep.fits.filter { name in
            !isJudgedOnly || results.fits.entries.contains { $0.observable == name && $0.expected != nil }
        }
        let laws = names.map { name in verdict(name, prefix, results.fits.entries.filter { $0.observable == name }) }
        guard let critical = results.critical else { return laws }
        return laws + [verdict(critical)]
    }

    private static func verdict(
        _ name: String, _ prefix: String, _ entries: [SweepFits.Entry]
    ) -> Page.Verdict {
        let verdicts = entries.map(\.verdict)
        let kinds = verdicts.map { verdict -> Page.Verdict.Kind in
            if verdict?.theorem == .fails { return .fails }
            return verdict?.theorem == .holds || verdict?.typical == .holds ? .holds : .unknown
        }
        let kind: Page.Verdict.Kind =
            kinds.contains(.fails) ? .fails : kinds.allSatisfy { $0 == .holds } && !kinds.isEmpty ? .holds : .unknown
        let words = verdicts.map { $0?.words ?? "can't tell" }
        let numbers = entries.map { entry -> (name: String, value: String, mark: String) in
            let place = entry.place.isEmpty ? "exponent of the width" : Symbols.place(entry.coordinates)
            switch entry.law {
            case .failure(let refusal): return (place, "–", refusal.description)
            case .success(let law):
                let rest = law.withoutNarrowest.map { "\(shown($0.exponent)) from \(Int($0.smallest)) on" }
                let marks = [
                    entry.verdict?.words ?? "no exponent is expected",
                    law.bend.value.isNaN ? nil : "bends by \(law.bend.display) for ten times the width",
                    rest.isEmpty ? nil : "narrowest left out: " + rest.joined(separator: ", "), law.floorNote,
                ]
                return (place, law.exponent.display, marks.compactMap { $0 }.joined(separator: "; "))
            }
        }
        let expected = entries.first?.expected
        let theorem = expected?.worstCase.map { "theorem \(shown($0)) (\(expected?.source ?? ""))" }
        let typical = expected?.typical.map { "typical \(SweepFits.shown($0))" }
        return Page.Verdict(
            title: prefix + Symbols.title(name), kind: kind, word: Set(words).count == 1 ? words[0] : "by place, below",
            reason: Symbols.meaning(name), source: [theorem, typical].compactMap { $0 }.joined(separator: ", "),
            numbers: numbers, needs: [])
    }

    private static func verdict(_ critical: CriticalWidths) -> Page.Verdict {
        let growth = critical.growth
        let kind: Page.Verdict.Kind =
            switch growth.verdict {
            case .holds: .holds
            case .fails: .fails
            case .cannotTell: .unknown
            }
        let factors = growth.factors.map { factor in
            (
                name: "exponent of \(Symbols.key(factor.size))", value: factor.exponent.display,
                mark: "an exponential part makes ln m* grow by \(factor.exponential.display) over the sizes"
            )
        }
        return Page.Verdict(
            title: "Critical width: polynomial growth", kind: kind, word: growth.verdict.rawValue,
            reason: growth.reason,
            source: "after Allen-Zhu, Li, Song 2019, Theorem 1: a width polynomial in n, L and 1/δ is enough",
            numbers: factors + critical.places.map { (name: Symbols.place($0.coordinates), value: $0.shown, mark: "") },
            needs: growth.omitted)
    }
}
