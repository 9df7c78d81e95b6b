import Files
import Foundation
import HDF5
import LinearAlgebra
import RunFolders
import Runs

/// The metrics of a run, from `metrics.h5` or from the journal, whichever is sound and goes further.
package struct RecordedMetrics {
    package private(set) var history = MetricHistory()
    /// What of both files is missing or damaged.
    package private(set) var damage: [String] = []

    package init(reading run: String) {
        let (file, journal) = (RunFile.metrics.path(of: run), RunFile.journal.path(of: run))
        var stored: MetricHistory?
        do {
            if Disk.exists(file) { stored = try Self.table(file) }
        } catch {
            damage.append("\(error)")
        }
        var lines: [ArraySlice<UInt8>] = []
        do {
            lines = try Self.lines(of: journal)
            if lines.isEmpty { damage.append("\(journal): is empty") }
        } catch {
            damage.append("\(error)")
        }
        let tableEnd = stored?.lastStep ?? -1
        // The last sound line tells whether the journal goes further: a kill leaves at most one that is cut.
        let journalEnd = lines.suffix(2).compactMap { Self.row($0)?.step }.last ?? -1
        if journalEnd > Double(tableEnd) { readJournal(lines, journal) }
        guard let stored, tableEnd >= history.lastStep ?? -1 else { return }
        history = stored
        if !lines.isEmpty, journalEnd < Double(tableEnd) {
            damage.append("\(journal): ends before step \(tableEnd) of metrics.h5, or is no journal")
        }
    }

    /// Whether the bytes of `metrics.h5` are those that were written, and its last row is that of a step.
    package static func isSound(ofRun run: String, through step: Int) -> Bool {
        do {
            let file = try SoundFile.open(RunFile.metrics.path(of: run))
            return try MetricHistory.steps(in: file).last == Double(step)
        } catch {
            return false
        }
    }

    /// - Throws: an error that names the file, where it is not sound.
    package static func table(_ path: String) throws -> MetricHistory {
        switch try FileDigest.verify(path) {
        case .sound: break
        case .damaged: throw LabError("\(path): damaged: its bytes differ from its digest")
        case .foreign: throw LabError("\(path): not written by ntklab")
        }
        do {
            return try MetricHistory(tableOf: HDF5File(reading: path))
        } catch let error as LabError {
            throw LabError("\(path): \(error)")
        }
    }

    private static func lines(of path: String) throws -> [ArraySlice<UInt8>] {
        // Bytes in an array: a line of Data would be found several times as slowly.
        try PlainFile.read(path, limit: Memory.limit / 4).split(separator: UInt8(ascii: "\n"))
    }

    /// The step of a line and what else is in it; nil where it is not a line of a journal.
    private static func row(_ line: ArraySlice<UInt8>) -> (step: Double, values: [String: Any])? {
        do {
            let values = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
            guard let values, let step = (values["step"] as? NSNumber)?.doubleValue, (0...1e15).contains(step),
                step == step.rounded()
            else { return nil }
            return (step, values)
        } catch {
            return nil
        }
    }

    /// Lines up to the first that is cut or foreign.
    private mutating func readJournal(_ lines: [ArraySlice<UInt8>], _ path: String) {
        guard let first = lines.first, let names = Self.row(first).map({ Array($0.values.keys) }) else {
            if !lines.isEmpty { damage.append("\(path): line 1 is not one of a journal") }
            return
        }
        history = MetricHistory(columns: ["step"] + names.filter { $0 != "step" }.sorted())
        var known = Set(history.columns)
        var last = -1.0
        for (index, line) in lines.enumerated() {
            guard let row = Self.row(line), row.step > last else {
                damage.append(
                    "\(path): line \(index + 1) of \(lines.count) is cut or not one of a journal; read up to it")
                return
            }
            last = row.step
            let others = row.values.keys.filter { !known.contains($0) }.sorted()
            if !others.isEmpty { history.addColumns(others) }
            known.formUnion(others)
            history.append(row: history.columns.map { (row.values[$0] as? NSNumber)?.doubleValue ?? .nan })
        }
    }
}
