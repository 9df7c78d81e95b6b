import Console
import Foundation

/// Who works on what in a folder of claims, since when, for people and programs.
package struct WorkerTable: Encodable, Sendable {
    package struct Row: Encodable, Sendable {
        package let host: String
        package let process: Int
        /// What it works on.
        package let work: String
        /// For how long, by the clock of the file server.
        let seconds: Double
        /// Since its last sign of life, by the same clock.
        let secondsSilent: Double
        /// Whether it has ended, or was silent for so long that others may take over.
        package let isGone: Bool
    }

    package let rows: [Row]

    /// - Parameter label: words for a claim; by default its own.
    package init(_ claims: [Claimed], label: (Claimed) -> String = \.record.label) {
        rows = claims.map { claim in
            Row(
                host: claim.record.holder.host, process: claim.record.holder.process, work: label(claim),
                seconds: max(claim.lastSign + claim.silence - claim.record.since, 0), secondsSilent: claim.silence,
                isGone: claim.isAbandoned)
        }
    }

    package func encode(to encoder: any Encoder) throws { try rows.encode(to: encoder) }

    /// Holders of claims in a few words.
    package static func words(_ claims: [Claimed]) -> String {
        let holders = Set(claims.map(\.record.holder.words)).sorted()
        return holders.count > 3 ? "\(holders.count) processes" : holders.joined(separator: "; ")
    }

    /// Workers that are at work.
    package var live: Int { rows.count { !$0.isGone } }

    /// A line a worker under titles; none where nobody works.
    package func lines(columns: Int) -> [String] {
        guard !rows.isEmpty else { return [] }
        let titles: [TextTable.Column] = [
            .text("host"), .number("process"), .text("works on", least: 20), .number("for"), .number("last sign"),
            .text("", least: 12),
        ]
        return TextTable(
            titles,
            rows.map { row in
                [
                    visible(row.host), "\(row.process)", visible(row.work), duration(row.seconds),
                    duration(row.secondsSilent) + " ago", row.isGone ? "gone: its work goes to others" : "",
                ]
            }
        ).lines(width: columns)
    }
}
