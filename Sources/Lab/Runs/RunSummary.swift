import Theory

/// How a run ended, with where its losses got and what can be said of it.
public struct RunSummary: Encodable, Sendable {
    struct Score: Encodable, Sendable {
        let value: Double
        let step: Int
    }

    struct Statement: Encodable, Sendable {
        let number: Int
        let title: String
        let verdict: String
    }

    let run: String
    let status: String
    let outcome: String
    let step: Int
    let seconds: Double?
    let learningRate: Double?
    let parameters: Int
    /// Losses and accuracies where they are known last, by their metric.
    let scores: [String: Score]
    let statements: [Statement]
    /// "6 statements hold, 1 can't be told".
    public let verdicts: String

    init(_ recorded: RecordedRun, _ record: RunRecord, _ certificates: [Certificate]) {
        run = recorded.path
        (status, outcome, step) = (record.status.rawValue, record.outcome, record.step)
        (seconds, learningRate) = (finite(record.seconds), finite(record.learningRate))
        parameters = record.parameterCount
        scores = recorded.evidence.series.scores.filter(\.value.value.isFinite)
            .mapValues { Score(value: $0.value, step: $0.step) }
        statements = certificates.map {
            Statement(number: $0.statement.rawValue, title: $0.statement.title, verdict: $0.verdict.rawValue)
        }
        verdicts = VerdictTable.summary(certificates)
    }
}
