import Files
import Foundation

/// A folder in which processes of many hosts claim what they work on, so that no two work on the same.
///
/// A claim is a file, `<name>.claim-<generation>`, that appears whole and for one process alone, by `link(2)`, which is
/// atomic on NFS too; no locks are needed. Its time of change is its holder's last sign of life, by the clock of the file
/// server: clocks of hosts decide nothing. A claim of a holder that has ended, or was silent for too long, is taken over by
/// making that of the next generation. The highest generation holds; those below it are deleted.
package struct ClaimFolder: Sendable {
    package let path: String
    /// Seconds of silence after which claims that are taken here may be taken over.
    package let limit: Double

    /// Two minutes: file systems that remember attributes do so for one.
    package static let usualLimit = 120.0

    /// - Parameter path: a folder that is there.
    package init(_ path: String, limit: Double = usualLimit) { (self.path, self.limit) = (path, limit) }

    /// Takes a claim, also over from a holder that is gone.
    /// - Parameters:
    ///   - name: what is claimed; a name of a file without `.claim-`.
    ///   - label: the same for a person.
    /// - Returns: nil where another process holds it.
    /// - Throws: `FileError`.
    package func take(_ name: String, label: String) throws -> Claim? {
        let token = Self.token()
        let temporary = "\(path)/\(Self.unfinished)\(token)"
        let (descriptor, now) = try create(temporary)
        var isTaken = false
        defer {
            // What can't be deleted now is, by its name, when something is claimed later.
            unlink(temporary)
            if !isTaken { close(descriptor) }
        }
        try removeRemnants(now: now)
        let earlier = try claims(of: name, now: now)
        guard earlier.allSatisfy(\.isAbandoned) else { return nil }
        let record = ClaimRecord(holder: .own, token: token, label: label, since: now, limit: limit)
        let generation = (earlier.last?.generation ?? 0) + 1
        try WholeFile.append(Array(JSONEncoder().encode(record)), to: descriptor, temporary)
        let own = "\(path)/\(Self.file(name, generation))"
        guard try isLinked(temporary, descriptor, as: own) else { return nil }
        // A listing may be older than what others have done since: one that lives goes first.
        let others = try claims(of: name, now: now).filter { $0.record.token != token }
        guard others.allSatisfy({ $0.generation < generation && $0.isAbandoned }) else {
            try WholeFile.remove(own)
            return nil
        }
        isTaken = true
        return Claim(self, name, generation, token: token, descriptor, predecessors: others.map(\.generation))
    }

    /// - Throws: `FileError` where nothing can be claimed here.
    package func requireWritable() throws {
        let path = "\(path)/\(Self.unfinished)\(Self.token())"
        close(try create(path).descriptor)
        try WholeFile.remove(path)
    }

    /// All that is claimed, each by its highest generation.
    /// - Throws: `FileError`.
    package func claimed() throws -> [Claimed] {
        let names = try Disk.names(in: path).compactMap(Self.parts)
        guard !names.isEmpty else { return [] }
        let now = now
        let highest = Dictionary(names, uniquingKeysWith: max)
        return try highest.sorted { $0.key < $1.key }.compactMap { try read($0.key, $0.value, now: now) }
    }

    /// Who holds a name; nil where nobody does.
    /// - Throws: `FileError`.
    package func claimed(_ name: String) throws -> Claimed? {
        let generations = try Self.generations(of: name, in: Disk.names(in: path))
        return try generations.last.flatMap { try read(name, $0, now: now) }
    }

    private func claims(of name: String, now: Double) throws -> [Claimed] {
        try Self.generations(of: name, in: Disk.names(in: path)).compactMap { try read(name, $0, now: now) }
    }

    private static func generations(of name: String, in names: [String]) -> [Int] {
        names.compactMap { file in parts(file).flatMap { $0.name == name ? $0.generation : nil } }.sorted()
    }

    /// Deletes what killed processes left that were about to claim something.
    private func removeRemnants(now: Double) throws {
        for name in try Disk.names(in: path) where name.hasPrefix(Self.unfinished) {
            var status = stat()
            // One that is gone was no remnant.
            guard stat("\(path)/\(name)", &status) == 0, now - status.modified > Self.usualLimit else { continue }
            try WholeFile.remove("\(path)/\(name)")
        }
    }

    /// Makes a file, whose time is that of the file server.
    private func create(_ path: String) throws -> (descriptor: Int32, now: Double) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError(path, "cannot be created") }
        var status = stat()
        guard futimens(descriptor, nil) == 0, fstat(descriptor, &status) == 0 else {
            let error = FileError(path, "cannot be written")
            close(descriptor)
            unlink(path)
            throw error
        }
        return (descriptor, status.modified)
    }

    /// Gives a file a second name, unless that is there.
    private func isLinked(_ path: String, _ descriptor: Int32, as name: String) throws -> Bool {
        if link(path, name) == 0 { return true }
        let number = errno
        // A server whose answer was lost has done it all the same.
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_nlink > 1 { return true }
        // Its temporary name is gone where it slept for so long that it was taken for a remnant.
        guard number == EEXIST || number == ENOENT else { throw FileError(name, "cannot be made", number) }
        return false
    }

    /// The time by the clock of the file server; that of this host where nothing can be written.
    private var now: Double {
        let temporary = "\(path)/\(Self.unfinished)\(Self.token())"
        do {
            let (descriptor, now) = try create(temporary)
            close(descriptor)
            unlink(temporary)
            return now
        } catch { return Date().timeIntervalSince1970 }
    }

    /// How files begin that are to become claims.
    static let unfinished = ".claiming-"

    private static func token() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }
}
