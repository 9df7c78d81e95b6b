import Console
import Foundation
import Synchronization

/// Where a run stands, for a person: one live line on a terminal, elsewhere a few plain lines.
///
/// Before the first step, and at each measurement, it shows what the run is at and for how long; then step, loss, speed and
/// the time that is left. All that is said goes through it, so that lines don't run into one another.
final class Progress: Sendable {
    private let state: Mutex<ProgressState>
    private let sayLine: @Sendable (String) -> Void

    /// - Parameter say: shows a line to the user.
    init(isQuiet: Bool, say: @escaping @Sendable (String) -> Void) {
        let line = LiveLine()
        state = Mutex(ProgressState(line: line, isQuiet: isQuiet))
        sayLine = say
        if line.isLive, !isQuiet { tick() }
    }

    /// Shows now and then how long what the run is at has taken, for as long as there is a run.
    private func tick() {
        Thread.detachNewThread { [weak self] in
            while true {
                usleep(500_000)
                guard let self else { return }
                state.withLock { $0.showActivity() }
            }
        }
    }

    /// Says a line that stays.
    func say(_ text: String) {
        state.withLock {
            $0.line.clear()
            sayLine(text)
        }
    }

    /// Says lines that only a person at the start of a run wants.
    func sayUnlessQuiet(_ lines: [String]) {
        if !state.withLock(\.isQuiet) { lines.forEach(say) }
    }

    /// Does one part of the run's work, whose time is counted under its name.
    func during<T>(_ name: String, _ work: () throws -> T) rethrows -> T {
        let part = Stopwatch()
        state.withLock { $0.begin(name, part) }
        defer { state.withLock { $0.end(name, part) } }
        return try work()
    }

    /// Begins to count steps.
    /// - Parameters:
    ///   - goal: the loss that ends the run.
    ///   - minutes: the most time that the steps may take.
    func beginSteps(goal: Double?, steps: Int, minutes: Double?) {
        guard let line = state.withLock({ $0.beginSteps(goal: goal, steps: steps, minutes: minutes) }) else { return }
        say("start     \(line)")
    }

    /// Shows the line if it is time; call it after every step, it costs a clock reading.
    func show(step: Int, loss: Double, ratio: Double) {
        state.withLock { $0.show(step: step, loss: loss, ratio: ratio) }
    }

    /// Says where the time went.
    func end() {
        guard let line = state.withLock({ $0.isQuiet ? nil : $0.spentLine(rest: "steps") }) else { return }
        say("time      \(line)")
    }
}
