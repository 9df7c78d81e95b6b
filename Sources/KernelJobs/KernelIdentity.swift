import Files
import Foundation
import Runs

/// What decides the entries of a kernel: equal for equal bytes.
struct KernelIdentity: Codable, Equatable {
    let parameters: String
    let data: String
    let outputs: String
    let against: String
    let step: Int
    let precision: String
    let grid: TileGrid
    let environment: String

    var fields: [(name: String, value: String)] {
        [
            ("step", "\(step)"), ("outputs", outputs), ("against", against), ("precision", precision),
            ("samples", "\(grid.columns) and \(grid.rows)"), ("samples of a tile (--memory)", "\(grid.side)"),
            ("tiles kept at once (--memory)", "\(grid.strip)"), ("data", data), ("parameters", parameters),
            ("program and machine", environment),
        ]
    }
}

extension KernelIdentity {
    /// - Throws: `LabError` where the file is not such a record.
    init(reading path: String) throws {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(PlainFile.read(path, limit: 1 << 20)))
        } catch {
            throw LabError("\(path): is not the record of a kernel job: remove the folder to begin anew")
        }
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try RunDirectory.write(String(decoding: encoder.encode(self), as: UTF8.self) + "\n", to: path)
    }

    /// - Throws: `LabError` that names what differs, where the tiles in a folder belong to another job.
    func refuseOther(_ found: KernelIdentity, in folder: String) throws {
        for (own, other) in zip(fields, found.fields) where own.value != other.value {
            throw LabError(
                "\(folder): holds an unfinished kernel of another job: \(own.name): expected \(own.value), found "
                    + "\(other.value); finish that one with its own options, remove the folder, or choose another --out"
            )
        }
    }
}
