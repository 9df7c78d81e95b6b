import Files
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
    /// Empty in a job that was prepared for workers elsewhere, until the first of them has begun: theirs need not be that of
    /// the machine which submits them.
    var environment: String

    var fields: [(name: String, value: String)] {
        [
            ("step", "\(step)"), ("outputs", outputs), ("against", against), ("precision", precision),
            ("samples", "\(grid.columns) and \(grid.rows)"), ("samples of a tile (--memory)", "\(grid.side)"),
            ("tiles kept at once (--memory)", "\(grid.strip)"), ("data", data), ("parameters", parameters),
            ("program and machine", environment),
        ]
    }

    /// All of it in few characters, which each tile carries.
    var digest: String { memoryDigest(of: fields.map { "\($0.name) \($0.value)" }.joined(separator: "\n")) }

    /// The first field in which another one differs.
    private func difference(from other: KernelIdentity) -> (name: String, own: String, other: String)? {
        zip(fields, other.fields).first { $0.0.value != $0.1.value && !$0.0.value.isEmpty && !$0.1.value.isEmpty }.map {
            ($0.0.name, $0.0.value, $0.1.value)
        }
    }

    /// - Throws: `LabError` that names what differs, where a folder holds the tiles of another job than this one.
    func refuseOther(_ found: KernelIdentity, in folder: String) throws {
        guard let (name, own, other) = difference(from: found) else { return }
        throw LabError(
            "\(folder): holds an unfinished kernel of another job: \(name): expected \(own), found \(other); finish that "
                + "one with its own options, remove the folder, or choose another --out")
    }

    /// - Throws: `LabError` that names what differs, where what this worker would make does not fit a job.
    func refuseWork(for job: KernelIdentity, in folder: String) throws {
        guard let (name, own, wanted) = difference(from: job) else { return }
        throw Self.refusal(folder, name, expected: wanted, found: own)
    }

    /// - Throws: the same where program, processor or threads would make other bits than the job's.
    func refuseOtherEnvironment(_ own: String, in folder: String) throws {
        guard own != environment else { return }
        throw Self.refusal(folder, "program and machine", expected: environment, found: own)
    }

    private static func refusal(_ folder: String, _ name: String, expected: String, found: String) -> LabError {
        LabError(
            "\(folder): this worker's tiles would not have the job's bits: \(name): expected \(expected), found \(found)"
        )
    }
}
