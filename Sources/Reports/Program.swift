import Foundation

/// Another program, run to its end with nothing to read and nobody to listen to what it prints.
///
/// Foundation's `Process` waits by the clock on the wall, and for what a program has left behind.
struct Program {
    /// Exit code, or the signal that ended it.
    enum Ending {
        case exit(Int32)
        case signal(Int32)
    }

    let ending: Ending
    /// The end of what it said on standard error.
    let said: String

    /// Runs a command line; the first word is a path.
    /// - Throws: `ProgramError` where it cannot be started.
    init(running words: [String]) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw ProgramError(words[0], errno) }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        let started = Result { try Self.start(words, errors: ends[1]) }
        close(ends[1])
        (ending, said) = try Self.wait(for: started.get(), ends[0])
    }

    private static func start(_ words: [String], errors: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        let environment = ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }
        var arguments = words.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var child: pid_t = 0
        let number = posix_spawn(&child, words[0], &actions, nil, &arguments, &variables)
        guard number == 0 else { throw ProgramError(words[0], number) }
        return child
    }

    private static func wait(for child: pid_t, _ errors: Int32) -> (Ending, String) {
        var (buffer, said) = ([UInt8](repeating: 0, count: 1 << 16), [UInt8]())
        var (status, isAtEnd) = (Int32(0), false)
        repeat {
            let ended = waitpid(child, &status, WNOHANG)
            isAtEnd = ended == child || ended < 0 && errno != EINTR
            let count = read(errors, &buffer, buffer.count)
            said = (said + buffer.prefix(max(count, 0))).suffix(4096)
            if count <= 0, !isAtEnd { usleep(1000) }
        } while !isAtEnd
        let signal = status & 0x7f
        return (signal == 0 ? .exit(status >> 8 & 0xff) : .signal(signal), String(decoding: said, as: UTF8.self))
    }
}

/// A program that cannot be started, in words.
struct ProgramError: Error, CustomStringConvertible {
    let description: String

    init(_ program: String, _ number: Int32) {
        description = "\(program) cannot be started: \(String(cString: strerror(number)))"
    }
}
