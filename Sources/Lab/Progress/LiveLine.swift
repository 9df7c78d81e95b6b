import Foundation

/// One line of a terminal that is written over and over and never wraps; elsewhere, plain lines.
struct LiveLine {
    /// Whether standard error is a terminal that can write over a line.
    let isLive = isatty(STDERR_FILENO) != 0 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    private var isShown = false

    /// Characters that fit: the terminal is asked each time, since windows change their size. The last column stays
    /// empty, where some terminals would begin a new line.
    var width: Int { max((Terminal.columns(of: STDERR_FILENO) ?? 80) - 1, 1) }

    /// Shows a line in place of the last one; where there is no terminal, below it.
    mutating func show(_ text: String) {
        guard isLive else { return Diagnostics.write(text + "\n") }
        Diagnostics.write("\r\u{1B}[K" + text.prefix(width))
        isShown = true
    }

    /// Makes room for other lines.
    mutating func clear() {
        guard isShown else { return }
        Diagnostics.write("\r\u{1B}[K")
        isShown = false
    }

    /// Leaves a line for good.
    mutating func end(_ text: String) {
        show(text)
        if isLive { Diagnostics.write("\n") }
        isShown = false
    }
}
