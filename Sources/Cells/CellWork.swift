import Certificates
import Files
import Foundation
import HDF5
import RunFolders
import Runs

/// What is left to do for a cell.
package enum CellWork {
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
    package var word: String? {
        switch self {
        case .resume, .extend: "goes on"
        case .again: "runs again"
        case .nothing, .begin: nil
        }
    }

    /// ` (3 go on, 2 run again), 7 done`, in what a sweep would do.
    package static func counts(_ works: [CellWork]) -> String {
        let parts = [
            (works.count { $0 == .resume || $0 == .extend }, "go on"), (works.count { $0 == .again }, "run again"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let done = works.count { $0 == .nothing }
        return (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))") + (done > 0 ? ", \(done) done" : "")
    }

    /// What a sweep says of cells that had come to an end; nil where none is to be more than that.
    /// - Parameter areEqual: whether all that is done again is done in the environment that it was done in.
    package static func remark(_ works: [CellWork], areEqual: Bool) -> String? {
        let (further, again) = (works.count { $0 == .extend }, works.count { $0 == .again })
        let parts = [
            further > 0 ? "\(further) that had ended go on from there" : nil,
            again > 0
                ? "\(again) run again\(areEqual ? " to the same bits" : ""), for what is recorded now or for want of a checkpoint; what they have "
                    + "stays until then" : nil,
        ].compactMap { $0 }
        return parts.isEmpty ? nil : "cells     " + parts.joined(separator: ", ")
    }
}

extension SweepDirectory {
    /// Where a cell was made, if what goes on with it here will not have the bits that it would have there.
    func otherEnvironment(of cell: SweepCell) -> RunRecord.Environment? {
        do {
            let made = try RunRecord(reading: run(of: cell)).environment
            var here = RunRecord.Environment()
            // Its process has as many as it had.
            here.threads = made.threads
            return made.givesTheBits(of: here) ? nil : made
        } catch { return nil }
    }

    /// Whether a run came to its end and its metrics are those of it.
    package func isSound(_ run: String, _ record: RunRecord) -> Bool {
        record.isComplete && RecordedMetrics.isSound(ofRun: run, through: record.step)
    }

    package func work(for cell: SweepCell) -> CellWork {
        guard case .success(let wanted) = cell.configuration else { return .nothing }
        if isBetween(cell) { return .again }
        let run = run(of: cell)
        guard Disk.exists(RunFile.configuration.path(of: run)), RunFile.hasBegun(run) else { return .begin }
        do {
            let record = try RunRecord(reading: run)
            let isSound = isSound(run, record)
            return switch try extent(ofRun: run, record, for: wanted) {
            case .foreign, .further: .nothing
            case .whole: isSound ? .nothing : record.isAtEarlierEnd ? .extend : .resume
            case .shallower:
                !isSound ? record.isAtEarlierEnd ? .extend : .resume : Self.hasCheckpoint(run) ? .extend : .again
            case .recordsLess: .again
            }
        } catch {
            // Its process will say what is wrong.
            return .resume
        }
    }

    private static func hasCheckpoint(_ run: String) -> Bool {
        do {
            return try RunFile.checkpointSteps(of: run).contains {
                try FileDigest.verify(RunFile.checkpoints.path(of: run, at: $0)) == .sound
            }
        } catch { return false }
    }
}
