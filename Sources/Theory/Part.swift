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

    /// What is known of gradient descent on F alone, which says nothing of other steps.
    static func ofOtherSteps(_ setting: RunEvidence.Setting, _ why: String) -> Part {
        let missing: [MissingEvidence?] = [
            setting.isAdaptive ? .gradientDescent : nil, setting.isAugmented ? .descentOnLoss : nil,
        ]
        return Part(.cannotTell, "\(otherSteps(setting)): \(why)", missing: missing.compactMap(\.self))
    }

    /// What descends in place of gradient descent on F.
    static func otherSteps(_ setting: RunEvidence.Setting) -> String {
        setting.isAdaptive ? "descent by Adam" : "descent on another loss than F"
    }
}
