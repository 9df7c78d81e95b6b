import Console
import Files
import Foundation
import RunFolders

/// Runs side by side: in what their configurations differ, and what they came to.
package struct RunComparison {
    package static let limits = 2...200

    let runs: [ComparedRun]
    /// The keys in whose values the runs differ, in alphabetical order, with the value of each run; nil where it has none.
    package let differences: [(key: String, values: [String?])]
    /// What can't be seen from the keys.
    package let remarks: [String]

    /// - Parameter texts: what stands for a run, or for a sweep, which is its cells.
    /// - Throws: `LabError` where one is not found, or there are not 2 to 200 of them; what can't be read of one is a remark.
    package init(_ texts: [String]) throws {
        var paths: [String] = []
        for path in try texts.flatMap(Self.paths) where !paths.contains(path) { paths.append(path) }
        guard Self.limits.contains(paths.count) else {
            throw LabError(
                "compare: expected \(Self.limits.lowerBound) to \(Self.limits.upperBound) runs, found \(paths.count)"
                    + (paths.count == 1 ? ": \(paths[0])" : ""))
        }
        let found = paths.map { ComparedRun(reading: $0) }
        let keys = Set(found.flatMap { $0.values.keys }).sorted().filter { key in
            Set(found.filter { !$0.values.isEmpty }.map { $0.values[key] }).count > 1
        }
        // Cells have no order of their own.
        let runs = paths.count == texts.count ? found : found.sorted { Self.isBefore($0, $1, keys) }
        self.runs = runs
        differences = keys.map { key in (key, runs.map { $0.values[key] }) }
        remarks = Self.remarks(runs)
    }

    private static func isBefore(_ a: ComparedRun, _ b: ComparedRun, _ keys: [String]) -> Bool {
        guard let key = keys.first(where: { a.values[$0] != b.values[$0] }) else { return a.path < b.path }
        let (left, right) = (a.values[key] ?? "", b.values[key] ?? "")
        guard let x = Double(left), let y = Double(right) else { return left < right }
        return x < y
    }

    private static func paths(_ text: String) throws -> [String] {
        let path = try RunLocator.find(text, .either)
        guard SweepFile.isSweep(path) else { return [path] }
        return try Disk.names(in: path + "/cells").sorted().map { "\(path)/cells/\($0)" }.filter {
            // Not those that are being made again beside a cell.
            !$0.contains("/cells/.") && Disk.exists(RunFile.journal.path(of: $0))
        }
    }

    private static func remarks(_ runs: [ComparedRun]) -> [String] {
        var remarks = runs.flatMap { run in run.damage.map { "damaged   \($0)" } }
        if Set(runs.compactMap { $0.record?.dataDigest }).count > 1 {
            remarks.append("warning   the runs trained on different data: their digests differ")
        }
        let units = ["loss.kind", "loss.reduction", "training.lazy_scale"]
        let known = runs.filter { !$0.values.isEmpty }
        let differing = units.filter { key in Set(known.map { $0.values[key] }).count > 1 }
        if !differing.isEmpty {
            remarks.append("warning   their losses are in different units: \(differing.joined(separator: ", ")) differ")
        }
        return remarks
    }

    /// What tells a run from the others in a few words: the values in which it differs, where they are few; else its folder.
    /// No two are alike.
    package var labels: [String] { labelsByValues?.labels ?? folders }

    /// Labels of up to three keys with short values, where those tell all runs apart, and the keys; nil otherwise.
    var labelsByValues: (labels: [String], keys: Set<String>)? {
        let keys = differences.filter { difference in
            difference.values.allSatisfy { ($0?.count ?? 0) <= 16 && $0?.contains("\n") != true }
        }
        let labels = runs.indices.map { run in
            keys.map { "\(Self.lastPart($0.key)) \($0.values[run] ?? "–")" }.joined(separator: ", ")
        }
        guard (1...3).contains(keys.count), Set(labels).count == runs.count else { return nil }
        return (labels, Set(keys.map(\.key)))
    }

    /// The ends of the runs' paths, as long as tells them apart.
    private var folders: [String] {
        let folders = runs.map { $0.path.split(separator: "/") }
        let most = folders.map(\.count).max() ?? 0
        let lengths = (2...max(most, 2)).lazy.map { length in
            folders.map { $0.suffix(length).joined(separator: "/") }
        }
        return lengths.first { Set($0).count == runs.count } ?? runs.map(\.path)
    }

    /// `width` of `model.width`.
    static func lastPart(_ key: String) -> String { key.split(separator: ".").last.map(String.init) ?? key }
}
