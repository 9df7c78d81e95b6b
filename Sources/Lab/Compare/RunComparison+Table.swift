import Foundation

extension RunComparison {
    /// Runs up to here stand side by side as columns; more of them below one another.
    private static let mostColumns = 4

    /// The differences and the ends as a table with a row a quantity, or with a row a run where they are many.
    /// - Parameter columns: characters of a line: long names of runs lose their beginning, and columns that don't fit
    ///   are left out.
    public func lines(columns: Int) -> [String] {
        let isWide = runs.count <= Self.mostColumns
        let rows = isWide ? Self.transposed(table) : table
        var widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        if isWide {
            let room = max((columns - widths[0]) / (widths.count - 1) - 2, 12)
            for column in 1..<widths.count { widths[column] = min(widths[column], room) }
        } else {
            widths[0] = min(widths[0], 30)
        }
        var shown = widths.count
        while shown > 2, widths.prefix(shown).reduce(0, +) + 2 * (shown - 1) > columns { shown -= 1 }
        let lines = rows.map { row in
            let cells = zip(row, widths).prefix(shown).map { Self.fitted($0, $1) }
            return cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
        }
        let isEqual = differences.isEmpty ? ["their configurations are equal"] : []
        return lines + [""] + isEqual + ["verdicts: statements 1 to 8, + holds, - fails, ? can't be told"]
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

    /// A text in exactly that many characters: the end of a longer one, behind …, tells more than its beginning.
    private static func fitted(_ text: String, _ width: Int) -> String {
        text.count <= width
            ? text + String(repeating: " ", count: width - text.count) : "…" + text.suffix(max(width - 1, 0))
    }

    private struct JSONRun: Encodable {
        let run: String
        let configuration: [String: String?]
        let end: [String: ComparedRun.Ending]
    }

    /// One JSON array, a run an entry: the keys in which they differ, and its end.
    public var json: some Encodable {
        let ends = runs.map(\.ending)
        return runs.indices.map { run in
            JSONRun(
                run: runs[run].path,
                configuration: differences.reduce(into: [:]) { $0[$1.key] = .some($1.values[run]) },
                end: ends[run])
        }
    }
}
