import Files
import Foundation

extension ClaimFolder {
    /// How files begin that are to become claims.
    static let unfinished = ".claiming-"

    /// Whether a file of this name in such a folder is a claim, or was to become one.
    package static func isOwn(_ name: String) -> Bool { parts(name) != nil || name.hasPrefix(unfinished) }

    static func token() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }

    /// Makes a file, whose time is that of the file server.
    func create(_ path: String) throws -> (descriptor: Int32, now: Double) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
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

    func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
        try WholeFile.append(bytes, to: descriptor, path)
    }

    /// Gives a file its name, unless that is there.
    func make(_ name: String, of temporary: String, _ bytes: [UInt8]) throws -> Bool {
        let name = "\(path)/\(name)"
        if link(temporary, name) == 0 { return true }
        let number = errno
        // A server whose answer was lost has done it all the same.
        var status = stat()
        if stat(temporary, &status) == 0, status.st_nlink > 1 { return true }
        switch number {
        // Its temporary name is gone where it slept for so long that it was taken for a remnant.
        case EEXIST, ENOENT: return false
        case EPERM, EOPNOTSUPP, ENOSYS, EMLINK: return try makeAlone(name, bytes)
        default: throw FileError(name, "cannot be made", number)
        }
    }

    /// The same where file systems have no links. For a moment the claim is empty; its time is what counts then.
    package func makeAlone(_ name: String, _ bytes: [UInt8]) throws -> Bool {
        let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            if errno == EEXIST { return false }
            throw FileError(name, "cannot be made")
        }
        do { try write(bytes, to: descriptor, name) } catch {
            close(descriptor)
            try WholeFile.remove(name)
            throw error
        }
        guard close(descriptor) == 0 else { throw FileError(name, "cannot be written") }
        return true
    }

    /// Deletes what killed processes left that were about to claim something.
    func removeRemnants(_ names: [String], now: Double) throws {
        for name in names where name.hasPrefix(Self.unfinished) {
            var status = stat()
            // One that is gone was no remnant.
            guard stat("\(path)/\(name)", &status) == 0, now - status.modified > Self.usualLimit else { continue }
            try WholeFile.remove("\(path)/\(name)")
        }
    }

    /// The time by the clock of the file server; that of this host for one who may only look.
    /// - Throws: `FileError`.
    func now() throws -> Double {
        let temporary = "\(path)/\(Self.unfinished)\(Self.token())"
        do {
            let (descriptor, now) = try create(temporary)
            close(descriptor)
            unlink(temporary)
            return now
        } catch let error as FileError where [EACCES, EROFS, EPERM].contains(error.number) {
            return Date().timeIntervalSince1970
        }
    }
}
