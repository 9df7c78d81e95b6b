import Console
import Files
import Foundation
import Runs
import Statistics
import Sweeps

/// A study with its parts run.
package struct StudyRun {
    package let study: Study
    package let path: String
    package let outcome: StudyOutcome
    package let comparisons: [StudyComparison]
    /// Which parts are left out, and why.
    package let leftOut: [String]

    package var parts: [(name: String, results: any StudyResults)] { outcome.parts }

    /// Runs what is missing of a study's parts and compares.
    /// - Parameter isFull: the published sizes where they can be, instead of those that take minutes.
    /// - Returns: nil where a signal stopped it.
    package static func run(
        _ study: Study, isFull: Bool, out: String, jobs: Int?, quiet: Bool, say: @escaping (String) -> Void
    ) throws -> StudyRun? {
        let path = folder(of: study, isFull: isFull, out: out)
        let call = StudyCall(study: study.name, path: path, isFull: isFull, jobs: jobs, quiet: quiet, say: say)
        let chosen = StudyParts(of: study, in: path)
        var parts: [(String, any StudyResults)] = []
        for part in chosen.those {
            guard let results = try part.run(call) else { return nil }
            parts.append((part.name, results))
        }
        let run = StudyRun(study, path, StudyOutcome(parts), leftOut: chosen.leftOut)
        try RunDirectory.write(run.csv, to: path + "/study.csv")
        return run
    }

    /// Reads a study from its folder, and trains nothing.
    /// - Throws: `LabError` where one of its parts is missing.
    package init(reading path: String) throws {
        guard let study = Self.study(in: path) else { throw LabError("\(path): is no study") }
        let parts = StudyParts(readFrom: path, study)
        self.init(
            study, path, StudyOutcome(try parts.those.map { ($0.name, try $0.results(in: path)) }),
            leftOut: parts.leftOut)
    }

    private init(_ study: Study, _ path: String, _ outcome: StudyOutcome, leftOut: [String]) {
        (self.study, self.path, self.outcome, comparisons) = (study, path, outcome, study.compare(outcome))
        self.leftOut = leftOut
    }

    /// What differs from the paper's experiment.
    package var remarks: [String] { study.remarks + leftOut }

    /// The study whose parts a folder holds, which has its name, with `-full` where it is that.
    package static func study(in path: String) -> Study? {
        let name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        return Study.all.first { study in
            [study.name, study.name + "-full"].contains(name)
                && study.parts.contains { $0.isThere(in: path) }
        }
    }

    private static func folder(of study: Study, isFull: Bool, out: String) -> String {
        "\(out)/\(study.name)\(isFull ? "-full" : "")"
    }

    /// What a study would do: what each part would.
    package struct Forecast: Encodable, Sendable {
        package struct Part: Encodable, Sendable {
            package let part: String
            package let forecast: any StudyForecast

            private enum Key: CodingKey { case part, forecast }

            package func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(part, forKey: .part)
                try container.encode(forecast, forKey: .forecast)
            }
        }

        package let study: String
        package let parts: [Part]
        package let leftOut: [String]

        package init(_ study: Study, isFull: Bool, out: String, jobs: Int?) throws {
            let path = StudyRun.folder(of: study, isFull: isFull, out: out)
            let call = StudyCall(study: study.name, path: path, isFull: isFull, jobs: jobs, quiet: true) { _ in }
            self.study = study.name
            let chosen = StudyParts(of: study, in: path)
            parts = try chosen.those.map { Part(part: $0.name, forecast: try $0.forecast(call)) }
            leftOut = chosen.leftOut
        }

        package var isSound: Bool { parts.allSatisfy(\.forecast.isSound) }

        /// For a terminal.
        package func lines(columns: Int) -> [String] {
            parts.flatMap { ["part      \($0.part)"] + $0.forecast.lines(columns: columns) }
                + leftOut.flatMap { wrapped($0, columns: columns, indent: 10) }
        }
    }

    /// The comparison as lines for a terminal.
    package func lines(columns: Int) -> [String] {
        let heading =
            wrapped("\(study.name): \(study.title)", columns: columns)
            + wrapped("after \(study.source)", columns: columns) + [""]
        let laws = parts.map { $0.results.lines(of: $0.name, columns: columns) }.filter { !$0.isEmpty }.flatMap {
            [""] + $0
        }
        return heading + Self.table(comparisons, columns: columns) + ["", summary] + laws
            + ["", "What differs from the paper:"]
            + remarks.flatMap { wrapped("  " + $0, columns: columns, indent: 2) }
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
        row.publishedText { published in
            published.interval.upperBound > published.interval.lowerBound
                ? SweepFits.shown(published, decimals: row.decimals)
                : SweepFits.shown(published.value, decimals: row.decimals)
        }
    }

    private var csv: String {
        func text(_ value: Double?) -> String { value.flatMap { $0.isFinite ? "\($0)" : nil } ?? "" }
        let header = ["quantity", "measured", "low", "high", "published", "published_low", "published_high", "verdict"]
        let lines = comparisons.map { row in
            [
                row.quantity, text(row.measured?.value), text(row.measured?.interval.lowerBound),
                text(row.measured?.interval.upperBound),
                row.published == nil ? row.claim : text(row.published?.value),
                text(row.published?.interval.lowerBound), text(row.published?.interval.upperBound), row.words,
            ]
        }
        return csvText([header] + lines)
    }
}
