import Foundation
import Theory

/// The verdicts on a run as lines for a terminal, and as JSON.
public enum VerdictTable {
    /// One block a statement: number, title, verdict and reason; then its numbers and what is missing.
    public static func lines(_ run: RecordedRun, _ certificates: [Certificate]) -> [String] {
        let start = run.configuration?.model.start.map {
            ["start     given by \($0.path): theorems on random weights say nothing of it"]
        }
        var lines = [heading(run)] + run.scores.lines + (start ?? []) + [""]
        for certificate in certificates {
            let title = "\(certificate.statement.rawValue)  \(certificate.statement.title)"
            lines.append(padded(title, 42) + padded(certificate.verdict.rawValue, 12) + certificate.reason)
            for quantity in certificate.quantities {
                let mark = quantity.mark.isEmpty ? "" : "  (\(quantity.mark))"
                lines.append("     " + padded(quantity.name, 49) + quantity.display + mark)
            }
            lines += certificate.missing.map { "     needs  \($0)" }
            lines.append("")
        }
        if run.evidence.setting.isFullBatch, run.evidence.setting.isKnown {
            lines += ["8  SGD: a full-batch run, of which 2 says all", ""]
        }
        lines += run.evidence.damage.map { "damaged  \($0)" } + (run.evidence.damage.isEmpty ? [] : [""])
        return lines + [summary(certificates)]
    }

    static func heading(_ run: RecordedRun) -> String {
        let status = run.record.map { "\($0.status.rawValue) at step \($0.step)" } ?? "of unknown status"
        return "\(run.path): \(status)"
    }

    /// "6 hold, 1 fails, 1 can't be told".
    public static func summary(_ certificates: [Certificate]) -> String {
        let count = Dictionary(grouping: certificates, by: \.verdict).mapValues(\.count)
        let parts: [(Verdict, String, String)] = [
            (.holds, "statement holds", "statements hold"), (.fails, "fails", "fail"),
            (.cannotTell, "can't be told", "can't be told"),
        ]
        return parts.compactMap { verdict, one, many in
            count[verdict].map { "\($0) \($0 == 1 ? one : many)" }
        }.joined(separator: ", ")
    }

    /// Padded by characters as a terminal shows them: combining marks take no room.
    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 1))
    }

    private struct JSONRun: Encodable {
        let run: String
        let verdict: String
        /// The file that the weights at the start came from; none where they were drawn.
        let initializedFrom: String?
        /// The metrics that are scores, where they are known last: `train_loss`, `test_accuracy` and the others.
        let scores: [String: JSONScore]
        let statements: [JSONStatement]
        let damage: [String]
    }

    private struct JSONScore: Encodable {
        let value: Double
        let step: Int
    }

    private struct JSONStatement: Encodable {
        let number: Int
        let title: String
        let source: String
        let verdict: String
        let reason: String
        let numbers: [JSONQuantity]
        let missing: [String]
    }

    private struct JSONQuantity: Encodable {
        let name: String
        let value: Double
        let low: Double?
        let high: Double?
        let mark: String
    }

    /// One JSON object; what is not finite is null.
    public static func json(_ run: RecordedRun, _ certificates: [Certificate]) -> some Encodable {
        func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
        return JSONRun(
            run: run.path, verdict: certificates.verdict.rawValue,
            initializedFrom: run.configuration?.model.start?.path,
            scores: run.evidence.series.scores.mapValues { JSONScore(value: $0.value, step: $0.step) },
            statements: certificates.map { certificate in
                JSONStatement(
                    number: certificate.statement.rawValue, title: certificate.statement.title,
                    source: certificate.statement.source, verdict: certificate.verdict.rawValue,
                    reason: certificate.reason,
                    numbers: certificate.quantities.filter(\.value.isFinite).map {
                        JSONQuantity(
                            name: $0.name, value: $0.value, low: finite($0.interval?.lowerBound),
                            high: finite($0.interval?.upperBound), mark: $0.mark)
                    },
                    missing: certificate.missing)
            },
            damage: run.evidence.damage)
    }
}
