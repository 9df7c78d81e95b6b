import RealModule

/// The width that is just enough at one place of the grid: between the widest that failed and the narrowest that
/// passed.
public struct CriticalWidth: Sendable {
    /// Sizes of the problem by name: number of samples, depth, separation.
    public let sizes: [String: Double]
    /// m*, the narrowest width that passed.
    public let width: Double
    /// The widest width below it, which failed.
    public let failed: Double
    /// The standard error of ln m* that comes from the choice of seeds.
    public struct SeedError: Sendable {
        /// The error, of the natural logarithm.
        public let value: Double
        /// How many seeds it is from.
        public let seeds: Int

        /// An error from a number of seeds.
        public init(value: Double, seeds: Int) {
            self.value = value
            self.seeds = seeds
        }
    }

    /// The error by the choice of seeds; nil where it is not known.
    public let seedError: SeedError?
    /// The error of ln m* for another reason: that passing comes and goes with the width.
    public let otherError: Double

    /// A critical width between the widest that failed and the narrowest that passed.
    public init(
        sizes: [String: Double], width: Double, failed: Double, seedError: SeedError? = nil, otherError: Double = 0
    ) {
        self.sizes = sizes
        self.width = width
        self.failed = failed
        self.seedError = seedError
        self.otherError = otherError
    }

    /// ln of the middle of the bracket.
    var logarithm: Double { (Double.log(width) + Double.log(failed)) / 2 }

    /// Variance of ln m*: that of a number anywhere in the bracket, of seeds, and of the other error.
    var variance: Double {
        let bracket = Double.log(width / failed)
        return bracket * bracket / 12 + (seedError?.value ?? 0) * (seedError?.value ?? 0) + otherError * otherError
    }

    /// Standard error of ln m* from the widths that single seeds need: 1.5 s/√k. A quantile such as four seeds of five,
    /// which a critical width asks for, has an error 1.5 times that of the mean.
    /// - Parameter logarithms: ln of the width that is just enough for each seed.
    /// - Returns: nil for fewer than three seeds.
    public static func seedError(_ logarithms: [Double]) -> SeedError? {
        guard logarithms.count >= 3 else { return nil }
        let count = Double(logarithms.count)
        let mean = logarithms.reduce(0, +) / count
        let variance = logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        return SeedError(value: 1.5 * Double.sqrt(variance / count), seeds: logarithms.count)
    }
}
