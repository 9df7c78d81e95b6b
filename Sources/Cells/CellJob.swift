import Claims
import Configurations
import Console
import Execution
import Files
import Foundation
import RunFolders
import Runs

/// A cell as it is handed to a process of ours: one line of JSON.
struct CellJob: Codable {
    let sweep: String
    let id: String
    let label: String
    /// The text of its configuration.
    let configuration: String
    /// Threads of a run that begins; one that goes on has as many as it had.
    let threads: Int
    let call: String
    /// Seconds without a sign of life after which the claim may be taken over.
    let limit: Double

    /// What the process answers, once it is done with a cell.
    enum Answer: String {
        /// It came to an end, in one way or another.
        case ended
        /// Another process works on it.
        case taken
    }

    /// A cell that takes its whole host with it is not for all of them.
    private static let mostTakeovers = 8

    private var directory: SweepDirectory { SweepDirectory(reading: sweep, limit: limit) }

    /// Claims the cell, makes its run and puts it into its place.
    /// - Throws: an error of the disk, where not even the cell's failure could be written.
    func run() throws -> Answer {
        let wanted = try Configuration(text: configuration, source: label, defaultName: label)
        let cell = SweepCell(id: id, label: label, wanted)
        guard let claim = try directory.claims.take(id, label: label) else { return .taken }
        // What it does goes to another's share, and is made anew there.
        claim.whenLost { Interruption.request() }
        let claimed = ClaimedCell(directory: directory, cell: cell, wanted: wanted, claim: claim)
        let log = CellFailure.log(of: claimed.place)
        redirectMessages(to: log)
        do {
            guard claim.takeovers < Self.mostTakeovers else {
                throw LabError("\(claim.takeovers) processes ended, or were silent, while they worked on it")
            }
            try WholeFile.remove(CellFailure.path(of: claimed.place))
            if try claimed.begin() { try make(claimed) }
            // What happened is in the run's record.
            unlink(log)
        } catch is CellTaken {
            try claim.release()
            return .taken
        } catch {
            // Its folder is another's now: what failed says nothing of the cell.
            guard try claim.isHeld else { return .taken }
            Diagnostics.line("error: \(error)")
            try claimed.discardEmptyRun()
            // What is damaged in an unfinished run would fail each time.
            let remedy =
                "\(error)".contains(claimed.folder)
                ? "; where it stays so, delete \(claimed.folder): the cell then begins anew" : ""
            try CellFailure(reason: "\(error)\(remedy)", call: call).write(of: claimed.place)
        }
        try claim.release()
        return .ended
    }

    private func make(_ claimed: ClaimedCell) throws {
        // The number of threads belongs to the cell, once it has begun: its bits depend on it.
        let begun = [claimed.folder, claimed.place].first { Disk.exists(RunFile.record.path(of: $0)) }
        try Machine.start(threads: begun.map { try RunRecord(reading: $0).environment.threads } ?? threads)
        let run = try Runner.resume(claimed.folder, overrides: [], quiet: true) { Diagnostics.line($0) }
        if run.record.isComplete { try claimed.publish() }
    }

    /// What this process prints, and what it says where it crashes, is of the cell.
    private func redirectMessages(to log: String) {
        let file = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        // Without room for it they go where those of the sweep go.
        guard file >= 0 else { return }
        dup2(file, STDERR_FILENO)
        close(file)
    }
}
