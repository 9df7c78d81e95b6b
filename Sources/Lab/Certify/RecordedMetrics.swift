import Foundation
import HDF5
import Theory
import Training

/// The metrics of a run, from `metrics.h5` or from the journal, whichever is sound and goes further.
struct RecordedMetrics {
    private(set) var history = MetricHistory()
    /// What of both files is missing or damaged.
    private(set) var damage: [String] = []

    init(reading run: String) {
        let file = run + "/metrics.h5"
        var stored: MetricHistory?
        do {
            if FileManager.default.fileExists(atPath: file) { stored = try Self.table(file) }
        } catch {
            damage.append("\(error)")
        }
        let lines = Self.lines(of: run + "/metrics.jsonl")
        if lines.isEmpty { damage.append("\(run)/metrics.jsonl: missing or empty") }
        let last = lines.last.flatMap { Self.row($0)?["step"] }
        if let stored, let end = stored.lastStep, last.map({ Int($0) <= end }) ?? true {
            history = stored
            if last.map({ Int($0) < end }) ?? !lines.isEmpty {
                damage.append("\(run)/metrics.jsonl: ends before step \(end) of metrics.h5")
            }
            return
        }
        readJournal(lines, run + "/metrics.jsonl")
    }

    /// - Throws: an error that names the file, where it is not sound.
    private static func table(_ path: String) throws -> MetricHistory {
        switch try FileDigest.verify(path) {
        case .sound: break
        case .damaged: throw LabError("\(path): damaged: its bytes differ from its digest")
        case .foreign: throw LabError("\(path): not written by ntklab")
        }
        return try MetricHistory(tableOf: HDF5File(reading: path))
    }

    private static func lines(of path: String) -> [Data] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return data.split(separator: UInt8(ascii: "\n"))
    }

    /// The numbers of a line, null as NaN; nil where it is not a line of a journal.
    private static func row(_ line: Data) -> [String: Double]? {
        guard let row = decode(line), let step = row["step"], (0...1e15).contains(step), step == step.rounded() else {
            return nil
        }
        return row
    }

    private static func decode(_ line: Data) -> [String: Double]? {
        do {
            return try JSONDecoder().decode([String: Double?].self, from: line).mapValues { $0 ?? .nan }
        } catch {
            return nil
        }
    }

    /// Lines up to the first that is cut or foreign.
    private mutating func readJournal(_ lines: [Data], _ path: String) {
        guard let first = lines.first, let columns = Self.row(first).map({ Array($0.keys) }) else {
            if !lines.isEmpty { damage.append("\(path): line 1 is not one of a journal") }
            return
        }
        history = MetricHistory(columns: ["step"] + columns.filter { $0 != "step" }.sorted())
        for (index, line) in lines.enumerated() {
            guard let row = Self.row(line), history.lastStep.map({ Double($0) < row["step"] ?? 0 }) ?? true else {
                damage.append(
                    "\(path): line \(index + 1) of \(lines.count) is cut or not one of a journal; read up to it")
                return
            }
            history.append(row.map { Metric($0.key, $0.value) })
        }
    }
}
