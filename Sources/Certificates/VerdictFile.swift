import Console
import Files
import Foundation
import RunFolders
import Runs
import Statistics
import Theory

/// `verdicts.json`: what `certify --json` says of a run, written where it ends, with the digest of the record that it belongs to.
package enum VerdictFile {
    /// Certifies a run and keeps what came out.
    /// - Parameter record: how the run ended.
    /// - Throws: an error where the run can't be read, or the file not be written.
    package static func write(_ run: String, _ record: RunRecord) throws -> RunSummary {
        let recorded = try RecordedRun(reading: run)
        let certificates = recorded.certificates
        let kept = Verdicts(said: VerdictTable.json(recorded, certificates), record: try recordDigest(run))
        try RunDirectory.write(JSONText.file(kept) + "\n", to: RunFile.verdicts.path(of: run))
        return RunSummary(recorded, record, certificates)
    }

    /// The keys of what was said, and `record`.
    private struct Verdicts<Said: Encodable>: Encodable {
        let said: Said
        let record: String

        enum Key: CodingKey { case record }

        func encode(to encoder: any Encoder) throws {
            try said.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(record, forKey: .record)
        }
    }

    /// A run that goes on writes another record.
    private static func recordDigest(_ run: String) throws -> String {
        try memoryDigest(
            of: String(decoding: PlainFile.read(RunFile.record.path(of: run), limit: 1 << 24), as: UTF8.self))
    }

    private struct StoredVerdicts: Decodable {
        struct Statement: Decodable {
            let number: Int
            let verdict: String
        }
        let statements: [Statement]
        let record: String
    }

    /// A sign a statement; nil where they were not kept, or the run went on since.
    package static func signs(of run: String) -> String? {
        do {
            let kept = try JSONDecoder().decode(
                StoredVerdicts.self, from: Data(PlainFile.read(RunFile.verdicts.path(of: run), limit: 1 << 24)))
            guard try kept.record == recordDigest(run) else { return nil }
            let verdicts = kept.statements.map { ($0.number, Verdict(rawValue: $0.verdict)) }
            return signs(Dictionary(verdicts) { first, _ in first })
        } catch { return nil }
    }

    /// The same of a run that is judged now.
    package static func signs(judging run: String) -> String? {
        do {
            let certificates = try RecordedRun(reading: run).certificates
            let verdicts = certificates.map { ($0.statement.number, Optional($0.verdict)) }
            return signs(Dictionary(verdicts) { first, _ in first })
        } catch { return nil }
    }

    private static func signs(_ verdicts: [Int: Verdict?]) -> String {
        String(
            Statement.allCases.map { statement -> Character in
                switch verdicts[statement.number] ?? nil {
                case .holds: "+"
                case .fails: "-"
                case .cannotTell: "?"
                case nil: " "
                }
            })
    }
}
