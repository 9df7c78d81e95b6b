import Measurements
import Statistics
import Theory

/// A run, what a statement has to say of it, and a word of the reason.
struct Case {
    let name: String
    let statement: Statement
    let verdict: Verdict
    let word: String
    let run: RunEvidence

    init(_ statement: Statement, _ verdict: Verdict, _ name: String, _ word: String, _ run: RunEvidence) {
        (self.statement, self.verdict, self.name, self.word, self.run) = (statement, verdict, name, word, run)
    }
}

let healthy = Linear().run
