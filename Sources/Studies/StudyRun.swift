import Console
import Files
import Foundation
import RunFolders
import Runs
import Statistics
import Sweeps

/// A study with its sweeps run.
package struct StudyRun {
    package let study: Study
    package let path: String
    package let parts: [(name: String, results: SweepResults)]
    package let comparisons: [StudyComparison]

    /// Runs what is missing of a study's sweeps and compares.
    /// - Parameter isFull: the published sizes where they can be, instead of those that take minutes.
    /// - Returns: nil where a signal stopped it.
    package static func run(
        _ study: Study, isFull: Bool, out: String, jobs: Int?, quiet: Bool, say: @escaping (String) -> Void
    ) throws -> StudyRun? {
        let path = folder(of: study, isFull: isFull, out: out)
        var parts: [(String, SweepResults)] = []
        for part in study.parts {
            let plan = try part.plan(of: study, isFull: isFull)
            let outcome = try Sweep.run(
                plan, out: path, jobs: jobs, stopsAtFailure: false, quiet: quiet, say: say)
            if outcome.bySignal { return nil }
            parts.append((part.name, outcome.results))
        }
        let run = StudyRun(study: study, path: path, parts: parts, comparisons: study.compare(parts.map(\.1)))
        try RunDirectory.write(run.csv, to: path + "/study.csv")
        return run
    }

    /// Reads a study from its folder, and trains nothing.
    /// - Throws: `LabError` where one of its sweeps is missing.
    package init(reading path: String) throws {
        guard let study = Self.study(in: path) else { throw LabError("\(path): is no study") }
        self.study = study
        self.path = path
        parts = try study.parts.map { ($0.name, try SweepResults(directory: "\(path)/\($0.name)")) }
        comparisons = study.compare(parts.map(\.results))
    }

    private init(
        study: Study, path: String, parts: [(name: String, results: SweepResults)], comparisons: [StudyComparison]
    ) {
        (self.study, self.path, self.parts, self.comparisons) = (study, path, parts, comparisons)
    }

    /// The study whose sweeps a folder holds, which has its name, with `-full` where it is that.
    package static func study(in path: String) -> Study? {
        let name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        return Study.all.first { study in
            [study.name, study.name + "-full"].contains(name)
                && study.parts.contains { SweepFile.isSweep("\(path)/\($0.name)") }
        }
    }

    private static func folder(of study: Study, isFull: Bool, out: String) -> String {
        "\(out)/\(study.name)\(isFull ? "-full" : "")"
    }

    /// What a study would do: the cells of its sweeps, how they stand and what they cost.
    package struct Forecast: Encodable, Sendable {
        package struct Part: Encodable, Sendable {
            package let part: String
            package let forecast: SweepForecast
        }

        package let study: String
        package let parts: [Part]

        package init(_ study: Study, isFull: Bool, out: String, jobs: Int?) throws {
            let path = StudyRun.folder(of: study, isFull: isFull, out: out)
            self.study = study.name
            parts = try study.parts.map { part in
                let plan = try part.plan(of: study, isFull: isFull)
                return Part(part: part.name, forecast: try SweepForecast(plan, out: path, jobs: jobs))
            }
        }

        package var isSound: Bool { parts.allSatisfy(\.forecast.isSound) }

        /// For a terminal.
        package func lines(columns: Int) -> [String] {
            parts.flatMap { ["part      \($0.part)"] + $0.forecast.lines(columns: columns) }
        }
    }

    /// The comparison as lines for a terminal.
    package func lines(columns: Int) -> [String] {
        let heading =
            wrapped("\(study.name): \(study.title)", columns: columns)
            + wrapped("after \(study.source)", columns: columns) + [""]
        let laws = parts.flatMap { name, results in
            ["", "\(name), beside the theory:", ""] + results.fits.table(columns: columns)
        }
        return heading + Self.table(comparisons, columns: columns) + ["", summary] + laws
            + ["", "What differs from the paper:"]
            + study.remarks.flatMap { wrapped("  " + $0, columns: columns, indent: 2) }
    }

    /// "5 of 8 agree, 1 differ, 2 can't be told".
    package var summary: String {
        func count(_ verdict: Verdict) -> Int { comparisons.filter { $0.verdict == verdict }.count }
        return
            "\(count(.holds)) of \(comparisons.count) agree, \(count(.fails)) differ, \(count(.cannotTell)) can't be told"
    }

    /// A row a number.
    package static func table(_ comparisons: [StudyComparison], columns: Int) -> [String] {
        let rows = comparisons.map { row in
            [
                row.quantity, row.measured.map { SweepFits.shown($0, decimals: row.decimals) } ?? "–", shown(row),
                row.words,
            ]
        }
        let titles: [TextTable.Column] = [
            .text("quantity", least: 24), .text("measured, 99 %"), .text("published"), .text("verdict", least: 24),
        ]
        return TextTable(titles, rows).lines(width: columns)
    }

    private static func shown(_ row: StudyComparison) -> String {
        let published = row.published
        let length = published.interval.upperBound - published.interval.lowerBound
        return length > 0
            ? SweepFits.shown(published, decimals: row.decimals)
            : SweepFits.shown(published.value, decimals: row.decimals)
    }

    private var csv: String {
        func text(_ value: Double?) -> String { value.flatMap { $0.isFinite ? "\($0)" : nil } ?? "" }
        let header = ["quantity", "measured", "low", "high", "published", "published_low", "published_high", "verdict"]
        let lines = comparisons.map { row in
            [
                row.quantity, text(row.measured?.value), text(row.measured?.interval.lowerBound),
                text(row.measured?.interval.upperBound), text(row.published.value),
                text(row.published.interval.lowerBound),
                text(row.published.interval.upperBound), row.words,
            ]
        }
        return csvText([header] + lines)
    }
}
