/// What data say of a statement: it holds, it fails, or they don't tell.
public enum Verdict: String, Sendable, CaseIterable {
    /// The data show it, whatever their errors.
    case holds
    /// They refute it, whatever their errors.
    case fails
    /// They are too few, or errors hide it.
    case cannotTell = "can't tell"

    /// The verdict on several parts that all have to hold.
    package static func all(_ parts: [Verdict]) -> Verdict {
        parts.contains(.fails) ? .fails : parts.contains(.cannotTell) ? .cannotTell : .holds
    }
}
