import Measurements
import Statistics

/// The verdict on one statement of the theory, for one run.
public struct Certificate: Sendable {
    /// What is judged.
    public let statement: Statement
    /// Whether it holds.
    public let verdict: Verdict
    /// Why, in words.
    public let reason: String
    /// The numbers behind it, those that are known.
    public let quantities: [Quantity]
    /// What the statement needs and the run does not have.
    public let missing: [MissingEvidence]

    init(
        _ statement: Statement, _ verdict: Verdict, _ reason: String, _ quantities: [Quantity] = [],
        missing: [MissingEvidence] = []
    ) {
        self.statement = statement
        self.verdict = verdict
        self.reason = reason
        self.quantities = quantities.filter { !$0.value.isNaN }
        self.missing = missing
    }

    /// The verdict on all parts; the reasons are those of the parts that decide it.
    init(_ statement: Statement, _ parts: [Part], _ quantities: [Quantity] = [], missing: [MissingEvidence] = []) {
        let verdict = Verdict.all(parts.map(\.verdict))
        let deciding = parts.filter { $0.verdict == verdict && !$0.reason.isEmpty }.map(\.reason)
        // What other parts lack changes nothing.
        let all = parts.filter { $0.verdict == verdict }.flatMap(\.missing) + missing
        self.init(
            statement, verdict, deciding.joined(separator: "; "), quantities,
            missing: all.enumerated().filter { index, one in all.firstIndex(of: one) == index }.map(\.element))
    }
}

extension Certificate {
    /// The same with what is missing left out where a predicate says so.
    package func keeping(_ isKept: (MissingEvidence) -> Bool) -> Certificate {
        Certificate(statement, verdict, reason, quantities, missing: missing.filter(isKept))
    }
}
