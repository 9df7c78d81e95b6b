import Foundation
import HDF5
import Yams

/// A sweep on disk.
///
///     <out>/<name>/
///       sweep.yaml         the configuration of its last call
///       cells/<hash>/      a run for each cell; cells/<hash>.log while it goes on, or what went wrong
///       cells/.again-<hash>/  the same run, made again beside the one whose place it takes once it is complete
///       sweep.csv  sweep.h5  critical_width.csv  fits.json  report/    made from the cells at any time
final class SweepDirectory {
    let path: String
    /// Held by the one process that starts cells; nil for readers.
    private let lock: FileLock?

    /// Opens a sweep for reading.
    init(reading path: String) { (self.path, lock) = (path, nil) }

    /// Takes the folder of a sweep for this process, making it where it is new.
    /// - Throws: `LabError` where the folder is something else, another process works on it, or the base
    ///   configuration is not the one that its cells were made with, or they went further than it says.
    init(_ plan: SweepPlan, out: String) throws {
        guard !out.isEmpty else { throw LabError("--out: expected a folder, found nothing") }
        path = "\(out)/\(plan.name)"
        let isSweep = Self.isSweep(path)
        if !isSweep, try Self.holdsSomethingElse(path) {
            throw LabError("\(path): is there and is no sweep: choose another --set name=NAME")
        }
        try WholeFile.makeFolders(path)
        lock = try FileLock(path + "/.lock", of: path)
        if isSweep { try refuseOther(plan) }
        // With its name, wherever the folder is moved.
        try RunDirectory.write(plan.stored.text, to: Self.configuration(of: path))
        try RunDirectory.makeFolder("cells", of: path)
    }

    /// Whether there is more in a folder than what a sweep leaves that was killed at its very beginning.
    private static func holdsSomethingElse(_ path: String) throws -> Bool {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return false }
        guard isFolder.boolValue else { return true }
        return try FileManager.default.contentsOfDirectory(atPath: path).contains {
            !$0.hasPrefix(".") && !$0.contains(".writing-")
        }
    }

    static func configuration(of path: String) -> String { path + "/sweep.yaml" }

    /// Whether a folder holds a sweep.
    static func isSweep(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: configuration(of: path))
    }

    /// Whether a process starts the cells of a sweep right now.
    static func isHeld(_ path: String) -> Bool { RunDirectory.isHeld(path) }

    func cell(_ id: String) -> String { "\(path)/cells/\(id)" }
    func log(_ id: String) -> String { "\(path)/cells/\(id).log" }
    var table: String { path + "/sweep.csv" }
    var arrays: String { path + "/sweep.h5" }
    var criticalTable: String { path + "/critical_width.csv" }
    var fits: String { path + "/fits.json" }

    /// What there is to say of runs that are none of a plan's cells, where none of its cells is there: those of another
    /// version, whose configurations have other keys, or of other values.
    func strangers(to plan: SweepPlan) -> String? {
        var names: [String] = []
        do { names = try FileManager.default.contentsOfDirectory(atPath: path + "/cells") } catch {}
        let count = names.filter { !$0.hasSuffix(".log") && !$0.hasPrefix(".") }.count
        guard count > 0, !plan.cells.isEmpty, !plan.cells.contains(where: { names.contains($0.id) }) else { return nil }
        return
            "\(path)/cells: \(count) runs are none of the cells of this sweep, as those of another version or of other "
            + "values; they stay, and all cells are run"
    }
}

extension SweepPlan {
    /// The plan of a sweep on disk.
    /// - Throws: `LabError` where the folder is none.
    public init(directory path: String) throws {
        guard SweepDirectory.isSweep(path) else { throw LabError("\(path): is no sweep: sweep.yaml is missing") }
        let name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        let file = SweepDirectory.configuration(of: path)
        try self.init(text: ConfigSource.read(file).text, source: file, defaultName: name)
    }
}
