import Console
import Foundation

/// What was compared, for a terminal.
package enum ComparisonTable {
    /// A row a quantity.
    package static func lines(_ comparisons: [Comparison], columns: Int) -> [String] {
        let rows = comparisons.map { row in
            [
                row.case, row.quantity, "\(row.shape)",
                row.error.map { String(format: "%.2e", $0) } ?? (row.status == .differs ? "not finite" : "-"),
                row.tolerance.map { String(format: "%.0e", $0) } ?? "-",
                row.status.rawValue + (row.reason.map { ": \($0)" } ?? ""),
            ]
        }
        let titles: [TextTable.Column] = [
            .text("case"), .text("quantity"), .text("shape"), .number("error"), .number("allowed"),
            .text("result", least: 14),
        ]
        return TextTable(titles, rows).lines(width: columns)
    }
}
