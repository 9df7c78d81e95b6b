import Measurements
import Statistics

/// One part of a statement: its own verdict, and why.
struct Part {
    let verdict: Verdict
    let reason: String
    /// What would have decided it.
    let missing: [MissingEvidence]

    init(_ verdict: Verdict, _ reason: String, missing: [MissingEvidence] = []) {
        self.verdict = verdict
        self.reason = reason
        self.missing = missing
    }

    /// What is known of gradient descent alone, which says nothing of Adam's steps.
    static func byAdam(_ why: String) -> Part {
        Part(.cannotTell, "descent by Adam: " + why, missing: [.gradientDescent])
    }
}
