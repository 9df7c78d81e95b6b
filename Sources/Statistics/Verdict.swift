/// What can be said of a statement: it holds, it fails, or the evidence does not tell.
public enum Verdict: String, Sendable, CaseIterable {
    case holds
    case fails
    case cannotTell = "can't tell"

    /// The verdict on several parts that all have to hold.
    package static func all(_ parts: [Verdict]) -> Verdict {
        parts.contains(.fails) ? .fails : parts.contains(.cannotTell) ? .cannotTell : .holds
    }
}
