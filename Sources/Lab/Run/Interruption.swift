import Foundation
import Synchronization

private let isRequestedFlag = Atomic<Bool>(false)

/// SIGINT and SIGTERM as a request to stop after the step in progress.
enum Interruption {
    static var isRequested: Bool { isRequestedFlag.load(ordering: .relaxed) }

    /// Makes both signals set the flag; a second one ends the program at once.
    static func listen() {
        // A parent may have started us with the signals blocked.
        var both = sigset_t()
        sigemptyset(&both)
        for number in [SIGINT, SIGTERM] { sigaddset(&both, number) }
        pthread_sigmask(SIG_UNBLOCK, &both, nil)
        for number in [SIGINT, SIGTERM] {
            signal(number) { received in
                isRequestedFlag.store(true, ordering: .relaxed)
                signal(received, SIG_DFL)
            }
        }
    }
}
