import Claims
import Configurations
import Console
import Files
import Foundation
import RunFolders
import Runs

/// A sweep on disk.
///
///     <out>/<name>/
///       sweep.yaml         the configuration of its last call
///       cells/<hash>/      a run for each cell that came to its end
///       cells/<hash>.log   what it prints while it goes on
///       cells/<hash>.failure.json  why it ended without a result
///       work/              what is being worked on, and by whom (`WorkList`)
///       slurm/             what was given to a batch system
///       sweep.csv  sweep.h5  critical_width.csv  fits.json  report/    made from the cells at any time
package final class SweepDirectory {
    package let path: String
    /// Held by the one call of `ntklab sweep`; nil for workers and readers.
    private let lock: FileLock?
    /// Seconds without a sign of life after which cells that are claimed here may be taken over.
    let limit: Double

    /// Opens a sweep for reading, or for a worker.
    package init(reading path: String, limit: Double = ClaimFolder.usualLimit) {
        (self.path, self.limit, lock) = (path, limit, nil)
    }

    /// Takes the folder of a sweep for this process, making it where it is new.
    /// - Throws: `LabError` where the folder is something else, another process works on it, or the base
    ///   configuration is not the one that its cells were made with, or they went further than it says.
    package init(_ plan: SweepPlan, out: String, _ call: SweepCall, limit: Double = ClaimFolder.usualLimit) throws {
        self.limit = limit
        guard !out.isEmpty else { throw LabError("--out: expected a folder, found nothing") }
        path = "\(out)/\(plan.name)"
        let isSweep = SweepFile.isSweep(path)
        if !isSweep, try Self.holdsSomethingElse(path) {
            throw LabError("\(path): is there and is no sweep: choose another --set name=NAME")
        }
        try WholeFile.makeFolders(path)
        lock = try FileLock(path + "/.lock", of: path, warn: Diagnostics.line)
        if isSweep { try refuseOther(plan) }
        // With its name, wherever the folder is moved.
        try RunDirectory.write(plan.stored.text, to: SweepFile.configuration(of: path))
        try RunDirectory.makeFolder("cells", of: path)
        try WholeFile.makeFolder(Self.work(of: path))
        try adoptFormerNames()
        try call.write(in: path)
    }

    /// Whether there is more in a folder than what a sweep leaves that was killed at its very beginning.
    private static func holdsSomethingElse(_ path: String) throws -> Bool {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return false }
        guard isFolder.boolValue else { return true }
        return try FileManager.default.contentsOfDirectory(atPath: path).contains {
            !$0.hasPrefix(".") && !$0.contains(WholeFile.unfinishedMark)
        }
    }

    /// Whether a process starts the cells of a sweep right now.
    package static func isHeld(_ path: String) -> Bool { RunDirectory.isHeld(path) }

    package func cell(_ id: String) -> String { "\(path)/cells/\(id)" }
    package var table: String { path + "/sweep.csv" }
    package var arrays: String { path + "/sweep.h5" }
    package var criticalTable: String { path + "/critical_width.csv" }
    package var fits: String { path + "/fits.json" }

    /// What there is to say of runs that are none of a plan's cells, where none of its cells is there: those of another
    /// version, whose configurations have other keys, or of other values.
    package func strangers(to plan: SweepPlan) -> String? {
        var names: [String] = []
        do { names = try FileManager.default.contentsOfDirectory(atPath: path + "/cells") } catch {}
        let count = names.count(where: SweepFile.isCell)
        guard count > 0, !plan.cells.isEmpty, !plan.cells.contains(where: { names.contains($0.id) }) else { return nil }
        return
            "\(path)/cells: \(count) runs are none of the cells of this sweep, as those of another version or of other "
            + "values; they stay, and all cells are run"
    }
}

extension SweepPlan {
    /// The plan of a sweep on disk.
    /// - Throws: `LabError` where the folder is none.
    package init(directory path: String) throws {
        guard SweepFile.isSweep(path) else { throw LabError("\(path): is no sweep: sweep.yaml is missing") }
        let name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        let file = SweepFile.configuration(of: path)
        try self.init(text: ConfigSource.read(file).text, source: file, defaultName: name)
    }
}
