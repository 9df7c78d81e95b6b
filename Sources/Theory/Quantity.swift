import Statistics

/// A number behind a verdict, with its interval or error where it has one.
public struct Quantity: Sendable, Equatable {
    public let name: String
    public let value: Double
    public let interval: ClosedRange<Double>?
    /// What it is compared with, in words; empty for none.
    public let mark: String
    /// What it has to keep to for the statement to hold; nil where nothing is asked of it.
    public let bound: Bound?

    public enum Bound: Sendable, Equatable {
        case atMost(Double)
        case below(Double)
        case atLeast(Double)
        case above(Double)
    }

    public init(
        _ name: String, _ value: Double, interval: ClosedRange<Double>? = nil, mark: String = "", _ bound: Bound? = nil
    ) {
        self.name = name
        self.value = value
        self.interval = interval
        self.mark = mark
        self.bound = bound
    }
}

extension Quantity {
    /// `F_T − F* = 7.4e-7 ≤ 4.5e-5`: what is asked of it, beside what it is; the end of its interval that decides is meant. Nil
    /// where nothing is asked.
    public var comparison: String? {
        guard let bound else { return nil }
        let (low, high) = (interval?.lowerBound ?? value, interval?.upperBound ?? value)
        let (sign, mark): (String, Double) =
            switch bound {
            case .atMost(let mark): (high <= mark ? "≤" : low > mark ? ">" : "≈", mark)
            case .below(let mark): (high < mark ? "<" : low >= mark ? "≥" : "≈", mark)
            case .atLeast(let mark): (low >= mark ? "≥" : high < mark ? "<" : "≈", mark)
            case .above(let mark): (low > mark ? ">" : high <= mark ? "≤" : "≈", mark)
            }
        return "\(name) = \(display) \(sign) \(shown(mark))"
    }

    /// Three digits, with its interval where it has one.
    public var display: String {
        guard let interval else { return shown(value) }
        return "\(shown(value)) [\(shown(interval.lowerBound)), \(shown(interval.upperBound))]"
    }
}
