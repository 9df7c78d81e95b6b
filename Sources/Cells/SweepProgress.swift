import Console
import Execution
import Foundation

/// Where a sweep stands, for a person: one live line on a terminal, a plain line now and then elsewhere.
struct SweepProgress {
    private let isQuiet: Bool
    private let isTerminal = isatty(STDERR_FILENO) != 0
    private let clock = Stopwatch()
    private var lastShown = -Double.infinity
    private var total = 0
    private var done = 0
    private var bad = 0
    /// Work of cells that are still to do, and of those that were done since it began.
    private var workLeft = 0.0
    private var workDone = 0.0

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    mutating func expect(work: Double) { workLeft += work }

    /// A cell as it was found; one that failed before is tried again.
    mutating func found(_ state: CellState) {
        total += 1
        if state.isFinal { count(state) }
    }

    /// A cell that has ended.
    mutating func ended(_ state: CellState, work: Double) {
        count(state)
        workDone += work
        workLeft -= work
    }

    private mutating func count(_ state: CellState) {
        switch state {
        case .done: done += 1
        case .diverged, .failed, .bad: bad += 1
        case .running, .interrupted, .waiting: break
        }
    }

    mutating func show(running: Int) {
        let now = clock.seconds
        guard !isQuiet, now - lastShown >= (isTerminal ? 0.2 : 10) else { return }
        lastShown = now
        write("\(line(running: running))\(isTerminal ? "" : "\n")")
    }

    private func line(running: Int) -> String {
        let rate = workDone / clock.seconds
        let left = rate > 0 ? duration(max(workLeft, 0) / rate) : "?"
        let failed = bad > 0 ? ", \(bad) diverged or failed" : ""
        return "cells \(done) of \(total) done, \(running) running\(failed), about \(left) left"
    }

    /// Makes room for another line on a terminal.
    func clear() { if isTerminal, !isQuiet { write("") } }

    mutating func end() {
        guard !isQuiet else { return }
        write("cells \(done) of \(total) done\(bad > 0 ? ", \(bad) diverged or failed" : "")\n")
    }

    private func write(_ text: String) {
        Diagnostics.write((isTerminal ? "\r\u{1B}[K" : "") + text)
    }
}
