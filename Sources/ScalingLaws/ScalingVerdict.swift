import Statistics

/// A fitted exponent beside what theory says of it.
///
/// Two things decide: the interval that is printed (`PowerLaw.exponent`), and the bends that the series leaves possible.
public struct ScalingVerdict: Sendable {
    /// Whether the exponent is on the theorem's side; nil where no theorem speaks of it.
    public let theorem: Verdict?
    /// Whether it is the typical one; nil where none is known.
    public let typical: Verdict?
    /// Whether it lies beside what is expected in the mean, and visibly bends towards it.
    public let isBending: Bool
    private let isUpperBound: Bool

    /// Changes of an exponent over the range of sizes that are smaller say nothing of its limit.
    public static let resolution = 0.05
    /// How far from the typical exponent an interval that holds it may reach.
    public static let slack = 0.25

    /// Judges a law of at least four sizes.
    public init(_ law: PowerLaw, _ expected: ExpectedExponent) {
        isUpperBound = expected.isUpperBound
        let bound = expected.worstCase.map { expected.isUpperBound ? -Double.infinity...$0 : $0...Double.infinity }
        let judged = [(bound, 0), (expected.typical, Self.slack)].map { target, slack in
            target.map { Self.judge(law, $0, slack: slack) }
        }
        (theorem, typical) = (judged[0]?.verdict, judged[1]?.verdict)
        isBending = judged.contains { $0?.isBending == true }
    }

    /// Whether an exponent lies in a target.
    ///
    /// - It holds where three things are so. The interval touches the target. Neither the interval nor the local exponent
    ///   is farther from the target than the slack, for any bend that is possible: up to the widest size for a typical
    ///   exponent, and half a range of sizes more for a bound. No visible bend leads out of the target.
    /// - It fails where three others are so. The interval lies beside the target, by more than a quarter of its own length
    ///   and more than a factor ln m adds at these sizes. No visible bend leads to the target. No bend that is possible
    ///   leads there within half a range of sizes more.
    /// - Where there are too few points to see a bend, nothing is said.
    static func judge(
        _ law: PowerLaw, _ target: ClosedRange<Double>, slack: Double
    ) -> (verdict: Verdict, isBending: Bool) {
        let (interval, bend) = (law.exponent.interval, law.bend.interval)
        guard (bend.upperBound - bend.lowerBound).isFinite else { return (.cannotTell, false) }
        let isAbove = law.mean.value > target.upperBound
        let isBelow = law.mean.value < target.lowerBound
        let isBending = isAbove && bend.upperBound < 0 || isBelow && bend.lowerBound > 0
        if interval.overlaps(target) {
            let reaches = [interval, law.local(ranges: slack == 0 ? 1 : 0.5)].allSatisfy {
                $0.lowerBound >= target.lowerBound - slack && $0.upperBound <= target.upperBound + slack
            }
            return (reaches && !leaves(law, target, slack) ? .holds : .cannotTell, isBending && !reaches)
        }
        let distance = max(interval.lowerBound - target.upperBound, target.lowerBound - interval.upperBound)
        let isFar = distance > max(law.logarithm, (interval.upperBound - interval.lowerBound) / 4)
        return (isFar && !isBending && !law.local(ranges: 1).overlaps(target) ? .fails : .cannotTell, isBending)
    }

    /// Whether the exponent visibly bends out of the target. A typical one is left by the exponent that comes next, where
    /// the bend is more than the resolution; a bound is passed within two and a half ranges of sizes more, by the largest
    /// bend that is possible.
    private static func leaves(_ law: PowerLaw, _ target: ClosedRange<Double>, _ slack: Double) -> Bool {
        guard law.isBent else { return false }
        if slack == 0 {
            let later = law.local(ranges: 3)
            return law.bend.value > 0 ? later.upperBound > target.upperBound : later.lowerBound < target.lowerBound
        }
        return abs(law.bend.value) * law.decades > resolution && !target.contains(law.ahead)
    }

    /// The verdict in words.
    public var words: String {
        let bending = isBending ? ", bending towards what is expected" : ""
        return switch (theorem, typical) {
        case (.holds?, .holds?): "at least as fast as the theorem, consistent with the typical exponent"
        case (.holds?, .fails?): "at least as fast as the theorem, not the typical exponent"
        case (.holds?, _): "at least as fast as the theorem" + bending
        case (.fails?, _): isUpperBound ? "slower than the theorem" : "short of the theorem"
        case (_, .holds?): "consistent with the typical exponent"
        case (_, .fails?): "not the typical exponent"
        default: "can't tell" + bending
        }
    }
}
