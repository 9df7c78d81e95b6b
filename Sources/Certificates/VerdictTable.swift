import Console
import Foundation
import Statistics
import Theory

/// The verdicts on a run as lines for a terminal, and as JSON.
package enum VerdictTable {
    /// One block a statement: number, title, verdict and reason; then its numbers and what is missing.
    package static func lines(_ run: RecordedRun, _ certificates: [Certificate], columns: Int) -> [String] {
        let heads = certificates.map { certificate in
            [
                "\(certificate.statement.number)  \(certificate.statement.title)", certificate.verdict.rawValue,
                certificate.reason,
            ]
        }
        let numbers = certificates.map { $0.quantities.map(cells) }
        let head = TextTable([.text(""), .text(""), .text("", least: 36)], heads)
        let table = TextTable(
            [.text("", least: 26), .text("", least: 34)], numbers.flatMap { $0 }, indent: 5)
        let start = run.configuration?.model.start.map {
            labelled(
                "start", "given by \($0.path): theorems on random weights say nothing of it", columns: columns)
        }
        var lines = wrapped(heading(run), columns: columns, indent: 4) + run.scores.lines + (start ?? []) + [""]
        for (index, certificate) in certificates.enumerated() {
            lines += head.lines(of: heads[index], width: columns)
            lines += numbers[index].flatMap { table.lines(of: $0, width: columns) }
            lines += certificate.remedies.flatMap { labelled("     needs  ", $0, columns: columns) } + [""]
        }
        for (statements, reason) in exemptions(of: run.evidence) {
            lines += ["\(Theory.numbers(of: statements))  \(reason)", ""]
        }
        lines += run.evidence.damage.flatMap { labelled("damaged  ", $0, columns: columns) }
        return lines + (run.evidence.damage.isEmpty ? [] : [""]) + [summary(certificates)]
    }

    private static func cells(_ quantity: Quantity) -> [String] {
        [quantity.name, quantity.display + (quantity.note.isEmpty ? "" : "  (\(quantity.note))")]
    }

    package static func heading(_ run: RecordedRun) -> String {
        let status = run.record.map { "\($0.status.rawValue) at step \($0.step)" } ?? "of unknown status"
        return "\(run.path): \(status)"
    }

    /// "6 statements hold, 1 fails, 1 can't be told".
    package static func summary(_ certificates: [Certificate]) -> String {
        let count = Dictionary(grouping: certificates, by: \.verdict).mapValues(\.count)
        let parts: [(Verdict, String, String)] = [
            (.holds, "holds", "hold"), (.fails, "fails", "fail"), (.cannotTell, "can't be told", "can't be told"),
        ]
        let known = parts.compactMap { verdict, one, many in
            count[verdict].map { (count: $0, words: $0 == 1 ? one : many) }
        }
        return known.enumerated().map { index, part in
            let noun = index == 0 ? (part.count == 1 ? "statement " : "statements ") : ""
            return "\(part.count) \(noun)\(part.words)"
        }.joined(separator: ", ")
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

    /// One JSON object; what is not finite is left out.
    package static func json(_ run: RecordedRun, _ certificates: [Certificate]) -> some Encodable {
        return JSONRun(
            run: run.path, verdict: certificates.verdict.rawValue,
            initializedFrom: run.configuration?.model.start?.path,
            scores: run.evidence.series.scores.mapValues { JSONScore(value: $0.value, step: $0.step) },
            statements: certificates.map { certificate in
                JSONStatement(
                    number: certificate.statement.number, title: certificate.statement.title,
                    source: certificate.statement.source, verdict: certificate.verdict.rawValue,
                    reason: certificate.reason,
                    numbers: certificate.quantities.filter(\.value.isFinite).map {
                        JSONQuantity(
                            name: $0.name, value: $0.value, low: finite($0.interval?.lowerBound),
                            high: finite($0.interval?.upperBound), mark: $0.note)
                    },
                    missing: certificate.remedies)
            },
            damage: run.evidence.damage)
    }
}
