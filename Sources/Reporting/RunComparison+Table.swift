import Console
import Foundation
import Measurements
import Statistics

extension RunComparison {
    /// Runs up to here stand side by side as columns; more of them below one another.
    private static let mostColumns = 4

    /// The differences and the ends as a table with a row a quantity; where runs are many, with a row a run, in which the
    /// keys come last: those that have no room are left out, and counted.
    package func lines(columns: Int) -> [String] {
        let isEqual = differences.isEmpty ? ["their configurations are equal"] : []
        let table = runs.count <= Self.mostColumns ? sideBySide(columns) : oneBelowAnother(columns)
        return table + [""] + isEqual + ["verdicts: statements 1 to 8, + holds, - fails, ? can't be told"]
    }

    private func sideBySide(_ columns: Int) -> [String] {
        let most = max((columns - 24) / runs.count - 2, 12)
        let titles = [TextTable.Column.text("run")] + runs.map { .text(shortened($0.path, to: most), least: 10) }
        let keys = differences.map { key, values in [key] + values.map { Self.line($0 ?? "–") } }
        let known = known.map { name in [name] + runs.map { $0.ending[name]?.shown ?? "–" } }
        return TextTable(titles, keys + known).lines(width: columns)
    }

    private func oneBelowAnother(_ columns: Int) -> [String] {
        let first = ["status", "step", "loss_ratio", MetricFamily.testAccuracy.name, "verdicts"].filter(known.contains)
        let rest = known.filter { !first.contains($0) }
        let (labels, said) = (labels, labelsByValues?.keys ?? [])
        let keys = differences.filter { !said.contains($0.key) }
        let rows = runs.indices.map { run in
            [shortened(labels[run], to: 30)] + first.map { runs[run].ending[$0]?.shown ?? "–" }
                + keys.map { shortened(Self.line($0.values[run] ?? "–"), to: 16) }
                + rest.map { runs[run].ending[$0]?.shown ?? "–" }
        }
        let optional = keys.map { title($0.key, among: keys.map(\.key)) } + rest
        let titles = (["run"] + first).map { TextTable.Column.text($0) }
        let lines = TextTable(titles + optional.map { .text($0, isOptional: true) }, rows).lines(width: columns)
        let shown = Set(lines.first?.split(separator: " ").map(String.init) ?? [])
        let hidden = optional.count { !shown.contains($0) }
        return lines + (hidden > 0 ? ["\(hidden) more columns have no room: --json has them"] : [])
    }

    /// The last part of a key, or all of it where another column has that name.
    private func title(_ key: String, among keys: [String]) -> String {
        let name = Self.lastPart(key)
        let isTaken = known.contains(name) || keys.count { Self.lastPart($0) == name } > 1
        return isTaken ? key : name
    }

    /// The names of what any of the runs came to.
    private var known: [String] {
        ComparedRun.endings.filter { name in runs.contains { $0.ending[name] != nil } }
    }

    private static func line(_ value: String) -> String {
        value.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    }

    private struct JSONRun: Encodable {
        let run: String
        let configuration: [String: ComparedRun.Ending]
        let end: [String: ComparedRun.Ending]
    }

    /// One JSON array, a run an entry: the keys in which they differ, and its end.
    package var json: some Encodable {
        runs.indices.map { run in
            let values = differences.compactMap { key, values in values[run].map { (key, ComparedRun.Ending($0)) } }
            return JSONRun(
                run: runs[run].path, configuration: Dictionary(uniqueKeysWithValues: values),
                end: runs[run].ending.filter(\.value.isKnown))
        }
    }
}
