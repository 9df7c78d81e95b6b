import Files
import Foundation
import HDF5

/// What is done of a job before its file is written, in the folder `<out>.parts`, so that one that was killed goes on.
///
/// Every file appears whole, and holds what the same request makes again to the bit. One process has the folder at a time.
package final class JobParts {
    private let folder: String
    private let lock: FileLock

    /// Of a job's output.
    package static func folder(of out: String) -> String { out + ".parts" }

    /// Whether a job left parts beside its output.
    package static func exist(beside out: String) -> Bool { Disk.exists(record(folder(of: out))) }

    private static func record(_ folder: String) -> String { folder + "/job.json" }

    /// Makes the folder, or takes up one of the same job.
    ///
    /// - Parameters:
    ///   - identity: what decides the bits of the results.
    ///   - job: "an unfinished spectrum", for messages.
    /// - Throws: `LabError` where the folder holds another job or is no job's, `FileError`.
    package init(beside out: String, _ identity: JobIdentity, _ job: String, warn: (String) -> Void) throws {
        folder = Self.folder(of: out)
        let (folder, record) = (folder, Self.record(folder))
        try Self.refuseForeign(folder, isOwn: Self.isOfBeginning)
        try WholeFile.makeFolder(folder)
        lock = try FileLock(folder + "/lock", of: folder, warn: warn)
        guard Disk.exists(record) else {
            try WholeFile.write(identity.text + "\n", to: record)
            return
        }
        let text = String(decoding: try PlainFile.read(record, limit: 1 << 24), as: UTF8.self)
        guard let found = JobIdentity(text: text) else {
            throw LabError("\(record): is not the record of a job: remove the folder to begin anew")
        }
        guard let difference = identity.difference(from: found) else { return }
        throw LabError(
            "\(folder): holds \(job) of another request: \(difference); finish that one with its own options, "
                + "remove the folder, or choose another --out")
    }

    /// Refuses a folder that no job made, or a link to one: nothing in it is touched.
    ///
    /// - Parameter isOwn: whether a job may have made a file of that name before its record, `job.json`.
    /// - Throws: `LabError`, `FileError`.
    package static func refuseForeign(_ folder: String, isOwn: (String) -> Bool) throws {
        guard Disk.isFolder(folder) else { return }
        guard Disk.isOwnFolder(folder) else {
            throw LabError("\(folder): expected a folder, found a link to one: remove it, or choose another --out")
        }
        // The record is the first that a job writes.
        guard !Disk.exists(record(folder)), let name = try Disk.names(in: folder).first(where: { !isOwn($0) })
        else { return }
        throw LabError("\(folder): expected the parts of a job, found \(name): move it, or choose another --out")
    }

    private static func isOfBeginning(_ name: String) -> Bool {
        name == "lock" || WholeFile.isUnfinished(name)
    }

    private static func isOwn(_ name: String) -> Bool {
        isOfBeginning(name) || name.wholeMatch(of: /job\.json|lanczos\.h5|(probe|start)-\d+\.h5/) != nil
    }

    package func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// A file that is there and sound; one that is damaged is made again.
    package func sound(_ name: String) throws -> HDF5File? {
        guard Disk.exists(path(name)), try FileDigest.verify(path(name)) == .sound else { return nil }
        return try HDF5File(reading: path(name))
    }

    /// Deletes what jobs make, and the folder unless something else is in it.
    package func remove() throws {
        let names = try Disk.names(in: folder)
        let own = names.filter { Self.isOwn($0) && !Disk.isOwnFolder(path($0)) }
        for name in own where name != "job.json" { try WholeFile.remove(path(name)) }
        try WholeFile.remove(Self.record(folder))
        guard own.count == names.count else { return }
        guard rmdir(folder) == 0 else { throw FileError(folder, "cannot be deleted") }
    }
}
