/// A number with its 99 % interval, which is the whole line where the data do not tell.
public struct Estimate: Sendable, Equatable {
    public let value: Double
    public let interval: ClosedRange<Double>

    public init(value: Double, interval: ClosedRange<Double>) {
        self.value = value
        self.interval = interval
    }

    /// Mean ± t s √(1 + 1/k): where one more run lies with 99 %; nil for fewer than two.
    package init?(ofRuns values: [Double]) {
        guard values.count >= 2, values.allSatisfy(\.isFinite) else { return nil }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        let length = StudentT(freedom: values.count - 1).quantile(0.99) * (variance * (1 + 1 / count)).squareRoot()
        self.init(value: mean, interval: (mean - length)...(mean + length))
    }

    /// Three digits, with its interval where that is bounded.
    public var display: String {
        guard interval.lowerBound.isFinite, interval.upperBound.isFinite else { return "\(shown(value)), no interval" }
        return "\(shown(value)) [\(shown(interval.lowerBound)), \(shown(interval.upperBound))]"
    }
}
