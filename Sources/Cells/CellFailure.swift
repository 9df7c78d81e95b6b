import Configurations
import Console
import Files
import Foundation

/// `cells/<hash>.failure.json`: why a cell ended without a result. It goes when the cell is begun again.
package struct CellFailure: Codable, Sendable {
    /// What was wrong, or how its process ended.
    package let reason: String
    /// What a process that died had printed, as much of it as a person reads.
    package let printed: String?

    package init(reason: String, printed: String? = nil) { (self.reason, self.printed) = (reason, printed) }

    /// Where it stands beside the folder of a cell.
    package static func path(of cell: String) -> String { cell + ".failure.json" }

    /// That of a cell; nil where there is none, as of one that was killed together with its sweep.
    package init?(of cell: String) {
        do {
            let bytes = try PlainFile.read(Self.path(of: cell), limit: 1 << 20)
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch { return nil }
    }

    /// - Throws: `FileError`.
    package func write(of cell: String) throws {
        try WholeFile.write(JSONText.file(self) + "\n", to: Self.path(of: cell))
    }

    /// In words, what was printed first. A crash can say much more than a person reads.
    package var words: String { [printed, reason].compactMap(\.self).joined(separator: "\n") }

    /// The end of what a process printed into its log; nil for nothing.
    package static func printed(in log: String) -> String? {
        let text: String
        do { text = String(decoding: try PlainFile.read(log, limit: 1 << 24), as: UTF8.self) } catch { return nil }
        let lines = text.split(separator: "\n").suffix(ConfigError.mostShown).map { excerpt(String($0), 300) }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}
