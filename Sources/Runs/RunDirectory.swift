import Console
import Files
import Foundation
import RunFolders

/// A run on disk, held by one process at a time.
///
/// It is created exclusively, and an advisory lock that ends with the process keeps others out.
package final class RunDirectory {
    package let path: String
    private let lock: FileLock

    /// Makes a new directory for a run.
    /// - Throws: `LabError` where the folder cannot be written.
    package static func create(in out: String, name: String, configText: String, now: Date = Date()) throws
        -> RunDirectory
    {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyyMMdd-HHmmss"
        guard !out.isEmpty else { throw LabError("--out: expected a folder, found nothing") }
        let hash = memoryDigest(of: configText).prefix(8)
        let parent = "\(out)/\(name)"
        try WholeFile.makeFolders(parent)
        // Two runs of one configuration in the same second get different names.
        for attempt in 0..<1000 {
            let suffix = attempt == 0 ? "" : "-\(attempt)"
            let path = "\(parent)/\(formatter.string(from: now))-\(hash)\(suffix)"
            if mkdir(path, 0o777) == 0 {
                let directory = try RunDirectory(opening: path)
                guard mkdir(directory.checkpoints, 0o777) == 0 else { throw LabError(system: path) }
                return directory
            }
            guard errno == EEXIST else { throw LabError(system: path) }
        }
        throw LabError("\(parent): no free name for a new run")
    }

    /// Takes an existing run directory for this process.
    /// - Throws: `LabError` where it is not one, or another process works on it.
    package init(opening path: String) throws {
        // Files behind a link are another's: nothing is to be written or deleted there.
        for name in ([.checkpoints] + RunFile.snapshots).map(\.name) {
            var status = stat()
            if lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
                throw LabError("\(path)/\(name): expected a folder of the run, found a symbolic link")
            }
        }
        self.path = path
        // One that only looks holds it for a moment.
        lock = try FileLock(
            path + "/.lock", of: path, attempts: 10, failure: "cannot be opened, as that of a run directory",
            warn: Diagnostics.line)
        try removeUnfinishedFiles()
    }

    /// Deletes what a killed process left half written; only the holder of the lock writes these.
    private func removeUnfinishedFiles() throws {
        for folder in [path, checkpoints] + RunFile.snapshots.map({ $0.path(of: path) }) {
            let names = Disk.namesIfAny(in: folder)
            // Kernels that were asked for beside the run are another process's.
            for name in names where !name.hasPrefix("ntk-") && Self.isUnfinished(name) {
                try WholeFile.remove("\(folder)/\(name)")
            }
        }
    }

    /// As this program names what it has not finished, with the mark of its process.
    private static func isUnfinished(_ name: String) -> Bool {
        let mark =
            name.range(of: WholeFile.unfinishedMark, options: .backwards)?.upperBound
            ?? (name.hasPrefix(".last-") ? name.index(name.startIndex, offsetBy: 6) : nil)
        guard let mark, mark < name.endIndex else { return false }
        return name[mark...].allSatisfy { ("0"..."9").contains($0) }
    }

    /// Whether a process holds the run directory right now.
    package static func isHeld(_ path: String) -> Bool { FileLock.isHeld(path + "/.lock") }

    /// Whether a folder holds anything but what a run begins with.
    package static func holdsResults(_ path: String) -> Bool {
        let names = Disk.namesIfAny(in: path)
        return names.contains {
            ![RunFile.configuration.name, RunFile.checkpoints.name].contains($0) && !$0.hasPrefix(".")
                && !isUnfinished($0)
        }
    }

    package var checkpoints: String { RunFile.checkpoints.path(of: path) }
    package var configuration: String { RunFile.configuration.path(of: path) }
    package var journal: String { RunFile.journal.path(of: path) }
    package var metrics: String { RunFile.metrics.path(of: path) }
    package var samples: String { RunFile.samples.path(of: path) }
    package var initial: String { RunFile.initial.path(of: path) }
    package var outputs: String { RunFile.outputs.path(of: path) }

    package func checkpoint(at step: Int) -> String { RunFile.checkpoints.path(of: path, at: step) }
    package func kernel(at step: Int) -> String { RunFile.kernels.path(of: path, at: step) }
    /// The kernel beside a file that keeps its spectrum alone, for as long as a checkpoint needs it.
    package func matrix(at step: Int) -> String {
        RunFile.kernels.path(of: path, at: step, prefix: RunFile.matrixPrefix)
    }
    package func prediction(at step: Int) -> String { RunFile.predictions.path(of: path, at: step) }
    package func landscape(at step: Int) -> String { RunFile.landscape.path(of: path, at: step) }

    /// Makes a folder of the run if it is not there yet.
    package static func makeFolder(_ name: String, of run: String) throws {
        try WholeFile.makeFolder("\(run)/\(name)")
    }

    /// Steps of the checkpoints that are there, newest first.
    package func checkpointSteps() throws -> [Int] { try RunFile.checkpointSteps(of: path) }

    /// Points `last.h5` at a checkpoint and deletes those beyond the newest `keep`, but for those that always stay.
    package func keep(_ keep: Int, newest step: Int, always: (Int) -> Bool) throws {
        let temporary = checkpoints + "/.last-\(WholeFile.ownMark)"
        let target = URL(fileURLWithPath: checkpoint(at: step)).lastPathComponent
        try WholeFile.remove(temporary)
        guard symlink(target, temporary) == 0, rename(temporary, checkpoints + "/last.h5") == 0 else {
            throw FileError(checkpoints + "/last.h5", "cannot be written")
        }
        for old in try checkpointSteps().filter({ $0 <= step }).dropFirst(keep) where !always(old) {
            try WholeFile.remove(checkpoint(at: old))
        }
    }

    /// Deletes all checkpoints, of a run that keeps none once it has completed.
    package func removeCheckpoints() throws {
        try WholeFile.remove(checkpoints + "/last.h5")
        for step in try checkpointSteps() { try WholeFile.remove(checkpoint(at: step)) }
    }

    /// Writes a small file whole.
    package static func write(_ text: String, to path: String) throws { try WholeFile.write(text, to: path) }
}
