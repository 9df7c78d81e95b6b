/// A fitted exponent beside what theory says of it.
public struct ScalingVerdict: Sendable {
    /// Whether it is at least as fast as the theorem guarantees; nil where no theorem speaks of it.
    public let theorem: Verdict?
    /// Whether it is the typical one.
    public let typical: Verdict
    private let isUpperBound: Bool

    /// An interval longer than this tells no exponent from another.
    public static let longestInterval = 0.5

    /// - The theorem holds where the whole interval is on its side, and fails where none of it is.
    /// - The typical exponent is consistent where it lies in the interval as leaving out the narrowest widths
    ///   widens it: at finite widths a law is never exact.
    public init(_ law: PowerLaw, _ expected: ExpectedExponent) {
        let interval = law.exponent.interval
        isUpperBound = expected.isUpperBound
        theorem = expected.worstCase.map { worst in
            let (fast, slow) =
                expected.isUpperBound
                ? (interval.upperBound <= worst, interval.lowerBound > worst)
                : (interval.lowerBound >= worst, interval.upperBound < worst)
            // A theorem that is met exactly is met: an exponent at its bound straddles it whatever the noise.
            return fast ? .holds : slow ? (law.systematic.contains(worst) ? .cannotTell : .fails) : .cannotTell
        }
        let isKnown = law.systematic.upperBound - law.systematic.lowerBound <= Self.longestInterval
        typical = !isKnown ? .cannotTell : law.systematic.overlaps(expected.typical) ? .holds : .fails
    }

    /// The verdict in words.
    public var words: String {
        switch (theorem, typical) {
        case (.holds?, .holds): "at least as fast as the theorem, consistent with the typical exponent"
        case (.holds?, .fails): "at least as fast as the theorem, not the typical exponent"
        case (.holds?, .cannotTell): "at least as fast as the theorem"
        case (.fails?, _): isUpperBound ? "slower than the theorem" : "short of the theorem"
        case (_, .holds): "consistent with the typical exponent"
        case (_, .fails): "not the typical exponent"
        case (_, .cannotTell): "can't tell"
        }
    }
}
