import Foundation
import Synchronization

private let received = Atomic<Int32>(0)

/// SIGINT and SIGTERM as a request to stop after the step in progress.
enum Interruption {
    static var isRequested: Bool { signal != 0 }
    /// The signal that came; 0 for none.
    static var signal: Int32 { received.load(ordering: .relaxed) }

    /// Makes both signals set the flag; a second one ends the program at once.
    static func listen() {
        // A parent may have started us with the signals blocked.
        var both = sigset_t()
        sigemptyset(&both)
        for number in [SIGINT, SIGTERM] { sigaddset(&both, number) }
        pthread_sigmask(SIG_UNBLOCK, &both, nil)
        for number in [SIGINT, SIGTERM] {
            Glibc.signal(number) { number in
                received.store(number, ordering: .relaxed)
                Glibc.signal(number, SIG_DFL)
            }
        }
    }
}
