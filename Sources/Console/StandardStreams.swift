import CFiles
import Files
import Foundation

/// What is said to a person: lines on standard error that no result depends on.
package enum Diagnostics {
    /// Writes a text. A terminal that is gone, or a full disk behind it, loses the text and nothing else.
    package static func write(_ text: String) {
        do { try WholeFile.append(Array(text.utf8), to: STDERR_FILENO, "standard error") } catch {}
    }

    /// A line, or several, in which names out of files can't command the terminal; broken at spaces where a terminal would
    /// break them elsewhere.
    package static func line(_ text: String) {
        let columns = Terminal.columns(of: STDERR_FILENO) ?? .max
        write(wrapped(visible(text), columns: columns, indent: 10).joined(separator: "\n") + "\n")
    }
}

/// A text with the characters that command a terminal, or turn the direction of writing, as their code points.
package func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isCommand) else { return text }
    return text.unicodeScalars.reduce(into: "") { shown, scalar in
        shown += isCommand(scalar) ? "<U+" + String(scalar.value, radix: 16, uppercase: true) + ">" : String(scalar)
    }
}

private func isCommand(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0x00..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
}

/// Results on standard output, which have to arrive.
package enum StandardOutput {
    /// Writes what `print` still holds.
    /// - Throws: `FileError` where anything that was printed could not be written.
    package static func finish() throws {
        let number = cf_finish_output()
        guard number == 0 else { throw FileError("standard output", "cannot be written", number) }
    }
}
