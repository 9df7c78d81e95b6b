import Foundation
import Synchronization

private let isRequestedFlag = Atomic<Bool>(false)

/// SIGINT and SIGTERM as a request to stop after the step in progress.
enum Interruption {
    static var isRequested: Bool { isRequestedFlag.load(ordering: .relaxed) }

    /// Makes both signals set the flag; a second one ends the program at once.
    static func listen() {
        isRequestedFlag.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            signal(number) { received in
                isRequestedFlag.store(true, ordering: .relaxed)
                signal(received, SIG_DFL)
            }
        }
    }
}
