import Foundation

/// Where a run stands, for a person: one live line on a terminal, a plain line now and then
/// elsewhere.
struct Progress {
    private let total: Int
    private let isTerminal = isatty(STDERR_FILENO) != 0
    private let isQuiet: Bool
    private let clock = Stopwatch()
    private let firstStep: Int
    private var lastShown = -Double.infinity

    init(from step: Int, total: Int, isQuiet: Bool) {
        firstStep = step
        self.total = total
        self.isQuiet = isQuiet
    }

    /// Shows the line if it is time; call it after every step, it costs a clock reading.
    mutating func show(step: Int, loss: Double, isLast: Bool = false) {
        let now = clock.seconds
        guard !isQuiet, isLast || now - lastShown >= (isTerminal ? 0.1 : 5) else { return }
        lastShown = now
        let elapsed = max(now, 1e-9)
        let rate = Double(step - firstStep) / elapsed
        let left = rate > 0 ? duration(Double(total - step) / rate) : "?"
        let text = String(
            format: "step %d of %d  loss %.3e  %.1f steps/s  %@ left", step, total, loss, rate, isLast ? "0s" : left)
        let line = isTerminal ? "\r\u{1B}[K\(bar(step)) \(text)\(isLast ? "\n" : "")" : text + "\n"
        Diagnostics.write(line)
    }

    private func bar(_ step: Int) -> String {
        let width = 24
        let filled = total > 0 ? min(width, step * width / total) : width
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
    }
}

/// 95 s as `1m35s`.
func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let s = Int(seconds.rounded())
    if s < 60 { return "\(s)s" }
    return s < 3600 ? "\(s / 60)m\(s % 60)s" : "\(s / 3600)h\(s % 3600 / 60)m"
}
