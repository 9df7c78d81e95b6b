import Console
import Runs

/// On what the cells of a sweep were made: where that differs, their last bits do.
struct CellMachines: Encodable, Sendable {
    struct Kind: Encodable, Sendable, Hashable {
        let program: String
        let blasCore: String
        let vectorWidth: String

        init(_ environment: RunRecord.Environment) {
            (program, blasCore, vectorWidth) = (
                "ntklab \(environment.version)", environment.blasCore, environment.vectorWidth
            )
        }

        var words: String { "\(program), OpenBLAS core \(blasCore) (\(vectorWidth))" }
    }

    struct Group: Encodable, Sendable {
        let kind: Kind
        let cells: Int
    }

    /// The most cells first.
    let groups: [Group]
    /// Cells that went on in another environment than they began in.
    let changed: Int

    init(_ records: [RunRecord]) {
        groups = Dictionary(grouping: records) { Kind($0.environment) }
            .map { Group(kind: $0.key, cells: $0.value.count) }
            .sorted { ($1.cells, $0.kind.words) < ($0.cells, $1.kind.words) }
        changed = records.count { !$0.otherEnvironments.isEmpty }
    }

    var areMixed: Bool { groups.count > 1 || changed > 0 }

    /// None where all were made on one kind.
    var lines: [String] {
        let kinds = groups.map { "\(counted($0.cells, "cell")) with \($0.kind.words)" }
        return [
            groups.count > 1 ? "machines  " + kinds.joined(separator: "; ") + ": the last bits of these differ" : nil,
            changed > 0
                ? "machines  \(counted(changed, "cell")) went on in another environment than they began in: "
                    + "their last bits are neither's" : nil,
        ].compactMap { $0 }
    }
}
