import Foundation

/// A pipe out of a program, and what is kept of what comes through it.
final class ProgramPipe {
    enum Part {
        case first(Int)
        case last(Int)
    }

    /// The end that the program writes to; -1 once it is closed here.
    private(set) var entrance: Int32 = -1
    private var exit: Int32 = -1
    private let name: String
    private let part: Part
    private var bytes: [UInt8] = []
    private(set) var isWhole = true

    init(of name: String, keeping part: Part) throws(ProgramError) {
        (self.name, self.part) = (name, part)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw ProgramError(name, "cannot be started", errno) }
        (exit, entrance) = (ends[0], ends[1])
        guard fcntl(exit, F_SETFD, FD_CLOEXEC) == 0, fcntl(entrance, F_SETFD, FD_CLOEXEC) == 0,
            fcntl(exit, F_SETFL, O_NONBLOCK) == 0
        else { throw ProgramError(name, "cannot be started", errno) }
    }

    deinit {
        closeEntrance()
        closeExit()
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func closeEntrance() {
        if entrance >= 0 { close(entrance) }
        entrance = -1
    }

    private func closeExit() {
        if exit >= 0 { close(exit) }
        exit = -1
    }

    /// Takes what is there in some pipes, after waiting for it for a moment.
    static func drain(_ pipes: [ProgramPipe], waitingMilliseconds: Int32) throws(ProgramError) {
        // A descriptor below 0 is one that is not asked for.
        var asked = pipes.map { pollfd(fd: $0.exit, events: Int16(POLLIN), revents: 0) }
        guard poll(&asked, nfds_t(asked.count), waitingMilliseconds) >= 0 || errno == EINTR else {
            throw ProgramError(pipes[0].name, "its output cannot be read", errno)
        }
        for pipe in pipes { try pipe.drain() }
    }

    private func drain() throws(ProgramError) {
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while exit >= 0 {
            let count = read(exit, &block, block.count)
            if count > 0 {
                keep(block[..<count])
            } else if count == 0 {
                closeExit()
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                throw ProgramError(name, "its output cannot be read", errno)
            }
        }
    }

    private func keep(_ more: ArraySlice<UInt8>) {
        bytes += more
        switch part {
        case .first(let most) where bytes.count > most: bytes.removeLast(bytes.count - most)
        case .last(let most) where bytes.count > most: bytes.removeFirst(bytes.count - most)
        default: return
        }
        isWhole = false
    }
}
