import Files
import Foundation

/// What a claim says of itself: who holds what, and since when.
package struct ClaimRecord: Codable, Sendable {
    package let holder: Holder
    /// Told from all other claims, earlier and later ones too.
    package let token: String
    /// What it was taken for, for a person.
    package let label: String
    /// When it was taken, by the clock of the file server, in seconds since 1970.
    package let since: Double
    /// Seconds without a sign of life after which others may take it over; its holder gives several in that time.
    package let limit: Double
}

/// A claim that lies in a folder, seen by any process.
package struct Claimed: Sendable {
    /// What is claimed.
    package let name: String
    let generation: Int
    package let record: ClaimRecord
    /// When it gave its last sign of life, by the clock of the file server, in seconds since 1970.
    package let lastSign: Double
    /// Seconds since then, by the same clock.
    package let silence: Double

    /// Whether its holder has ended, or has given no sign of life for too long.
    package var isAbandoned: Bool { silence > record.limit || record.holder.hasEnded }
}

extension ClaimFolder {
    /// The name of the file of a claim.
    static func file(_ name: String, _ generation: Int) -> String { "\(name).claim-\(generation)" }

    /// What the name of a claim's file says; nil for other names.
    static func parts(_ file: String) -> (name: String, generation: Int)? {
        guard let mark = file.range(of: ".claim-", options: .backwards),
            let generation = Int(file[mark.upperBound...]), generation > 0
        else { return nil }
        return (String(file[..<mark.lowerBound]), generation)
    }

    /// Reads a claim.
    /// - Parameter now: the time by the clock of the file server.
    /// - Returns: nil for one that is gone.
    /// - Throws: `FileError`.
    func read(_ name: String, _ generation: Int, now: Double) throws -> Claimed? {
        let path = "\(path)/\(Self.file(name, generation))"
        // Opened, so that a file system that remembers what it saw asks its server again.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        defer { if descriptor >= 0 { close(descriptor) } }
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            if errno == ENOENT || errno == ESTALE { return nil }
            throw FileError(path, "cannot be read")
        }
        let bytes: [UInt8]
        do { bytes = try DescriptorBytes(descriptor, path).read(upTo: 1 << 14, at: 0) } catch let error as FileError {
            if error.number == ESTALE { return nil }
            throw error
        }
        let record: ClaimRecord
        do { record = try JSONDecoder().decode(ClaimRecord.self, from: Data(bytes)) } catch {
            // As a power cut leaves it: nobody knows whose it is, so its silence decides.
            record = ClaimRecord(
                holder: .unknown, token: "", label: name, since: status.modified, limit: Self.usualLimit)
        }
        return Claimed(
            name: name, generation: generation, record: record, lastSign: status.modified,
            silence: max(now - status.modified, 0))
    }
}

extension stat {
    /// When the file was last changed, in seconds since 1970.
    var modified: Double { Double(st_mtim.tv_sec) + Double(st_mtim.tv_nsec) / 1e9 }
}
