/// A number with its 99 % interval, which is the whole line where the data do not tell.
public struct Estimate: Sendable, Equatable {
    /// The number itself.
    public let value: Double
    /// Where it lies with 99 %.
    public let interval: ClosedRange<Double>

    /// An estimate from both.
    public init(value: Double, interval: ClosedRange<Double>) {
        self.value = value
        self.interval = interval
    }

    /// The mean of k values: mean ± t s/√k, with Student's t of k − 1 degrees of freedom.
    /// - Returns: nil for fewer than two values, or one that is not finite.
    package init?(meanOf values: [Double]) {
        guard let run = Estimate(ofRuns: values) else { return nil }
        let length = (run.interval.upperBound - run.value) / Double(values.count + 1).squareRoot()
        self.init(value: run.value, interval: (run.value - length)...(run.value + length))
    }

    /// Where one more run lies with 99 %, by k of them: mean ± t s √(1 + 1/k), with Student's t of k − 1 degrees of freedom.
    /// - Returns: nil for fewer than two values, or one that is not finite.
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
