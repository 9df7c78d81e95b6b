import Foundation
import HDF5

/// What is left to do for a cell.
enum CellWork {
    case nothing
    /// Its run begins.
    case begin
    /// Its run was interrupted and goes on.
    case resume
    /// Its run came to its end and goes on from there to a deeper one.
    case extend
    /// Its run is made again beside what is there: that lacks what is recorded now, or a checkpoint to go on from.
    case again

    /// One word for a list; nil where the state of the cell says it.
    var word: String? {
        switch self {
        case .resume, .extend: "goes on"
        case .again: "runs again"
        case .nothing, .begin: nil
        }
    }

    /// ` (3 go on, 2 run again), 7 done`, in what a sweep would do.
    static func counts(_ works: [CellWork]) -> String {
        let parts = [
            (works.count { $0 == .resume || $0 == .extend }, "go on"), (works.count { $0 == .again }, "run again"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let done = works.count { $0 == .nothing }
        return (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))") + (done > 0 ? ", \(done) done" : "")
    }

    /// What a sweep says of cells that had come to an end; nil where none is to be more than that.
    static func remark(_ works: [CellWork]) -> String? {
        let (further, again) = (works.count { $0 == .extend }, works.count { $0 == .again })
        let parts = [
            further > 0 ? "\(further) that had ended go on from there" : nil,
            again > 0
                ? "\(again) run again to the same bits, for what is recorded now or for want of a checkpoint; what they have "
                    + "stays until then" : nil,
        ].compactMap { $0 }
        return parts.isEmpty ? nil : "cells     " + parts.joined(separator: ", ")
    }
}

extension SweepDirectory {
    /// Where the run of a cell is made again while the earlier one stays.
    func beside(_ id: String) -> String { "\(path)/cells/.again-\(id)" }

    /// Where the earlier run is while another takes its place.
    private func earlier(_ id: String) -> String { "\(path)/cells/.old-\(id)" }

    /// Whether a kill left a cell between its earlier run and the one that takes its place, both of them whole.
    func isBetween(_ cell: SweepCell) -> Bool { !Self.exists(self.cell(cell.id)) && Self.exists(earlier(cell.id)) }

    /// The earlier run that one beside it is to replace; nil for a folder that is not such a one.
    static func place(ofBeside folder: String) -> String? {
        let url = URL(fileURLWithPath: folder)
        let name = url.lastPathComponent
        guard name.hasPrefix(".again-") else { return nil }
        return url.deletingLastPathComponent().path + "/" + name.dropFirst(".again-".count)
    }

    /// The folder in which a cell's run is made.
    func workplace(of cell: SweepCell) -> String {
        let beside = beside(cell.id)
        return Self.exists(beside) ? beside : self.cell(cell.id)
    }

    /// Whether a process works on a cell.
    func isHeld(_ cell: SweepCell) -> Bool {
        RunDirectory.isHeld(self.cell(cell.id)) || RunDirectory.isHeld(beside(cell.id))
    }

