import Files
import Foundation

/// A folder in which processes of many hosts claim what they work on, so that no two work on the same.
///
/// A claim is a file, `<name>.claim-<generation>`, that appears whole and for one process alone, by `link(2)`, which is
/// atomic on NFS too; where a file system has no links, by O_EXCL. Its time of change is its holder's last sign of life, by
/// the clock of the file server: clocks of hosts decide nothing. The highest generation holds. Where its holder has ended, or
/// was silent for too long, it is taken over by making that of the next generation; those below it are then deleted.
package struct ClaimFolder: Sendable {
    package let path: String
    /// Seconds of silence after which claims that are taken here may be taken over.
    package let limit: Double

    /// Two minutes: file systems that remember attributes do so for one.
    package static let usualLimit = 120.0

    /// - Parameter path: a folder that is there.
    package init(_ path: String, limit: Double = usualLimit) { (self.path, self.limit) = (path, limit) }

    /// Takes a claim, also over from a holder that is gone.
    ///
    /// Before it is taken over for its silence alone, it is watched for a while: a server that was away for all, or whose
    /// clock was set, makes all claims look silent at once.
    /// - Parameters:
    ///   - name: what is claimed; a name of a file without `.claim-`.
    ///   - label: the same for a person.
    /// - Returns: nil where another process holds it.
    /// - Throws: `FileError`.
    package func take(_ name: String, label: String) throws -> Claim? {
        let token = Self.token()
        let temporary = "\(path)/\(Self.unfinished)\(token)"
        let (descriptor, now) = try create(temporary)
        // What can't be deleted now is, by its name, when something is claimed later.
        defer { unlink(temporary) }
        let record = ClaimRecord(
            holder: .own, token: token, label: excerpt(label, 200), since: now, limit: limit)
        let bytes = Array(try JSONEncoder().encode(record))
        do { try write(bytes, to: descriptor, temporary) } catch {
            close(descriptor)
            throw error
        }
        // Closed before it gets its name, so that it appears whole on file systems that write then.
        guard close(descriptor) == 0 else { throw FileError(temporary, "cannot be written") }
        let names = try Disk.names(in: path)
        try removeRemnants(names, now: now)
        let last = try claims(of: name, in: names, now: now).last
        guard try last.map({ try isGone($0) }) ?? true else { return nil }
        let generation = (last?.generation ?? 0) + 1
        guard try make(Self.file(name, generation), of: temporary, bytes) else { return nil }
        // A listing may be older than what others have done since: one that lives goes first.
        let others = try claims(of: name, in: Disk.names(in: path), now: now).filter { $0.generation != generation }
        let below = others.last { $0.generation < generation }
        let isFirst = others.allSatisfy { $0.generation < generation } && below?.isAbandoned ?? true
        let claim = try Claim(self, name, generation, token: token, predecessors: others.map(\.generation))
        // One that slept since it made its claim may have lost it.
        guard try isFirst && claim.isHeld else {
            try claim.withdraw()
            return nil
        }
        return claim
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
        let now = try now()
        let highest = Dictionary(names, uniquingKeysWith: max)
        return try highest.sorted { $0.key < $1.key }.compactMap { try read($0.key, $0.value, now: now) }
    }

    /// Who holds a name; nil where nobody does.
    /// - Throws: `FileError`.
    package func claimed(_ name: String) throws -> Claimed? {
        let names = try Disk.names(in: path).filter { $0.hasPrefix(name + ".") }
        return names.isEmpty ? nil : try claims(of: name, in: names, now: now()).last
    }

    private func claims(of name: String, in names: [String], now: Double) throws -> [Claimed] {
        let generations = names.compactMap { file in Self.parts(file).flatMap { $0.name == name ? $0.generation : nil }
        }
        return try generations.sorted().compactMap { try read(name, $0, now: now) }
    }

    /// Whether a claim may be taken over.
    private func isGone(_ claim: Claimed) throws -> Bool {
        guard claim.isAbandoned, !claim.record.holder.hasEnded else { return claim.isAbandoned }
        usleep(UInt32(1e6 * min(claim.record.limit / 4, 30)))
        return try read(claim.name, claim.generation, now: now()).map { $0.lastSign == claim.lastSign } ?? true
    }
}
