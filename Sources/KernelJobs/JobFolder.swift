import Claims
import Console
import Files
import Foundation
import Runs

/// The folder of a kernel job, `<out>.tiles`: its record, its tiles, and who makes which.
///
/// Processes on any hosts work in it. What a process makes it has claimed in the folder `work`, and publishes as whole files.
/// In the end the folder is renamed before it is deleted, so that none is met half deleted.
struct JobFolder {
    /// Absolute.
    let path: String
    let claims: ClaimFolder

    private static let ending = ".tiles"
    private static let work = "work"

    /// The folder of the job that makes a file.
    init(of out: String, limit: Double) { self.init(absolutePath(out) + Self.ending, limit: limit) }

    /// - Parameter limit: seconds without a sign of life after which claims of this process may be taken over.
    init(_ path: String, limit: Double = ClaimFolder.usualLimit) {
        var path = absolutePath(path)
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
        claims = ClaimFolder("\(path)/\(Self.work)", limit: limit)
    }

    var record: String { path + "/job.json" }
    /// The file that the job makes.
    var out: String { path.hasSuffix(Self.ending) ? String(path.dropLast(Self.ending.count)) : path + ".h5" }

    var hasName: Bool { path.hasSuffix(Self.ending) }

    /// Whether another process has finished the job and removed it.
    var isGone: Bool { access(record, F_OK) != 0 && (errno == ENOENT || errno == ESTALE) }

    /// What other processes hold that may live.
    func others() throws -> [Claimed] {
        try claims.claimed().filter { $0.record.holder != .own && !$0.isAbandoned }
    }

    /// Makes the folder and its record where they are not there.
    /// - Throws: `LabError` where it holds tiles of another job, or no job made it.
    func begin(_ job: JobRecord) throws {
        try JobParts.refuseForeign(path, isOwn: Self.isOwn)
        try WholeFile.makeFolder(path)
        try WholeFile.makeFolder(claims.path)
        while !Disk.exists(record) { try alone { try make(job) } }
        let found = try settled(JobRecord(reading: record), for: job.identity.environment)
        try job.identity.refuseOther(found.identity, in: path)
        // One of an earlier version, or of a run that has moved since.
        if found.request?.run != job.request?.run { try job.write(to: record) }
    }

    /// The record of a job that belongs to an environment: to this one where it belonged to none.
    func settled(_ found: JobRecord, for environment: String) throws -> JobRecord {
        var found = found
        while found.identity.environment.isEmpty, !environment.isEmpty {
            try alone {
                found = try JobRecord(reading: record)
                guard found.identity.environment.isEmpty else { return }
                found.identity.environment = environment
                try found.write(to: record)
            }
        }
        return found
    }

    /// Does something while no other process does, or nothing where one is at it.
    private func alone(_ body: () throws -> Void) throws {
        guard let claim = try claims.take("begin", label: "beginning") else {
            usleep(20_000)
            return
        }
        let done = Result { try body() }
        try claim.release()
        try done.get()
    }

    private func make(_ job: JobRecord) throws {
        guard !Disk.exists(record) else { return }
        // Tiles without a record are nobody's.
        for name in try Disk.names(in: path) where Self.isPart(name) { try WholeFile.remove("\(path)/\(name)") }
        try job.write(to: record)
    }

    /// Whether a job makes files of that name.
    private static func isOwn(_ name: String) -> Bool {
        isPart(name) || name == work || name == "job.json" || WholeFile.isUnfinished(name)
    }

    /// Whether a job made it: files, and the one folder.
    private static func isOwn(_ name: String, in folder: String) -> Bool {
        isOwn(name) && (name == work || !Disk.isOwnFolder("\(folder)/\(name)"))
    }

    private static func isPart(_ name: String) -> Bool {
        name.wholeMatch(of: /(tile-\d+-\d+\.h5|block-(row|column)-\d+\.bin)/) != nil
    }

    /// Deletes what killed processes left: folders that were being deleted, and of the final file what was written.
    /// - Parameter files: whether no other process writes the file.
    func removeRemnants(files: Bool) throws {
        let url = URL(fileURLWithPath: out)
        let parent = url.deletingLastPathComponent().path
        let mark = url.lastPathComponent + WholeFile.unfinishedMark
        for name in try Disk.names(in: parent) where name.hasPrefix(mark) {
            let remnant = "\(parent)/\(name)"
            if Disk.isOwnFolder(remnant) {
                if name.hasSuffix(Self.ending) { Self.delete(remnant) }
            } else if files, WholeFile.isUnfinished(name) {
                try WholeFile.remove(remnant)
            }
        }
    }

    /// Removes all of it, at once for those who look; of a folder into which others have put something, what jobs make.
    /// - Throws: `FileError` where it stays.
    func remove() throws {
        guard try Disk.names(in: path).allSatisfy({ Self.isOwn($0, in: path) }) else { return Self.delete(path) }
        let removed = out + WholeFile.unfinishedMark + WholeFile.ownMark + Self.ending
        guard rename(path, removed) == 0 else { throw FileError(path, "cannot be removed") }
        try WholeFile.syncFolder(of: path)
        Self.delete(removed)
    }

    /// Deletes a folder that nobody looks for; where that fails, it says so and leaves it.
    private static func delete(_ folder: String) {
        do {
            let names = try Disk.names(in: folder)
            // The record last: without it the rest is nobody's.
            let own = names.filter { isOwn($0, in: folder) }
            for name in own.filter({ $0 != "job.json" }) + own.filter({ $0 == "job.json" }) {
                let inside = "\(folder)/\(name)"
                guard Disk.isOwnFolder(inside) else {
                    try WholeFile.remove(inside)
                    continue
                }
                for claim in try Disk.names(in: inside) where ClaimFolder.isOwn(claim) {
                    try WholeFile.remove("\(inside)/\(claim)")
                }
                try removeEmpty(inside)
            }
            try removeEmpty(folder)
        } catch {
            // Another process may be deleting it too.
            guard Disk.exists(folder) else { return }
            Diagnostics.line("warning   \(error); it is not needed any more: remove it")
        }
    }

    /// - Throws: `FileError` where something is in it that no job made.
    private static func removeEmpty(_ folder: String) throws {
        guard rmdir(folder) == 0 || errno == ENOENT else { throw FileError(folder, "cannot be deleted") }
    }
}
