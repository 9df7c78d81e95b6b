import RealModule

/// One measured cell: a size, what was measured there, and the seed it was measured with.
public struct ScalingPoint: Sendable, Equatable {
    public let size: Double
    public let value: Double
    public let seed: Int

    public init(size: Double, value: Double, seed: Int) {
        self.size = size
        self.value = value
        self.seed = seed
    }
}

/// value = C_seed · size^p, fitted in logarithms: each seed has a level of its own, all share the exponent p.
public struct PowerLaw: Sendable {
    /// p = d ln value/d ln size, with its 95 % interval.
    public let exponent: Estimate
    /// Mean of ln C over the seeds.
    public let logLevel: Double
    /// ln value − fit at each point, in the order of the points.
    public let residuals: [Double]
    public let points: [ScalingPoint]
    /// The exponent when the narrowest, the two narrowest, … sizes are left out, as long as three sizes stay.
    public let withoutNarrowest: [(smallest: Double, exponent: Double)]

    /// Why points do not give an exponent.
    public struct Refusal: Error, Sendable, CustomStringConvertible, Equatable {
        public let description: String
        public init(_ description: String) { self.description = description }
    }

    /// Sizes that a fit needs, and their least ratio of largest to smallest.
    public static let fewestSizes = 4
    public static let leastSpan = 4.0
    public static let level = 0.95
    /// From how many seeds on intervals come from seeds, and not from cells.
    static let fewestClusters = 5

    /// - Parameter points: those not positive and finite are left out.
    /// - Throws: `Refusal` for more than a tenth of zeros, fewer than 4 sizes, sizes within a factor of 4, or no more than 2 degrees of freedom.
    public init(_ points: [ScalingPoint]) throws {
        let used = points.filter { $0.value > 0 && $0.value.isFinite && $0.size > 0 }
        let zeros = points.filter { $0.value == 0 }.count
        guard 10 * zeros <= points.count else {
            throw Refusal("\(zeros) of \(points.count) values are zero, which no power is")
        }
        let sizes = Set(used.map(\.size)).sorted()
        guard sizes.count >= Self.fewestSizes, let least = sizes.first, let most = sizes.last else {
            throw Refusal("\(sizes.count) sizes with a value, \(Self.fewestSizes) at least")
        }
        guard most >= Self.leastSpan * least else {
            throw Refusal(
                "sizes from \(shown(least)) to \(shown(most)), a factor of \(shown(Self.leastSpan)) at least")
        }
        let fit = try Self.fit(used)
        let clusters = Self.seedIndices(used)
        guard let interval = fit.interval(of: 0, Self.errors(clusters), level: Self.level) else {
            throw Refusal("\(used.count) points do not tell an error; more seeds or sizes")
        }
        exponent = Estimate(value: fit.coefficients[0], interval: interval)
        logLevel = clusters.reduce(0.0) { $0 + fit.coefficients[1 + $1] } / Double(clusters.count)
        residuals = fit.residuals
        self.points = used
        withoutNarrowest = sizes.dropFirst().dropLast(2).compactMap { smallest in
            do {
                return (smallest, try Self.fit(used.filter { $0.size >= smallest }).coefficients[0])
            } catch { return nil }
        }
    }

    /// Seeds carry the interval where there are enough of them, so that whatever the cells of a seed share is in it; else
    /// cells do, each with a variance of its own, which single points of a single seed cannot tell.
    private static func errors(_ clusters: [Int]) -> LinearFit.Errors {
        let seeds = (clusters.max() ?? 0) + 1
        return seeds >= fewestClusters ? .clustered(clusters) : seeds > 1 ? .different : .alike
    }

    /// The value of the fit at a size, for the mean of the seeds.
    public func value(at size: Double) -> Double { Double.exp(logLevel + exponent.value * Double.log(size)) }

    /// The interval, widened to what leaving out the narrowest sizes makes of the exponent: what is wrong
    /// with the law itself, beside noise. At most half of the sizes are left out for it.
    public var systematic: ClosedRange<Double> {
        let half = withoutNarrowest.prefix(max(Set(points.map(\.size)).count / 2, 1)).map(\.exponent)
        let low = min(exponent.interval.lowerBound, half.min() ?? .infinity)
        return low...max(exponent.interval.upperBound, half.max() ?? -.infinity)
    }

    /// ln value on ln size and a column for each seed.
    private static func fit(_ points: [ScalingPoint]) throws -> LinearFit {
        let clusters = seedIndices(points)
        let count = (clusters.max() ?? 0) + 1
        let design = zip(points, clusters).map { point, cluster in
            [Double.log(point.size)] + (0..<count).map { $0 == cluster ? 1.0 : 0 }
        }
        guard let fit = LinearFit(design, points.map { Double.log($0.value) }) else {
            throw Refusal("\(points.count) points of \(count) seeds leave no degree of freedom")
        }
        return fit
    }

    private static func seedIndices(_ points: [ScalingPoint]) -> [Int] {
        let seeds = Set(points.map(\.seed)).sorted()
        return points.map { point in seeds.firstIndex(of: point.seed) ?? 0 }
    }
}
