import Foundation

/// One line of a terminal that is written over and over and never wraps; elsewhere, plain lines.
package struct LiveLine {
    /// Whether standard error is a terminal that can write over a line.
    package let isLive = isatty(STDERR_FILENO) != 0 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    /// Characters of the line that is shown; 0 for none.
    private var length = 0

    package init() {}

    /// Characters that fit: the terminal is asked each time, since windows change their size. The last column stays
    /// empty, where some terminals would begin a new line.
    package var width: Int { max((Terminal.columns(of: STDERR_FILENO) ?? 80) - 1, 1) }

    /// Shows a line in place of the last one; where there is no terminal, below it.
    package mutating func show(_ text: String) {
        guard isLive else { return Diagnostics.write(text + "\n") }
        clear()
        let line = text.prefix(width)
        Diagnostics.write(String(line))
        length = line.count
    }

    /// Makes room for other lines. A window that has become narrower has broken the line, as all of today's do but for xterm.
    package mutating func clear() {
        guard length > 0 else { return }
        let above = (length - 1) / (width + 1)
        Diagnostics.write((above > 0 ? "\u{1B}[\(above)A" : "") + "\r\u{1B}[J")
        length = 0
    }
}
