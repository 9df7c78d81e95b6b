import Glibc

/// An advisory lock that ends with its owner, or with the process.
package final class FileLock: Sendable {
    private let descriptor: Int32

    /// Locks a file, which is made where it is not there. A file system without locks is said to have none, and is worked on
    /// all the same.
    /// - Parameters:
    ///   - owner: what the lock keeps others out of, for messages.
    ///   - attempts: how often to ask, 20 ms apart.
    ///   - failure: what to say where the file can't be opened.
    ///   - warn: is told where there are no locks.
    /// - Throws: `LabError` where another process holds it, `FileError` where there can be no such file.
    package init(
        _ path: String, of owner: String, attempts: Int = 1, failure: String = "cannot be opened",
        warn: (String) -> Void
    ) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError(path, failure) }
        do { try Self.take(descriptor, of: owner, attempts, warn) } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Whether a process holds the lock of a file right now. Asks of files that can only be read, too.
    package static func isHeld(_ path: String) -> Bool {
        let lock = open(path, O_RDONLY | O_CLOEXEC)
        guard lock >= 0 else { return false }
        defer { close(lock) }
        // A file system without locks has none that are held.
        return flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    private static func take(_ descriptor: Int32, of owner: String, _ attempts: Int, _ warn: (String) -> Void) throws {
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
                return warn(
                    "warning   \(owner): its file system has no locks: two programs that work there at once spoil it")
            default: throw FileError(owner, "cannot be locked")
            }
        }
    }
}
