/// J and ∇J, with standard errors by the scatter of block means where they are from a sample.
package struct RiskEstimate: Sendable {
    package let value: Double
    /// Of the value; 0 where that is exact.
    package let standardError: Double
    package let gradient: [Double]
    /// Of each entry of the gradient.
    package let gradientErrors: [Double]
    /// M; nil in closed form.
    package let samples: Int?

    init(exact risk: (value: Double, gradient: [Double])) {
        (value, gradient, standardError, samples) = (risk.value, risk.gradient, 0, nil)
        gradientErrors = Array(repeating: 0, count: gradient.count)
    }

    init(_ means: BlockMeans, samples: Int) {
        let (values, errors) = (means.values, means.standardErrors)
        (value, standardError) = (values[0], errors[0])
        (gradient, gradientErrors) = (Array(values.dropFirst()), Array(errors.dropFirst()))
        self.samples = samples
    }
}

/// Means over blocks of equal size, and how far they scatter.
struct BlockMeans {
    private(set) var values: [Double]
    /// Σ (block − mean)² of each, by Welford's update, which does not cancel.
    private var squares: [Double]
    private var count = 0.0

    init(_ entries: Int) {
        values = Array(repeating: 0, count: entries)
        squares = values
    }

    mutating func add(_ block: [Double]) {
        count += 1
        for i in values.indices {
            let change = block[i] - values[i]
            values[i] += change / count
            squares[i] += change * (block[i] - values[i])
        }
    }

    /// √(Σ (block − mean)²/(B (B − 1))) of B blocks.
    var standardErrors: [Double] { squares.map { ($0 / (count * (count - 1))).squareRoot() } }
}
