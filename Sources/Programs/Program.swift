import Foundation

/// Another program, run to its end with nothing to read.
///
/// Foundation's `Process` waits by the clock on the wall, and for what a program has left behind.
package struct Program {
    /// How it ended.
    package enum Ending: Equatable, Sendable {
        case exit(Int32)
        /// Ended by a signal.
        case signal(Int32)
        /// Stopped when its time was up.
        case outOfTime
    }

    package let ending: Ending
    /// What it printed on standard output, as much as was asked for.
    package let printed: String
    /// Whether `printed` is all of it.
    package let isWhole: Bool
    /// The end of what it said on standard error.
    package let said: String

    /// Bytes of standard error that are kept.
    private static let mostSaid = 4096
    /// How long a program that was asked to end may take, in seconds.
    private static let grace = 2.0

    /// Runs a command line.
    /// - Parameters:
    ///   - words: the program, a path or a name to be found in PATH, and its arguments.
    ///   - seconds: how long it may take. Then it gets SIGTERM, and 2 s later SIGKILL, with all of its process group; it is waited
    ///     for 2 s more. nil: for ever.
    ///   - mostPrinted: bytes of standard output that are kept, its beginning.
    ///   - changes: variables of the environment that differ from this process's, PATH too; nil takes one away.
    /// - Throws: `ProgramError` where it is not there or can't be started, or how it ended can't be told.
    package init(
        running words: [String], within seconds: Double? = nil, mostPrinted: Int = 0,
        environment changes: [String: String?] = [:]
    ) throws(ProgramError) {
        let environment = changes.reduce(into: ProcessInfo.processInfo.environment) { $0[$1.key] = $1.value }
        let path = try ProgramPath.find(words[0], in: environment["PATH"])
        let output = try ProgramPipe(of: words[0], keeping: .first(mostPrinted))
        let errors = try ProgramPipe(of: words[0], keeping: .last(Self.mostSaid))
        let launch = Launch(
            path: path, words: words, environment: environment.map { "\($0)=\($1)" }, output: output.entrance,
            errors: errors.entrance, hasOwnGroup: seconds != nil)
        let child = try launch.start()
        for pipe in [output, errors] { pipe.closeEntrance() }
        ending = try Self.wait(for: child, words[0], [output, errors], seconds)
        (printed, isWhole, said) = (output.text, output.isWhole, errors.text)
    }

    private static func wait(
        for child: pid_t, _ name: String, _ pipes: [ProgramPipe], _ seconds: Double?
    ) throws(ProgramError) -> Ending {
        let start = ContinuousClock.now
        var signals = [SIGTERM, SIGKILL][...]
        var status: Int32 = 0
        while true {
            let ended = waitpid(child, &status, WNOHANG)
            if ended < 0, errno != EINTR { throw ProgramError(name, "its end can't be told", errno) }
            // What is in the pipes by then is its own; what it has left running may hold them open for ever.
            try ProgramPipe.drain(pipes, waitingMilliseconds: ended == child ? 0 : 10)
            if ended == child { break }
            guard let seconds, ContinuousClock.now - start >= .seconds(seconds + grace * Double(signals.startIndex))
            else { continue }
            // Not even SIGKILL ends what waits for a file server that is gone.
            guard let signal = signals.popFirst() else { return .outOfTime }
            guard kill(-child, signal) == 0 || errno == ESRCH else {
                throw ProgramError(name, "cannot be stopped", errno)
            }
        }
        // One that came to its end all the same has said what it had to say.
        if signals.startIndex > 0, status != 0 { return .outOfTime }
        let signal = status & 0x7f
        return signal == 0 ? .exit(status >> 8 & 0xff) : .signal(signal)
    }
}
