import CFiles
import Foundation
import HDF5

/// What is said to a person: lines on standard error that no result depends on.
public enum Diagnostics {
    /// Writes a text. A terminal that is gone, or a full disk behind it, loses the text and nothing else.
    public static func write(_ text: String) {
        do { try WholeFile.append(Array(text.utf8), to: STDERR_FILENO, "standard error") } catch {}
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