    /// Whether a run came to its end and its metrics are those of it.
    func isSound(_ run: String, _ record: RunRecord) -> Bool {
        record.isComplete && RecordedMetrics.isSound(ofRun: run, through: record.step)
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    func work(for cell: SweepCell) -> CellWork {
        guard case .success(let wanted) = cell.configuration else { return .nothing }
        let run = self.cell(cell.id)
        if isBetween(cell) { return .again }
        guard Self.exists(run + "/config.yaml"), Runner.hasBegun(run) else { return .begin }
        do {
            let record = try RunRecord(reading: run)
            let isSound = isSound(run, record)
            return switch try extent(ofRun: run, record, for: wanted) {
            case .foreign, .further: .nothing
            case .whole: isSound ? .nothing : .resume
            case .shallower: !isSound ? .resume : Self.hasCheckpoint(run) ? .extend : .again
            case .recordsLess: .again
            }
        } catch {
            // Its process will say what is wrong.
            return .resume
        }
    }

    private static func hasCheckpoint(_ run: String) -> Bool {
        do {
            return try RunDirectory.checkpointSteps(of: run).contains {
                try FileDigest.verify(RunDirectory.checkpoint(at: $0, of: run)) == .sound
            }
        } catch { return false }
    }

    /// Makes what is on disk for a cell that of a run which is to begin, or to go on, as the cell is now.
    ///
    /// It can be killed after any step: the record of a run says that it is not at its end before its configuration
    /// says where that is.
    func prepare(_ cell: SweepCell) throws {
        guard case .success(let wanted) = cell.configuration, !isHeld(cell) else { return }
        let run = self.cell(cell.id)
        switch work(for: cell) {
        case .nothing: break
        case .begin: try makeRun(run, wanted)
        case .resume, .extend:
            // Another process may have taken it, or its record be no record: that of the cell will say so.
            do { try goOn(run, wanted) } catch is LabError {} catch is ConfigError {}
        case .again:
            let stored = try Configuration(file: run + "/config.yaml")
            let whole = try wanted.recording(also: stored)
            let beside = beside(cell.id)
            if Self.exists(beside), isSoundBeside(wanted, beside) == nil { try Self.remove(beside) }
            try makeRun(beside, whole)
        }
    }

    private func makeRun(_ folder: String, _ configuration: Configuration) throws {
        guard !Runner.hasBegun(folder) || !Self.exists(folder + "/config.yaml") else { return }
        try WholeFile.makeFolder(folder)
        try RunDirectory.makeFolder("checkpoints", of: folder)
        try RunDirectory.write(configuration.resolvedText, to: folder + "/config.yaml")
    }

    private func goOn(_ run: String, _ wanted: Configuration) throws {
        let directory = try RunDirectory(opening: run)
        let stored = try Configuration(file: directory.configuration)
        var record = try RunRecord(reading: run)
        let whole = try wanted.recording(also: stored)
        guard whole.resolvedText != stored.resolvedText else { return }
        if record.isComplete {
            record.status = .interrupted
            record.outcome = "to go further than \(record.outcome)"
            try record.write(to: run)
        }
        try RunDirectory.write(whole.resolvedText, to: directory.configuration)
    }

    /// Whether a run beside another is complete; nil where it is not that of the cell as it is now, or can't be read.
    private func isSoundBeside(_ wanted: Configuration, _ beside: String) -> Bool? {
        do {
            let record = Runner.hasBegun(beside) ? try RunRecord(reading: beside) : nil
            guard try extent(ofRun: beside, record, for: wanted) == .whole else { return nil }
            return record.map { isSound(beside, $0) } ?? false
        } catch { return nil }
    }

    /// Puts the run that was made beside an earlier one of a cell in its place, once it is complete, and deletes what is
    /// of no use any more.
    func settle(_ cell: SweepCell) throws {
        guard case .success(let wanted) = cell.configuration else { return }
        let (run, beside, old) = (self.cell(cell.id), beside(cell.id), earlier(cell.id))
        if Self.exists(old) {
            // Killed between the two renames below, or after them.
            try Self.exists(run) ? Self.remove(old) : Self.move(old, to: run)
        }
        guard Self.exists(beside), !isHeld(cell) else { return }
        let isSound = isSoundBeside(wanted, beside)
        if isSound == true, work(for: cell) != .nothing {
            // One right after the other, so that hardly any kill comes between.
            try Self.move(run, to: old)
            try Self.move(beside, to: run)
            try WholeFile.syncFolder(of: run)
            try Self.remove(old)
        } else if case .again = work(for: cell), isSound == false {
            // It goes on.
        } else {
            try Self.remove(beside)
        }
    }

    private static func move(_ path: String, to other: String) throws {
        guard rename(path, other) == 0 else { throw FileError(path, "cannot be moved to \(other)") }
    }

    private static func remove(_ folder: String) throws {
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            throw LabError("\(folder): cannot be deleted: \(reason(error))")
        }
        try WholeFile.remove(folder + ".log")
    }
}
