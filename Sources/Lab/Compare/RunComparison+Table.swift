import Foundation

extension RunComparison {
    /// Runs up to here stand side by side as columns; more of them below one another.
    private static let mostColumns = 4

    /// The differences and the ends as a table with a row a quantity, or with a row a run where they are many.
    public func lines(columns: Int) -> [String] {
        let isWide = runs.count <= Self.mostColumns
        let rows = isWide ? Self.transposed(table) : table
        // Side by side, long names of runs are broken; below one another, what comes last is what may go.
        let titles = rows[0].enumerated().map { index, title -> TextTable.Column in
            isWide
                ? .text(shortened(title, to: max((columns - 24) / runs.count - 2, 12)), least: index > 0 ? 10 : nil)
                : index == 0
                    ? .text(title)
                    : .text(title, isOptional: index > differences.count && title != "verdicts")
        }
        let cells = rows.dropFirst().map { row in isWide ? row : [shortened(row[0], to: 30)] + row.dropFirst() }
        let isEqual = differences.isEmpty ? ["their configurations are equal"] : []
        return TextTable(titles, cells).lines(width: columns) + [""] + isEqual
            + ["verdicts: statements 1 to 8, + holds, - fails, ? can't be told"]
    }

    /// A row of titles, then one a run: its path, the keys that differ, and its end.
    var table: [[String]] {
        let ends = runs.map(\.ending)
        let known = ComparedRun.endings.filter { name in ends.contains { $0[name] != nil } }
        let short = differences.map { RunComparison.lastPart($0.key) }
        let keys = zip(differences, short).map { difference, name in
            short.count { $0 == name } > 1 || runs.count <= Self.mostColumns ? difference.key : name
        }
        return [["run"] + keys + known]
            + runs.indices.map { run in
                let values = differences.map { Self.line($0.values[run] ?? "–") }
                return [runs[run].path] + values + known.map { ends[run][$0]?.shown ?? "–" }
            }
    }

    private static func line(_ value: String) -> String {
        value.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    }

    private static func transposed(_ table: [[String]]) -> [[String]] {
        table[0].indices.map { column in table.map { $0[column] } }
    }

    private struct JSONRun: Encodable {
        let run: String
        let configuration: [String: ComparedRun.Ending]
        let end: [String: ComparedRun.Ending]
    }

    /// One JSON array, a run an entry: the keys in which they differ, and its end.
    public var json: some Encodable {
        let ends = runs.map(\.ending)
        return runs.indices.map { run in
            let values = differences.compactMap { key, values in values[run].map { (key, ComparedRun.Ending($0)) } }
            return JSONRun(
                run: runs[run].path, configuration: Dictionary(uniqueKeysWithValues: values),
                end: ends[run].filter(\.value.isKnown))
        }
    }
}
