import Foundation

/// What there is to know of the terminal.
package enum Terminal {
    /// Columns of the terminal that shows standard output, or of that which shows errors; nil where there is none.
    package static var columns: Int? { columns(of: STDOUT_FILENO) ?? columns(of: STDERR_FILENO) }

    /// Columns that results may take: those of the terminal that shows them (40 at least), 100 in a file or a pipe.
    package static var width: Int { columns(of: STDOUT_FILENO).map { max($0, 40) } ?? 100 }

    package static func columns(of file: Int32) -> Int? {
        var size = winsize()
        guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
