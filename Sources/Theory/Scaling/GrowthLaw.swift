import RealModule

/// The width that is just enough at one place of the grid: between the widest that failed and the narrowest that passed.
public struct CriticalWidth: Sendable {
    /// Sizes of the problem by name: number of samples, depth, separation.
    public let sizes: [String: Double]
    /// m*, the narrowest width that passed.
    public let width: Double
    /// The widest width below it, which failed.
    public let failed: Double

    public init(sizes: [String: Double], width: Double, failed: Double) {
        self.sizes = sizes
        self.width = width
        self.failed = failed
    }

    /// ln of the middle of the bracket.
    var logarithm: Double { (Double.log(width) + Double.log(failed)) / 2 }
    /// Standard deviation of a number that lies anywhere in the bracket.
    var deviation: Double { (Double.log(width) - Double.log(failed)) / Double.sqrt(12) }
}

/// m* ∝ Π s^a over the sizes s of the problem, against growth that is exponential in one of them.
public struct GrowthLaw: Sendable {
    public struct Factor: Sendable {
        public let size: String
        /// a, with its 95 % interval.
        public let exponent: Estimate
        /// BIC of the best law that is exponential in this size minus that of the best with a power of it: positive for
        /// a power.
        public let information: Double
        /// Whether m* is polynomial in this size.
        public let verdict: Verdict
        public let reason: String
    }

    /// One for each size with three values or more.
    public let factors: [Factor]
    /// Sizes with too few values, and why nothing is said of them.
    public let omitted: [String]
    public let verdict: Verdict
    public let reason: String

    /// A power and an exponential through two points are the same.
    static let fewestValues = 3

    /// - Parameters:
    ///   - points: one for each place of the grid where m* was found.
    ///   - unknown: places where it was not: beyond the widths that were tried, or with cells that failed. Growth that is
    ///     too fast loses its largest widths first, so that nothing is polynomial while some are unknown.
    public init(_ points: [CriticalWidth], unknown: Int = 0) {
        let names = Set(points.flatMap(\.sizes.keys)).sorted()
        let varied = names.filter { name in Set(points.compactMap { $0.sizes[name] }).count > 1 }
        let told = varied.filter { name in Set(points.compactMap { $0.sizes[name] }).count >= Self.fewestValues }
        omitted = varied.filter { !told.contains($0) }.map {
            "\($0): two values; a power law and an exponential through them are the same"
        }
        let y = points.map(\.logarithm)
        guard !told.isEmpty, let power = Self.fit(points, varied, exponential: [], y) else {
            factors = []
            verdict = .cannotTell
            reason =
                "\(points.count) critical widths; at least 3 values of a size and \(varied.count + 2) widths are needed"
            return
        }
        let noise = points.reduce(0) { $0 + $1.deviation * $1.deviation } / Double(points.count)
        factors = told.map { name in
            let index = varied.firstIndex(of: name) ?? 0
            let interval = power.interval(of: index, .alike, level: PowerLaw.level)
            let estimate = Estimate(
                value: power.coefficients[index], interval: interval ?? -Double.infinity...Double.infinity)
            let information = Self.information(points, varied, y, noise, name)
            return Self.factor(name, estimate, information)
        }
        let missing = unknown > 0 ? ["m* is unknown at \(unknown) of \(points.count + unknown) places"] : []
        verdict = Verdict.all(factors.map(\.verdict) + (omitted + missing).map { _ in .cannotTell })
        let deciding = factors.filter { [verdict] in $0.verdict == verdict }.map(\.reason)
        reason = (deciding + (verdict == .cannotTell ? omitted + missing : [])).joined(separator: "; ")
    }

    private static func factor(_ name: String, _ estimate: Estimate, _ information: Double) -> Factor {
        let power = "m* ∝ \(name)^\(shown(estimate.value))"
        let (verdict, reason): (Verdict, String) =
            if estimate.interval.upperBound == .infinity {
                (.cannotTell, "too few critical widths for an interval of \(power)")
            } else if estimate.interval.upperBound <= 0 {
                (.holds, "m* does not grow with \(name): \(power)")
            } else if information >= Marks.information.linear {
                (.holds, "\(power), a power better than an exponential by a BIC of \(shown(information))")
            } else if information <= -Marks.information.rival {
                (.fails, "an exponential in \(name) is better than \(power) by a BIC of \(shown(-information))")
            } else if estimate.interval.contains(0) {
                (.cannotTell, "m* does not grow visibly with \(name): \(power)")
            } else {
                (
                    .cannotTell,
                    "a power of \(name) and an exponential differ by a BIC of \(shown(abs(information))) only"
                )
            }
        return Factor(size: name, exponent: estimate, information: information, verdict: verdict, reason: reason)
    }

    /// BIC of the best law exponential in `name` minus the best with a power of it, whatever the others are.
    private static func information(
        _ points: [CriticalWidth], _ names: [String], _ y: [Double], _ noise: Double, _ name: String
    ) -> Double {
        let others = names.filter { $0 != name }
        var best = (power: Double.infinity, exponential: Double.infinity)
        for mask in 0..<(1 << others.count) {
            let chosen = Set(others.indices.filter { mask >> $0 & 1 == 1 }.map { others[$0] })
            func score(_ exponential: Set<String>) -> Double {
                guard let fit = fit(points, names, exponential: exponential, y) else { return .infinity }
                let n = Double(points.count)
                return n * Double.log(fit.squares / n + noise)
            }
            best.power = min(best.power, score(chosen))
            best.exponential = min(best.exponential, score(chosen.union([name])))
        }
        return best.exponential - best.power
    }

    private static func fit(
        _ points: [CriticalWidth], _ names: [String], exponential: Set<String>, _ y: [Double]
    ) -> LinearFit? {
        let columns = names.map { name -> [Double] in
            let values = points.map { point in
                let size = point.sizes[name] ?? .nan
                // Exponential growth in a separation is growth in its inverse.
                return !exponential.contains(name) ? Double.log(size) : isInverse(name) ? 1 / size : size
            }
            let mean = values.reduce(0, +) / Double(max(values.count, 1))
            return values.map { $0 - mean }
        }
        return LinearFit(points.indices.map { i in columns.map { $0[i] } + [1] }, y)
    }

    private static func isInverse(_ name: String) -> Bool { name.hasSuffix("separation") }
}
