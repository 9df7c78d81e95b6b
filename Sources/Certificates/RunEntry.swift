import Files
import Foundation
import Measurements
import RunFolders
import Runs

/// A run or a sweep in a list: what can be said of it at a glance.
package struct RunEntry: Sendable {
    package let path: String
    package let kind: String
    package let name: String
    package let began: Date
    package let network: String?
    package let data: String?
    package let status: String
    package let step: Int?
    /// F and test accuracy where they were measured last.
    package let loss: Double?
    package let testAccuracy: Double?
    /// A character a statement, 1 to 8: + holds, − fails, ? can't be told, a space for none; nil where they were not asked for
    /// since the run ended.
    package let verdicts: String?

    /// Reads the run or the sweep in a folder, and nothing larger than the ends of its journal.
    /// - Parameter judging: whether a run whose verdicts were not kept is certified, for which all of it is read.
    package init(_ path: String, judging: Bool) {
        self.path = path
        began = Date(timeIntervalSince1970: RunLocator.began(path))
        let folder = URL(fileURLWithPath: path).standardizedFileURL
        guard !SweepFile.isSweep(path) else {
            (kind, name) = ("sweep", folder.lastPathComponent)
            (network, data, step, loss, testAccuracy, verdicts) = (nil, nil, nil, nil, nil, nil)
            status = Self.progress(ofSweep: path)
            return
        }
        var record: RunRecord?
        do { record = try RunRecord(reading: path) } catch {}
        kind = "run"
        name = folder.deletingLastPathComponent().lastPathComponent
        (network, data) = (record?.network, record?.data)
        let isHeld = RunDirectory.isHeld(path)
        status = record.map { $0.status == .running && !isHeld ? "KILLED" : $0.status.rawValue } ?? "DAMAGED"
        let last = JournalEnd(path)
        step = last.number("step").flatMap { Int(exactly: $0) } ?? record?.step
        loss = last.number(MetricFamily.trainLoss.name)
        testAccuracy = last.number(MetricFamily.testAccuracy.name)
        verdicts = isHeld ? nil : VerdictFile.signs(of: path) ?? (judging ? VerdictFile.signs(judging: path) : nil)
    }

    /// How many cells have come to an end, by their records.
    private static func progress(ofSweep path: String) -> String {
        let cells = Disk.namesIfAny(in: path + "/cells")
        let runs = cells.filter(SweepFile.isCell)
        let done = runs.count { run in
            do { return try RunRecord(reading: "\(path)/cells/\(run)").isComplete } catch { return false }
        }
        return "\(done) OF \(runs.count)"
    }

    /// What `field=word` may begin with.
    package static let fields = ["name", "network", "data", "status", "kind", "path"]

    /// Whether a word is in one of its texts, or `field=word` in that one; letters count alike.
    package func matches(_ filter: String) -> Bool {
        let parts = filter.split(separator: "=", maxSplits: 1).map { $0.lowercased() }
        let texts = Dictionary(
            uniqueKeysWithValues: zip(Self.fields, [name, network ?? "", data ?? "", status, kind, path]))
        if parts.count == 2, let text = texts[parts[0]] { return text.lowercased().contains(parts[1]) }
        return texts.values.contains { $0.lowercased().contains(filter.lowercased()) }
    }
}

/// The last line of a run's journal.
private struct JournalEnd {
    private let values: [String: Any]

    init(_ run: String) {
        values =
            Self.lastLine(RunFile.journal.path(of: run)).flatMap { line in
                do { return try JSONSerialization.jsonObject(with: line) as? [String: Any] } catch { return nil }
            } ?? [:]
    }

    func number(_ name: String) -> Double? { (values[name] as? NSNumber)?.doubleValue }

    /// The last whole line, as far as it is within the last 64 kB.
    private static func lastLine(_ path: String) -> Data? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { do { try file.close() } catch {} }
        do {
            let end = try file.seekToEnd()
            try file.seek(toOffset: end > 65536 ? end - 65536 : 0)
            // Bytes in an array: they would be searched several times as slowly in Data.
            let bytes = Array(try file.readToEnd() ?? Data())
            let newline = UInt8(ascii: "\n")
            guard let last = bytes.lastIndex(of: newline) else { return nil }
            let first = bytes[..<last].lastIndex(of: newline).map { $0 + 1 } ?? 0
            return Data(bytes[first..<last])
        } catch { return nil }
    }
}
