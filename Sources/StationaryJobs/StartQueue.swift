import Console
import Execution
import Foundation
import StationaryPoints

/// Searches that are left to do, handed out in turn to threads.
///
/// `@unchecked`: what changes is changed under the lock, and what `instance` makes stays in its thread.
final class StartQueue: @unchecked Sendable {
    private let lock = NSLock()
    private let wanted: [Int]
    private var next = 0
    private var found: [(Int, EndPoint)] = []
    private var failure: (any Error)?
    private let instance: () -> (Int) -> EndPoint
    private let keep: (EndPoint, Int) throws -> Void
    private let say: (String) -> Void
    private var said = Stopwatch()

    /// - Parameters:
    ///   - instance: makes what a thread searches with, from what is shared and only read.
    ///   - keep: saves an end point; one thread at a time.
    init(
        _ wanted: [Int], instance: @escaping () -> (Int) -> EndPoint,
        keep: @escaping (EndPoint, Int) throws -> Void, say: @escaping (String) -> Void
    ) {
        (self.wanted, self.instance, self.keep, self.say) = (wanted, instance, keep, say)
    }

    /// Makes all searches, or those before a signal came.
    /// - Returns: what was found, in no order.
    /// - Throws: what `keep` throws first.
    func work(threads: Int) throws -> [(Int, EndPoint)] {
        DispatchQueue.concurrentPerform(iterations: min(threads, wanted.count)) { _ in
            let search = instance()
            while let k = take() {
                let end = search(k)
                lock.withLock { finish(k, end) }
            }
        }
        if let failure { throw failure }
        return found
    }

    private func take() -> Int? {
        lock.withLock {
            guard next < wanted.count, failure == nil, !Interruption.isRequested else { return nil }
            next += 1
            return wanted[next - 1]
        }
    }

    private func finish(_ k: Int, _ end: EndPoint) {
        do {
            try keep(end, k)
            found.append((k, end))
        } catch { failure = failure ?? error }
        guard said.seconds > 10 else { return }
        say("searches  \(found.count) of \(wanted.count) done")
        said.restart()
    }
}
