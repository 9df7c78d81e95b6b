import Foundation

/// An advisory lock that ends with its owner, or with the process.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `LabError` where another process holds it.
    init(_ path: String, of owner: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw LabError(RunDirectory.systemMessage(path)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw LabError("\(owner): is in use by another process; wait for it or stop it first")
        }
    }

    deinit { close(descriptor) }
}
