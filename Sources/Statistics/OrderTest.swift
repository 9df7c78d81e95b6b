import RealModule

/// Whether numbers fall from one group to the next, by the test of Jonckheere and Terpstra, summed over strata.
///
/// J counts the pairs of numbers of different groups of a stratum of which the later one is smaller, ties as half. If all groups of a
/// stratum have one distribution, J is nearly normal, with mean and variance of Hollander, Wolfe, Chicken 2014, section 6.2, ties
/// taken into account. Cost: N² comparisons.
public struct OrderTest: Sendable {
    /// J over the number of pairs: 1/2 without an order, 1 where each later number is smaller.
    public let share: Double
    /// The probability of a J so large, or so small, without an order; 1 where nothing differs.
    public let falls, rises: Double

    /// - Parameter strata: groups in their order.
    /// - Returns: nil where there are no two groups with numbers, or one is not finite.
    public init?(_ strata: [[[Double]]]) {
        guard strata.allSatisfy({ $0.joined().allSatisfy(\.isFinite) }) else { return nil }
        var (smaller, pairs, variance) = (0.0, 0.0, 0.0)
        for groups in strata {
            for (i, earlier) in groups.enumerated() {
                for later in groups[(i + 1)...] {
                    pairs += Double(earlier.count * later.count)
                    for a in earlier { smaller += later.reduce(0) { $0 + ($1 < a ? 1 : $1 == a ? 0.5 : 0) } }
                }
            }
            variance += Self.variance(groups)
        }
        guard pairs > 0 else { return nil }
        share = smaller / pairs
        let z = variance > 0 ? (smaller - pairs / 2) / variance.squareRoot() : 0
        falls = variance > 0 ? Double.erfc(z / Double.sqrt(2)) / 2 : 1
        rises = variance > 0 ? Double.erfc(-z / Double.sqrt(2)) / 2 : 1
    }

    private static func variance(_ groups: [[Double]]) -> Double {
        let sizes = groups.map { Double($0.count) }
        let n = sizes.reduce(0, +)
        let ties = Dictionary(grouping: groups.joined()) { $0 }.values.map { Double($0.count) }
        func sum(_ counts: [Double], _ f: (Double) -> Double) -> Double { counts.reduce(0) { $0 + f($1) } }
        let cubic = { (t: Double) in t * (t - 1) * (2 * t + 5) }
        let triples = { (t: Double) in t * (t - 1) * (t - 2) }
        let twos = { (t: Double) in t * (t - 1) }
        guard n > 1 else { return 0 }
        return (cubic(n) - sum(sizes, cubic) - sum(ties, cubic)) / 72
            + (n > 2 ? sum(sizes, triples) * sum(ties, triples) / (36 * triples(n)) : 0)
            + sum(sizes, twos) * sum(ties, twos) / (8 * twos(n))
    }
}

extension Estimate {
    /// A statistic of k independent runs with its 99 % interval, by the jackknife: the mean of k θ − (k − 1) θ_{−i} and Student's t
    /// (Tukey 1958).
    ///
    /// - Parameter statistic: of all runs, or of all but one.
    /// - Returns: nil for fewer than three runs, or a statistic that is not finite.
    package init?(jackknifeOf count: Int, _ statistic: (_ without: Int?) -> Double?) {
        guard count >= 3, let whole = statistic(nil) else { return nil }
        let k = Double(count)
        let parts = (0..<count).compactMap { i in statistic(i).map { k * whole - (k - 1) * $0 } }
        guard whole.isFinite, parts.count == count, parts.allSatisfy(\.isFinite) else { return nil }
        let mean = parts.reduce(0, +) / k
        let variance = parts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (k - 1)
        let length = StudentT(freedom: count - 1).quantile(0.99) * (variance / k).squareRoot()
        self.init(value: whole, interval: (whole - length)...(whole + length))
    }
}
