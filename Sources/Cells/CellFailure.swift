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
    /// The call of `ntklab sweep` in which that was; nil in records of earlier versions.
    package let call: String?

    package init(reason: String, printed: String? = nil, call: String?) {
        (self.reason, self.printed, self.call) = (reason, printed, call)
    }

    /// Where it stands beside the folder of a cell.
    package static func path(of cell: String) -> String { cell + ".failure.json" }

    /// That of a cell; nil where there is none, as of one that was killed together with its sweep. A record that can't be read
    /// is a failure too, of an unknown reason.
    package init?(of cell: String) {
        let path = Self.path(of: cell)
        guard Disk.exists(path) else { return nil }
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(PlainFile.read(path, limit: 1 << 20)))
        } catch let error as FileError {
            self.init(reason: "\(error)", call: nil)
        } catch {
            self.init(reason: "\(path): is no record of a failure", call: nil)
        }
    }

    /// - Throws: `FileError`.
    package func write(of cell: String) throws {
        try WholeFile.write(JSONText.file(self) + "\n", to: Self.path(of: cell))
    }

    /// In words, as many as a person reads: the reason, then the last that was printed.
    package var words: String {
        let last = printed.map { ["the last that it said: " + Self.shown($0)] } ?? []
        return ([Self.shown(reason)] + last).joined(separator: "\n")
    }

    private static func shown(_ text: String) -> String {
        text.split(separator: "\n").prefix(ConfigError.mostShown).map { excerpt(String($0), 300) }.joined(
            separator: "\n")
    }

    /// Where the process of a cell prints.
    package static func log(of cell: String) -> String { cell + ".log" }

    /// The last lines that the process of a cell printed; nil for none.
    package static func printed(of cell: String) -> String? {
        let text: String
        do { text = String(decoding: try PlainFile.read(log(of: cell), limit: 1 << 24), as: UTF8.self) } catch {
            return nil
        }
        let lines = text.split(separator: "\n").suffix(3).map { excerpt(String($0), 300) }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}

extension SweepDirectory {
    /// Records how the process of a cell ended that said nothing itself, unless another process has the cell by now.
    /// - Returns: whether it was recorded.
    /// - Throws: `FileError`.
    func recordFailure(of cell: SweepCell, _ ending: String, _ call: SweepCall) throws -> Bool {
        guard let claim = try claims.take(cell.id, label: cell.label) else { return false }
        let place = self.cell(cell.id)
        try CellFailure(reason: ending, printed: CellFailure.printed(of: place), call: call.token).write(of: place)
        try claim.release()
        return true
    }
}
