import Foundation
import HDF5
import Theory

/// `verdicts.json`: what `certify --json` says of a run, written where it ends.
public enum VerdictFile {
    static func path(_ run: String) -> String { run + "/verdicts.json" }

    /// Certifies a run and keeps what came out.
    /// - Returns: a line for the user.
    /// - Throws: an error where the run can't be read, or the file not be written.
    public static func write(_ run: String) throws -> String {
        let recorded = try RecordedRun(reading: run)
        let certificates = recorded.certificates
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        let data = try encoder.encode(VerdictTable.json(recorded, certificates))
        try RunDirectory.write(String(decoding: data, as: UTF8.self) + "\n", to: path(run))
        return VerdictTable.summary(certificates)
    }

    private struct Kept: Decodable {
        struct Statement: Decodable {
            let number: Int
            let verdict: String
        }
        let statements: [Statement]
    }

    /// A sign a statement; nil where they were not kept, or the run went on since.
    static func signs(of run: String) -> String? {
        guard let kept = modified(path(run)), let ended = modified(RunRecord.path(run)), kept >= ended else {
            return nil
        }
        do {
            let found = try JSONDecoder().decode(Kept.self, from: Data(PlainFile.read(path(run), limit: 1 << 24)))
            return String(
                Statement.allCases.map { statement -> Character in
                    let verdict = found.statements.first { $0.number == statement.rawValue }.flatMap {
                        Verdict(rawValue: $0.verdict)
                    }
                    return switch verdict {
                    case .holds: "+"
                    case .fails: "-"
                    case .cannotTell: "?"
                    case nil: " "
                    }
                })
        } catch { return nil }
    }

    private static func modified(_ path: String) -> Double? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
    }
}
