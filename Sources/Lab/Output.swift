import CFiles
import Foundation
import HDF5

/// What is said to a person: lines on standard error that no result depends on.
public enum Diagnostics {
    /// Writes a text. A terminal that is gone, or a full disk behind it, loses the text and nothing else.
    public static func write(_ text: String) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let put = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress! + done, bytes.count - done) }
            if put < 0, errno == EINTR { continue }
            if put <= 0 { return }
            done += put
        }
    }

    public static func line(_ text: String) { write(text + "\n") }
}

/// Results on standard output, which have to arrive.
public enum Results {
    /// Writes what `print` still holds.
    /// - Throws: `FileError` where anything that was printed could not be written.
    public static func finish() throws {
        let number = cf_finish_output()
        guard number == 0 else { throw FileError("standard output", "cannot be written", number) }
    }
}

/// Time since some moment, whatever is done to the clock on the wall.
struct Stopwatch {
    private var start = ContinuousClock.now

    var seconds: Double {
        let passed = (ContinuousClock.now - start).components
        return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
    }

    mutating func restart() { start = ContinuousClock.now }
}
