import Files
import Foundation

/// Wakes one thread from others, or after a while; the clock on the wall, by which semaphores of Dispatch wait, has no part in it.
final class Doorbell: Sendable {
    private let ends: (read: Int32, write: Int32)

    init() throws {
        var pair: [Int32] = [0, 0]
        guard pipe(&pair) == 0 else { throw LabError("no pipe can be made: \(String(cString: strerror(errno)))") }
        for end in pair {
            // Not for programs that are started, and never a reason to wait by itself.
            guard fcntl(end, F_SETFD, FD_CLOEXEC) >= 0, fcntl(end, F_SETFL, O_NONBLOCK) >= 0 else {
                throw LabError("a pipe cannot be set up: \(String(cString: strerror(errno)))")
            }
        }
        ends = (pair[0], pair[1])
    }

    deinit {
        close(ends.read)
        close(ends.write)
    }

    /// A pipe that is full wakes as well.
    func ring() {
        var byte: UInt8 = 1
        _ = write(ends.write, &byte, 1)
    }

    /// Returns once it was rung, or after some milliseconds.
    func wait(milliseconds: Int32) {
        var request = pollfd(fd: ends.read, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, milliseconds) > 0 else { return }
        var bytes = [UInt8](repeating: 0, count: 1024)
        while read(ends.read, &bytes, bytes.count) > 0 {}
    }
}
