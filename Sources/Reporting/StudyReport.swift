import Console
import Foundation
import Reports
import RunFolders
import Runs
import Statistics
import Studies
import Sweeps

/// The report of a study: its question, measured beside published numbers, what differs from the paper, and the figures of its
/// sweeps with the published points in them.
package enum StudyReport {
    /// The folder of a study that a person means: that folder, or the one of that name under `runs`; nil for anything else.
    package static func find(_ text: String) -> String? {
        var folder = text
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        return [folder, "\(RunLocator.root)/\(folder)"].first { StudyRun.study(in: $0) != nil }
    }

    /// Writes the report, replacing an earlier one; a figure that can't be drawn is left out.
    /// - Parameters:
    ///   - out: its folder; `report` in that of the study where nil.
    ///   - withPDF: whether each figure is drawn as PDF too.
    ///   - say: shows a line to the user.
    /// - Returns: the path of the page.
    /// - Throws: `LabError` where a sweep is missing, or the folder is another's or cannot be written.
    package static func write(
        _ path: String, to out: String?, withPDF: Bool, say: (String) -> Void
    ) throws -> String {
        let run = try StudyRun(reading: path)
        let folder = try ReportFolder(out, of: path)
        let page = Page(
            title: "\(run.study.name): \(run.study.title)", summary: run.summary, facts: facts(run),
            verdicts: sweeps(run).flatMap { part in
                SweepReport.verdicts(
                    part.results, prefix: run.parts.count > 1 ? "\(part.name): " : "", isJudgedOnly: true)
            },
            notes: [], damage: problems(run), figures: sweeps(run).flatMap { figures(run, $0.name, $0.results) },
            configuration: try sweeps(run).map { "# \($0.name)\n\(try $0.results.plan.source.text)" }
                .joined(separator: "\n"),
            creator: "ntklab \(ntklabVersion)", origin: origin(path), sections: sections(run))
        return try folder.write(page, withPDF: withPDF, say: say)
    }

    /// The parts that are sweeps, which have verdicts, figures and a configuration of their own.
    private static func sweeps(_ run: StudyRun) -> [(name: String, results: SweepResults)] {
        run.parts.compactMap { part in (part.results as? SweepResults).map { (part.name, $0) } }
    }

    /// What the other parts say, as they do on a terminal.
    private static func others(_ run: StudyRun) -> [Page.Section] {
        run.parts.filter { !($0.results is SweepResults) }.map {
            Page.Section($0.name, items: $0.results.lines(of: $0.name, columns: 100))
        }
    }

    private static func sections(_ run: StudyRun) -> [Page.Section] {
        let rows = run.comparisons.map { row -> (cells: [String], kind: Page.Verdict.Kind) in
            let published = row.publishedText { published in
                published.interval.lowerBound == published.interval.upperBound
                    ? shown(published.value) : published.display
            }
            return (
                [
                    Symbols.quantity(row.quantity), row.measured?.display ?? "–",
                    published, row.words,
                ], row.verdict == .holds ? .holds : row.verdict == .fails ? .fails : .unknown
            )
        }
        return [
            Page.Section(
                "The question",
                paragraphs: [run.study.question, "\(run.study.reference) Compared with: \(run.study.source)."]),
            Page.Section(
                "Measured beside published",
                table: Page.Table(columns: ["quantity", "measured, 99 %", "published", "verdict"], rows: rows)),
        ] + others(run) + [Page.Section("What differs from the paper", items: run.remarks)]
    }

    private static func figures(_ run: StudyRun, _ part: String, _ results: SweepResults) -> [Figure] {
        let figures = SweepFigures(results, published: run.study.published(part)).all
        guard run.parts.count > 1 else { return figures }
        return figures.map { figure in
            Figure(
                id: "\(part)-\(figure.id)", title: "\(part): \(figure.title)", caption: figure.caption, figure.content)
        }
    }

    private static func facts(_ run: StudyRun) -> [(name: String, value: String)] {
        sweeps(run).flatMap { part in
            SweepReport.facts(part.results).map {
                (run.parts.count > 1 ? "\(part.name): \($0.name)" : $0.name, $0.value)
            }
        }
    }

    private static func problems(_ run: StudyRun) -> [String] {
        sweeps(run).flatMap { SweepReport.problems($0.results) }
            + run.parts.filter { !($0.results is SweepResults) && $0.results.failures > 0 }.map {
                "\($0.name): \($0.results.failures) failed"
            }
    }

    private static func origin(_ path: String) -> [(name: String, value: String)] {
        let began = [RunLocator.entries(in: path, .sweep).map(RunLocator.began).min()].compactMap { $0 }
        let folder = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        return began.map { ("Begun", RunReport.day(Date(timeIntervalSince1970: $0))) } + [("Folder", folder)]
    }
}
