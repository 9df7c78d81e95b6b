import RealModule
import Statistics

/// ln m* over one size, with a level of its own for each combination of the other sizes, whose laws then don't matter.
struct GrowthSeries {
    /// The size, or its inverse for separations, which are hard where they are small.
    private let u: [Double]
    private let y: [Double]
    /// Which combination of the other sizes each point has, and which value of this one.
    private let slices: [Int]
    private let values: [Int]
    private let sliceCount: Int
    private let valueCount: Int
    let isInverse: Bool
    /// Variance of a point: what brackets and seeds say, or what is seen where that is more.
    private let variance: Double
    /// Whether the points scatter by no more than their errors around the most general law whose sizes act one by one.
    let isConsistent: Bool
    /// Whether the variance is known: from seeds, or from four degrees of freedom.
    let hasKnownNoise: Bool
    /// Degrees of freedom of the variance: seeds beyond the first of each point, or those of the scatter.
    private let freedom: Int

    init(_ points: [CriticalWidth], over name: String) {
        isInverse = name.hasSuffix("separation")
        let sizes = points.map { $0.sizes[name] ?? .nan }
        u = sizes.map { [isInverse] in isInverse ? 1 / $0 : $0 }
        y = points.map(\.logarithm)
        (values, valueCount) = Self.indices(sizes)
        (slices, sliceCount) = Self.indices(
            points.map { point in
                point.sizes.filter { $0.key != name }.sorted { $0.key < $1.key }.map(\.value)
            })
        let known = points.reduce(0) { $0 + $1.variance } / Double(max(points.count, 1))
        // A mean for each value and each combination is the most general law that separates.
        let free = points.count - valueCount - sliceCount + 1
        let rest = Self.additiveSquares(y, values, valueCount, slices, sliceCount)
        isConsistent = free < 1 || rest <= known * Self.quantile(0.999, free) || known == 0
        let seen = free >= 4 ? rest / Double(free) : 0
        variance = max(known, seen, 1e-12)
        let haveSeeds = points.allSatisfy { $0.seedError != nil }
        hasKnownNoise = free >= 4 || haveSeeds
        freedom = haveSeeds && known >= seen ? points.reduce(0) { $0 + ($1.seedError?.seeds ?? 1) - 1 } : free
    }

    /// How many standard errors a 99 % interval has to each side.
    var quantile: Double { StudentT(freedom: freedom).quantile(0.99) }

    /// The range of ln u, and that of u.
    var ranges: (logarithm: Double, plain: Double) {
        guard let low = u.min(), let high = u.max() else { return (0, 0) }
        return (Double.log(high / low), high - low)
    }

    /// A law that is linear in its parameters, fitted.
    struct Fit {
        let parameters: [Double]
        let errors: [Double]
        /// Misfit in units of the variance.
        let misfit: Double
        let freedom: Int
        /// Whether a true law would have a larger misfit once in a hundred times or more often.
        var fits: Bool { freedom < 1 || misfit <= GrowthSeries.quantile(0.99, freedom) }
    }

    /// y = level + Σ parameter · column, by least squares within the slices.
    func fit(_ columns: [[Double]]) -> Fit? {
        let x = columns.map(centered)
        let target = centered(y)
        let design = target.indices.map { i in x.map { $0[i] } }
        let freedom = target.count - sliceCount - columns.count
        guard let solved = LinearFit(design, target) else { return nil }
        return Fit(
            parameters: solved.coefficients, errors: solved.factors.map { Double.sqrt($0 * variance) },
            misfit: solved.squares / variance, freedom: freedom)
    }

    /// m* ∝ u^a, m* ∝ e^(k u), and the product of both.
    var power: Fit? { fit([u.map { Double.log($0) }]) }
    var exponential: Fit? { fit([u]) }
    var both: Fit? { fit([u.map { Double.log($0) }, u]) }

    /// The least misfit of polynomials: 1 + (u/c)^p, and max(1, (u/c)^p), with p up to 6 in steps of a half.
    /// Cost: 12 · 40 · 2 passes over the points.
    var polynomial: Fit {
        let (low, high) = (u.min() ?? 1, u.max() ?? 1)
        let scales = (0..<40).map { low / 8 * Double.pow(16 * high / low, Double($0) / 39) }
        let target = centered(y)
        var least = power?.misfit ?? .infinity
        for p in stride(from: 0.5, through: 6, by: 0.5) {
            for scale in scales {
                let steep = u.map { p * Double.log($0 / scale) }
                for shape in [steep.map { Double.log(onePlus: Double.exp($0)) }, steep.map { max($0, 0) }] {
                    let rest = zip(target, centered(shape)).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                    least = min(least, rest / variance)
                }
            }
        }
        return Fit(parameters: [], errors: [], misfit: least, freedom: y.count - sliceCount - 2)
    }

    private func centered(_ x: [Double]) -> [Double] {
        let means = Self.means(x, slices, sliceCount)
        return zip(x, slices).map { $0 - means[$1] }
    }

    private static func means(_ x: [Double], _ groups: [Int], _ count: Int) -> [Double] {
        var (sums, counts) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
        for (value, group) in zip(x, groups) {
            sums[group] += value
            counts[group] += 1
        }
        return zip(sums, counts).map { $0 / max($1, 1) }
    }

    /// Σ of squares around the best sum of a function of one group and one of the other, by alternating means.
    private static func additiveSquares(
        _ y: [Double], _ a: [Int], _ countA: Int, _ b: [Int], _ countB: Int
    ) -> Double {
        var rest = y
        // Exact after one round on a full grid; a grid with holes takes some more.
        for _ in 0..<50 {
            let first = means(rest, a, countA)
            rest = zip(rest, a).map { $0 - first[$1] }
            let second = means(rest, b, countB)
            rest = zip(rest, b).map { $0 - second[$1] }
        }
        return rest.reduce(0) { $0 + $1 * $1 }
    }

    private static func indices<T: Hashable>(_ values: [T]) -> ([Int], Int) {
        var known: [T: Int] = [:]
        let indices = values.map { value -> Int in
            if let index = known[value] { return index }
            known[value] = known.count
            return known.count - 1
        }
        return (indices, known.count)
    }

    /// Quantile of χ² by its cube root (Wilson and Hilferty 1931), within 2 % for the two levels that are used.
    static func quantile(_ level: Double, _ freedom: Int) -> Double {
        let normal = level > 0.995 ? 3.0902 : 2.3263
        let n = Double(freedom)
        let root = 1 - 2 / (9 * n) + normal * Double.sqrt(2 / (9 * n))
        return n * root * root * root
    }
}
