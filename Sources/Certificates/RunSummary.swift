import Console
import Runs
import Theory
import Training

/// How a run ended, with where its losses got and what can be said of it.
package struct RunSummary: Encodable, Sendable {
    package struct Score: Encodable, Sendable {
        package let value: Double
        package let step: Int
    }

    package struct Statement: Encodable, Sendable {
        package let number: Int
        package let title: String
        package let verdict: String
    }

    package let run: String
    package let status: String
    package let outcome: String
    package let step: Int
    package let seconds: Double?
    package let learningRate: Double?
    package let parameters: Int
    /// Losses and accuracies where they are known last, by their metric.
    package let scores: [String: Score]
    package let statements: [Statement]
    /// "6 statements hold, 1 can't be told".
    package let verdicts: String

    package init(_ recorded: RecordedRun, _ record: RunRecord, _ certificates: [Certificate]) {
        run = recorded.path
        (status, outcome, step) = (record.status.rawValue, record.outcome.words, record.step)
        (seconds, learningRate) = (finite(record.seconds), finite(record.learningRate))
        parameters = record.parameterCount
        scores = recorded.evidence.series.scores.filter(\.value.value.isFinite)
            .mapValues { Score(value: $0.value, step: $0.step) }
        statements = certificates.map {
            Statement(number: $0.statement.number, title: $0.statement.title, verdict: $0.verdict.rawValue)
        }
        verdicts = VerdictTable.summary(certificates)
    }
}
