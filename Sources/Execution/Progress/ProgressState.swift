import Console
import Foundation
import Statistics

/// What `Progress` knows, and what it shows of it.
struct ProgressState {
    var line: LiveLine
    let isQuiet: Bool
    private let clock = Stopwatch()
    private var activity: (name: String, since: Stopwatch)?
    private var spent = TimeSpent()
    /// Nil before the first step.
    private var left: TimeLeft?
    private var step = 0
    private var lastShown = -Double.infinity
    /// When the next plain line is due: few are wanted in a file, at 5 s, 10 s, 20 s … and then every ten minutes.
    private var nextPlain = 5.0

    init(line: LiveLine, isQuiet: Bool) {
        self.line = line
        self.isQuiet = isQuiet
    }

    mutating func begin(_ name: String, _ part: Stopwatch) {
        activity = (name, part)
        // The first step may be far away.
        if left == nil { showActivity(after: 0) }
    }

    mutating func end(_ name: String, _ part: Stopwatch) {
        activity = nil
        spent.add(part.seconds, to: name)
    }

    /// Shows what takes long; on terminals only.
    mutating func showActivity(after least: Double = 0.5) {
        guard !isQuiet, line.isLive, let activity, activity.since.seconds >= least else { return }
        let place = left == nil ? "before step 1" : "step \(step)"
        let seconds = activity.since.seconds
        let time = seconds < 1 ? "" : ", \(duration(seconds)) of \(duration(clock.seconds))"
        line.show("\(place): \(activity.name)\(time)")
    }

    /// - Returns: what the way to the first step took; nil where nothing is to be said.
    mutating func beginSteps(goal: Double?, steps: Int, minutes: Double?) -> String? {
        left = TimeLeft(goal: goal, steps: steps, limit: minutes.map { 60 * $0 + clock.seconds })
        return isQuiet ? nil : spentLine(rest: "rest")
    }

    /// What the time so far went into.
    func spentLine(rest: String) -> String { spent.line(of: clock.seconds, rest: rest) }

    mutating func show(step: Int, loss: Double, ratio: Double) {
        let now = clock.seconds
        guard !isQuiet, now - lastShown >= 0.1 else { return }
        lastShown = now
        self.step = step
        left?.record(step: step, loss: loss, seconds: now)
        guard line.isLive || now >= nextPlain else { return }
        while nextPlain <= now { nextPlain = min(2 * nextPlain, nextPlain + 600) }
        line.show(text(loss: loss, ratio: ratio, elapsed: now))
    }

    /// As much as fits, the least important last.
    private func text(loss: Double, ratio: Double, elapsed: Double) -> String {
        var text = "step \(step)  loss \(shown(loss))"
        guard let estimate = left?.estimate else { return text }
        let speed = 1 / estimate.pace
        for part in [
            "about \(duration(estimate.seconds)) \(estimate.isLimit ? "to the last step" : "left")",
            "F/F₀ \(shown(ratio))", String(format: speed < 10 ? "%.2g steps/s" : "%.0f steps/s", speed),
        ] where !line.isLive || text.count + 2 + part.count <= line.width { text += "  " + part }
        let bar = bar(elapsed / (elapsed + estimate.seconds))
        return line.isLive && text.count + 2 + bar.count <= line.width ? "\(text)  \(bar)" : text
    }

    private func bar(_ share: Double) -> String {
        let width = 10
        let filled = Int((share * Double(width)).rounded(.down))
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
    }
}
