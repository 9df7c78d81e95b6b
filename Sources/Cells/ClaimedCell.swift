import Claims
import Configurations
import Files
import Foundation
import RunFolders
import Runs

/// A cell that this process has claimed: its run is made in a folder that no other process knows, and then put into its place.
struct ClaimedCell {
    let directory: SweepDirectory
    let cell: SweepCell
    let wanted: Configuration
    let claim: Claim

    /// Where the run is made.
    var folder: String { "\(SweepDirectory.work(of: directory.path))/\(cell.id).run-\(claim.token)" }
    /// Where it is at rest.
    var place: String { directory.cell(cell.id) }
    private var old: String { "\(SweepDirectory.work(of: directory.path))/\(cell.id).old-\(claim.token)" }

    /// Makes what is on disk that of a run which is to begin, or to go on, as the cell is now.
    ///
    /// It can be killed after any step: the record of a run says that it is not at its end before its configuration
    /// says where that is.
    /// - Returns: whether there is a run to be made in `folder`.
    /// - Throws: `CellTaken` where a process works on the cell without a claim.
    func begin() throws -> Bool {
        try Disk.refresh(directory.path + "/cells")
        try settleEarlier()
        try adopt()
        if isSound(folder), !Disk.exists(place) || isOfCell(folder) == true { try publish() }
        switch directory.work(for: cell) {
        case .nothing:
            // What is beside a run at rest is of no use; one that is not the cell's is for a person to look at.
            if Disk.exists(folder), directory.run(of: cell) == place { try SweepDirectory.remove(folder) }
            return false
        case .begin: try makeRun(wanted)
        case .resume, .extend:
            if directory.run(of: cell) == place { try moveFromRest() }
            // Its record may be no record: its run will say so.
            do { try goOn() } catch is LabError {} catch is ConfigError {}
        case .again: try makeAgain()
        }
        return true
    }

    /// Puts the run that is at its end into its place, over an earlier one.
    /// - Throws: `CellTaken` where another process has taken the cell over.
    func publish() throws {
        guard try claim.isHeld, Disk.exists(folder) else { throw CellTaken() }
        let replaces = Disk.exists(place)
        if replaces { try SweepDirectory.move(place, to: old) }
        guard rename(folder, place) == 0 else {
            let error = FileError(folder, "cannot be moved to \(place)")
            // Another has taken the cell over, or has put its run there since.
            guard [ENOENT, ENOTEMPTY, EEXIST].contains(error.number) else { throw error }
            try settleEarlier()
            throw CellTaken()
        }
        // Where a power cut undoes this, the next worker finds the whole run in `work`.
        guard replaces else { return }
        try WholeFile.syncFolder(of: place)
        try settleEarlier()
    }

    /// Deletes what is there of a run that came to nothing.
    func discardEmptyRun() throws {
        if Disk.exists(folder), !RunDirectory.holdsResults(folder) { try SweepDirectory.remove(folder) }
    }

    /// Takes over what earlier claims left. From then on their holders, if they live, can't write there any more.
    private func adopt() throws {
        // Of several, as two that were frozen leave them, the one that came furthest.
        let runs = try WorkList(reading: directory.path).runs(of: cell.id).sorted {
            Self.step(of: $0) > Self.step(of: $1)
        }
        for run in runs where run != folder {
            if claim.takeovers == 0, RunDirectory.isHeld(run) { throw CellTaken() }
            guard !Disk.exists(folder) else {
                try SweepDirectory.remove(run)
                continue
            }
            try SweepDirectory.move(run, to: folder)
            // A frozen process may hold its lock.
            try WholeFile.remove(folder + "/.lock")
        }
    }

    /// Where a run stands, by its record; −1 for one without.
    private static func step(of run: String) -> Int {
        do { return try RunRecord(reading: run).step } catch { return -1 }
    }

    private func moveFromRest() throws {
        if RunDirectory.isHeld(place) { throw CellTaken() }
        if Disk.exists(folder) { try SweepDirectory.remove(folder) }
        try SweepDirectory.move(place, to: folder)
    }

    private func makeRun(_ configuration: Configuration) throws {
        guard !RunFile.hasBegun(folder) || !Disk.exists(RunFile.configuration.path(of: folder)) else { return }
        try WholeFile.makeFolder(folder)
        try RunDirectory.makeFolder(RunFile.checkpoints.name, of: folder)
        try RunDirectory.write(configuration.resolvedText, to: RunFile.configuration.path(of: folder))
    }

    private func goOn() throws {
        let directory = try RunDirectory(opening: folder)
        let stored = try Configuration(file: directory.configuration)
        var record = try RunRecord(reading: folder)
        let whole = try RecordedKeys(record).joined(wanted, with: stored)
        guard whole.resolvedText != stored.resolvedText else { return }
        if record.isComplete {
            record.status = .interrupted
            record.outcome = .goingFurther(than: record.outcome)
            try record.write(to: folder)
        }
        try RunDirectory.write(whole.resolvedText, to: directory.configuration)
    }

    /// Makes a run anew, beside one at rest, with all that the earlier one recorded.
    private func makeAgain() throws {
        let earlier = directory.run(of: cell)
        let stored = try Configuration(file: RunFile.configuration.path(of: earlier))
        let whole = try RecordedKeys(RunRecord(reading: earlier)).joined(wanted, with: stored)
        if Disk.exists(folder), earlier == folder || isOfCell(folder) == nil { try SweepDirectory.remove(folder) }
        try makeRun(whole)
    }

    /// Whether a run came to an end with metrics that are those of it.
    private func isSound(_ run: String) -> Bool {
        guard Disk.exists(RunFile.record.path(of: run)) else { return false }
        do { return try directory.isSound(run, RunRecord(reading: run)) } catch { return false }
    }

    /// Whether a run that is not at rest is complete; nil where it is not that of the cell as it is now, or can't be read.
    private func isOfCell(_ run: String) -> Bool? {
        do {
            let record = RunFile.hasBegun(run) ? try RunRecord(reading: run) : nil
            guard try directory.extent(ofRun: run, record, for: wanted) == .whole else { return nil }
            return record.map { directory.isSound(run, $0) } ?? false
        } catch { return nil }
    }

    /// Deletes the earlier run of a cell whose place another has, which gets what others put there; it goes back where
    /// its place is empty.
    private func settleEarlier() throws {
        for earlier in try WorkList(reading: directory.path).earlier(of: cell.id) {
            if Disk.exists(place) {
                // A kill in between leaves the rest where it is found again.
                try SweepDirectory.takeAlong(earlier, to: place)
                try SweepDirectory.remove(earlier)
            } else {
                try SweepDirectory.move(earlier, to: place)
            }
        }
    }
}

/// Another process has the cell.
struct CellTaken: Error {}
