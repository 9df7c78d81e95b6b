import Configurations
import Console
import Files
import Foundation
import RunFolders
import Runs

extension SweepDirectory {
    /// Makes what is on disk for a cell that of a run which is to begin, or to go on, as the cell is now.
    ///
    /// It can be killed after any step: the record of a run says that it is not at its end before its configuration
    /// says where that is.
    package func prepare(_ cell: SweepCell) throws {
        guard case .success(let wanted) = cell.configuration, !isHeld(cell) else { return }
        let run = self.cell(cell.id)
        switch work(for: cell) {
        case .nothing: break
        case .begin: try makeRun(run, wanted)
        case .resume, .extend:
            // Another process may have taken it, or its record be no record: that of the cell will say so.
            do { try goOn(run, wanted) } catch is LabError {} catch is ConfigError {}
        case .again:
            let stored = try Configuration(file: RunFile.configuration.path(of: run))
            let whole = try RecordedKeys(RunRecord(reading: run)).joined(wanted, with: stored)
            let beside = beside(cell.id)
            if Disk.exists(beside), isSoundBeside(wanted, beside) == nil { try Self.remove(beside) }
            try makeRun(beside, whole)
        }
    }

    private func makeRun(_ folder: String, _ configuration: Configuration) throws {
        guard !RunFile.hasBegun(folder) || !Disk.exists(RunFile.configuration.path(of: folder)) else { return }
        try WholeFile.makeFolder(folder)
        try RunDirectory.makeFolder(RunFile.checkpoints.name, of: folder)
        try RunDirectory.write(configuration.resolvedText, to: RunFile.configuration.path(of: folder))
    }

    private func goOn(_ run: String, _ wanted: Configuration) throws {
        let directory = try RunDirectory(opening: run)
        let stored = try Configuration(file: directory.configuration)
        var record = try RunRecord(reading: run)
        let whole = try RecordedKeys(record).joined(wanted, with: stored)
        guard whole.resolvedText != stored.resolvedText else { return }
        if record.isComplete {
            record.status = .interrupted
            record.outcome = .goingFurther(than: record.outcome)
            try record.write(to: run)
        }
        try RunDirectory.write(whole.resolvedText, to: directory.configuration)
    }

    /// Whether a run beside another is complete; nil where it is not that of the cell as it is now, or can't be read.
    private func isSoundBeside(_ wanted: Configuration, _ beside: String) -> Bool? {
        do {
            let record = RunFile.hasBegun(beside) ? try RunRecord(reading: beside) : nil
            guard try extent(ofRun: beside, record, for: wanted) == .whole else { return nil }
            return record.map { isSound(beside, $0) } ?? false
        } catch { return nil }
    }

    /// Puts the run that was made beside an earlier one of a cell in its place, once it is complete, and deletes what is
    /// of no use any more.
    func settle(_ cell: SweepCell) throws {
        guard case .success(let wanted) = cell.configuration else { return }
        let (run, beside, old) = (self.cell(cell.id), beside(cell.id), earlier(cell.id))
        if Disk.exists(old) {
            // Killed between the two renames below, or after them.
            if Disk.exists(run) { try discard(old, for: run) } else { try Self.move(old, to: run) }
        }
        guard Disk.exists(beside), !isHeld(cell) else { return }
        let isSound = isSoundBeside(wanted, beside)
        if isSound == true, work(for: cell) != .nothing {
            if Disk.exists(run) { try Self.move(run, to: old) }
            try Self.move(beside, to: run)
            try WholeFile.syncFolder(of: run)
            if Disk.exists(old) { try discard(old, for: run) }
        } else if case .again = work(for: cell), isSound == false {
            // It goes on.
        } else {
            try Self.remove(beside)
        }
    }

    /// Deletes the earlier run of a cell whose place another has, which gets what others put there. A kill in between
    /// leaves the rest where it is found again.
    private func discard(_ old: String, for run: String) throws {
        try Self.takeAlong(old, to: run)
        try Self.remove(old)
    }

    /// Moves what a run did not write itself, such as kernels that were asked for beside it; not its report, which
    /// shows the earlier run.
    private static func takeAlong(_ run: String, to other: String) throws {
        let own = Set(RunFile.allCases.map(\.name))
        for name in try Disk.names(in: run)
        where !own.contains(name) && !name.hasPrefix(".") && !Disk.exists("\(other)/\(name)") {
            try move("\(run)/\(name)", to: "\(other)/\(name)")
        }
        guard Disk.exists(RunFile.kernels.path(of: run)) else { return }
        for name in try Disk.names(in: RunFile.kernels.path(of: run)) where name.hasPrefix("ntk-") {
            try WholeFile.makeFolder(RunFile.kernels.path(of: other))
            try move("\(RunFile.kernels.path(of: run))/\(name)", to: "\(RunFile.kernels.path(of: other))/\(name)")
        }
    }

    private static func move(_ path: String, to other: String) throws {
        guard rename(path, other) == 0 else { throw FileError(path, "cannot be moved to \(other)") }
    }

    private static func remove(_ folder: String) throws {
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            throw LabError("\(folder): cannot be deleted: \(reason(error))")
        }
        try WholeFile.remove(CellFailure.log(of: folder))
        try WholeFile.remove(CellFailure.path(of: folder))
    }
}
