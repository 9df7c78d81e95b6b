import Statistics

/// A number behind a verdict, with its interval or error where it has one.
public struct Quantity: Sendable, Equatable {
    /// `F_T/F_0`, as it is printed.
    public let name: String
    /// The number; NaN where it is not known.
    public let value: Double
    /// Where it lies whatever its error; nil where it has none.
    public let interval: ClosedRange<Double>?
    /// What it is compared with, in words; empty for none.
    public let note: String
    /// What it has to keep to for the statement to hold; nil where nothing is asked of it.
    public let bound: Bound?

    /// A side of a number.
    public enum Bound: Sendable, Equatable {
        /// ≤.
        case atMost(Double)
        /// <.
        case below(Double)
        /// ≥.
        case atLeast(Double)
        /// >.
        case above(Double)
    }

    init(
        _ name: String, _ value: Double, interval: ClosedRange<Double>? = nil, note: String = "", _ bound: Bound? = nil
    ) {
        self.name = name
        self.value = value
        self.interval = interval
        self.note = note
        self.bound = bound
    }
}

extension Quantity {
    /// `F_T − F* = 7.4e-7 ≤ 4.5e-5`: what it is beside what is asked of it; nil where nothing is asked.
    ///
    /// The sign is that of the end of the interval that decides, and `≈` where the interval leaves it open.
    public var comparison: String? {
        guard let bound else { return nil }
        let (low, high) = (interval?.lowerBound ?? value, interval?.upperBound ?? value)
        let (sign, limit): (String, Double) =
            switch bound {
            case .atMost(let limit): (high <= limit ? "≤" : low > limit ? ">" : "≈", limit)
            case .below(let limit): (high < limit ? "<" : low >= limit ? "≥" : "≈", limit)
            case .atLeast(let limit): (low >= limit ? "≥" : high < limit ? "<" : "≈", limit)
            case .above(let limit): (low > limit ? ">" : high <= limit ? "≤" : "≈", limit)
            }
        return "\(name) = \(display) \(sign) \(shown(limit))"
    }

    /// Three digits, with its interval where it has one.
    public var display: String {
        guard let interval else { return shown(value) }
        return "\(shown(value)) [\(shown(interval.lowerBound)), \(shown(interval.upperBound))]"
    }
}
