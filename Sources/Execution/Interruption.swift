import Foundation
import Synchronization

private let isRequestedFlag = Atomic<Bool>(false)
private let isRequestedHere = Atomic<Bool>(false)

/// Signals as a request to stop after the step in progress: those of a person and those of batch systems.
package enum Interruption {
    package static var isRequested: Bool {
        isRequestedFlag.load(ordering: .relaxed) || isRequestedHere.load(ordering: .relaxed)
    }

    /// The same by this process itself, until it takes that back.
    package static func request(_ isRequested: Bool = true) { isRequestedHere.store(isRequested, ordering: .relaxed) }

    /// Those that systems such as Slurm, LSF and PBS send ahead of a limit, and those of a keyboard and a terminal.
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU, ownSignal]

    /// That which a process of ours sends those that it started. They may have the keyboard's or the batch system's already,
    /// and a second one of a kind would end them without a checkpoint.
    package static let ownSignal = SIGVTALRM

    /// Has the program outlive a reader that is gone and a file that may not grow: the call that meets them fails. A
    /// standard stream that is closed stays useless, in place of becoming the first file that is opened.
    package static func prepare() {
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
        for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
            // The lowest free descriptor is this one.
            _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// Makes the signals set the flag; a second one ends the program at once.
    package static func listen() {
        // A parent may have started us with the signals blocked.
        var all = sigset_t()
        sigemptyset(&all)
        for number in signals { sigaddset(&all, number) }
        pthread_sigmask(SIG_UNBLOCK, &all, nil)
        for number in signals where !(number == SIGHUP && isIgnored(number)) {
            signal(number) { received in
                isRequestedFlag.store(true, ordering: .relaxed)
                signal(received, SIG_DFL)
            }
        }
    }

    /// As `nohup` starts programs.
    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
