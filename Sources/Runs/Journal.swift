import Files
import Foundation

/// `metrics.jsonl`: the durable live record, one flushed line a tracked step.
package final class Journal {
    private let path: String
    private let file: Int32

    /// Opens the journal with exactly these rows in it: on resume, rows past the checkpoint go.
    package init(_ path: String, containing history: MetricHistory) throws {
        try RunDirectory.write(history.rows.indices.map(history.line).joined(), to: path)
        file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard file >= 0 else { throw LabError(system: path) }
        self.path = path
    }

    deinit { close(file) }

    /// Adds a line; a kill of the process right after loses nothing.
    package func append(_ line: String) throws {
        try WholeFile.append(Array(line.utf8), to: file, path)
    }

    /// Makes the lines so far survive a power cut.
    package func sync() throws {
        guard fsync(file) == 0 else { throw FileError(path, "cannot be written") }
    }
}
