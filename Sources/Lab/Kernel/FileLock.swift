import Foundation
import HDF5

/// An advisory lock that ends with its owner, or with the process.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `LabError` where another process holds it, `FileError` where there can be no such file.
    init(_ path: String, of owner: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError(path, "cannot be opened") }
        do { try Self.take(descriptor, of: owner) } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Locks an open file. A file system without locks is said to have none, and is worked on all the same.
    /// - Parameter attempts: how often to ask, 20 ms apart.
    /// - Throws: `LabError` where another process holds it, `FileError` where asking fails.
    static func take(_ descriptor: Int32, of owner: String, attempts: Int = 1) throws {
        var left = attempts
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK:
                left -= 1
                guard left > 0 else {
                    throw LabError("\(owner): is in use by another process; wait for it or stop it first")
                }
                usleep(20_000)
            case ENOLCK, EOPNOTSUPP, ENOSYS:
                return Diagnostics.line(
                    "warning   \(owner): its file system has no locks: two programs that work there at once spoil it")
            default: throw FileError(owner, "cannot be locked")
            }
        }
    }
}
