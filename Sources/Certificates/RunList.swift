import Console
import Files
import Foundation
import RunFolders
import Statistics
import Theory

/// The runs and sweeps in a folder, filtered and sorted.
package struct RunList: Sendable {
    package enum Order: String, Sendable, CaseIterable { case began, name, loss, step, accuracy, status }

    package let folder: String
    package let entries: [RunEntry]
    /// Runs and sweeps in the folder, those that no filter keeps too.
    private let count: Int

    /// - Parameters:
    ///   - filters: words that have to be in an entry, or `field=word`.
    ///   - judging: whether runs whose verdicts were not kept are certified.
    /// - Throws: `LabError` where the folder is none.
    package init(
        _ folder: String, filters: [String] = [], by order: Order = .began, reversed: Bool = false,
        judging: Bool = false
    ) throws {
        guard Disk.exists(folder) else {
            throw LabError("\(folder): no such folder: runs are put into `runs`, or where --out says")
        }
        guard !Disk.isFile(folder) else { throw LabError("\(folder): expected a folder of runs, found a file") }
        for filter in filters {
            guard let equals = filter.firstIndex(of: "=") else { continue }
            let field = filter[..<equals].lowercased()
            guard RunEntry.fields.contains(field) else {
                throw LabError(
                    "--filter \(filter): expected one of \(RunEntry.fields.joined(separator: ", ")), found \(field)")
            }
        }
        self.folder = folder
        let all = RunLocator.entries(in: folder, .either).map { RunEntry($0, judging: judging) }
        let kept = all.filter { entry in filters.allSatisfy(entry.matches) }
        let sorted = kept.sorted { a, b in Self.isBefore(a, b, order) }
        count = all.count
        entries = reversed ? sorted.reversed() : sorted
    }

    /// Newest first, best first; what is unknown last.
    private static func isBefore(_ a: RunEntry, _ b: RunEntry, _ order: Order) -> Bool {
        func ascending(_ value: (RunEntry) -> Double?) -> Bool {
            (value(a) ?? .infinity, b.began) < (value(b) ?? .infinity, a.began)
        }
        return switch order {
        case .began: (b.began, a.path) < (a.began, b.path)
        case .name: (a.name, b.began) < (b.name, a.began)
        case .status: (a.status, b.began) < (b.status, a.began)
        case .loss: ascending(\.loss)
        case .step: ascending { $0.step.map { -Double($0) } }
        case .accuracy: ascending { $0.testAccuracy.map { -$0 } }
        }
    }

    /// `12345678`, over the signs of the verdicts.
    private static let statements = Statement.allCases.map { "\($0.number)" }.joined()

    private static let columns: [TextTable.Column] = [
        .text("run"), .text("status"), .number("step"), .number("loss"), .number("test"), .text(statements),
        .text("network", isOptional: true), .text("data", isOptional: true), .text("began", isOptional: true),
    ]

    private func cells(_ entry: RunEntry) -> [String] {
        let name = entry.path.hasPrefix(folder + "/") ? String(entry.path.dropFirst(folder.count + 1)) : entry.path
        return [
            name, entry.status, entry.step.map { "\($0)" } ?? "", entry.loss.map { Statistics.shown($0) } ?? "",
            entry.testAccuracy.map { String(format: "%.1f %%", 100 * $0) } ?? "", entry.verdicts ?? "",
            entry.network ?? "",
            entry.data ?? "", Self.day.string(from: entry.began),
        ]
    }

    private static var day: DateFormatter {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd HH:mm"
        return formatter
    }

    /// A line an entry under titles; the last columns are left out where there is no room for them.
    package func lines(columns: Int) -> [String] {
        guard !entries.isEmpty else {
            return [
                count == 0 ? "\(folder): no runs" : "\(folder): none of \(count) runs and sweeps is kept by the filter"
            ]
        }
        return TextTable(Self.columns, entries.map(cells)).lines(width: columns)
            + [""]
            + wrapped(
                "\(Self.statements): the statements of `certify`; + holds, - fails, ? can't be told", columns: columns)
    }

    /// The same as text of comma-separated values.
    package var csv: String {
        csvText(
            [
                [
                    "path", "kind", "name", "began", "status", "step", "loss", "test_accuracy", "verdicts", "network",
                    "data",
                ]
            ]
                + entries.map { entry in
                    [
                        entry.path, entry.kind, entry.name, Self.stamp(entry.began), entry.status,
                        entry.step.map { "\($0)" } ?? "", entry.loss.map { "\($0)" } ?? "",
                        entry.testAccuracy.map { "\($0)" } ?? "", entry.verdicts ?? "", entry.network ?? "",
                        entry.data ?? "",
                    ]
                })
    }

    private static func stamp(_ date: Date) -> String { ISO8601DateFormatter().string(from: date) }

    private struct JSONEntry: Encodable {
        let path, kind, name, began, status: String
        let step: Int?
        let loss, testAccuracy: Double?
        let verdicts, network, data: String?
    }

    /// One JSON array.
    package var json: some Encodable {
        entries.map {
            JSONEntry(
                path: $0.path, kind: $0.kind, name: $0.name, began: Self.stamp($0.began), status: $0.status,
                step: $0.step,
                loss: $0.loss, testAccuracy: $0.testAccuracy, verdicts: $0.verdicts, network: $0.network, data: $0.data)
        }
    }
}
