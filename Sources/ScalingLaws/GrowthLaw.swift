import RealModule
import Statistics

/// m* ∝ Π s^a over the sizes s of the problem, against growth that is exponential in one of them.
///
/// Each size is judged with a level for each combination of the others. Brackets and seeds tell the errors of m*, so that
/// its misfit alone can refute a law.
public struct GrowthLaw: Sendable {
    /// How m* depends on one size.
    public struct Factor: Sendable {
        /// Its name.
        public let size: String
        /// a, with its 99 % interval.
        public let exponent: Estimate
        /// k · range of s in m* ∝ s^a e^(k s): by how much an exponential part changes ln m* over the sizes.
        public let exponential: Estimate
        /// Whether m* is polynomial in this size.
        public let verdict: Verdict
        /// Why, in words.
        public let reason: String
    }

    /// One for each size with four values or more.
    public let factors: [Factor]
    /// Sizes with too few values, and why nothing is said of them.
    public let omitted: [String]
    /// Whether m* is polynomial in all sizes.
    public let verdict: Verdict
    /// Why, in words.
    public let reason: String

    /// An exponential times a power passes through any three values.
    public static let fewestValues = 4

    /// - Parameters:
    ///   - points: one for each place of the grid where m* was found.
    ///   - unknown: how many places have no m*, since it is beyond the widths that were tried or cells failed. Growth that
    ///     is too fast loses its largest widths first, so that nothing is polynomial while some are unknown.
    public init(_ points: [CriticalWidth], unknown: Int = 0) {
        let names = Set(points.flatMap(\.sizes.keys)).sorted()
        func count(_ name: String) -> Int { Set(points.compactMap { $0.sizes[name] }).count }
        let varied = names.filter { count($0) > 1 }
        let told = varied.filter { count($0) >= Self.fewestValues }
        omitted = varied.filter { !told.contains($0) }.map {
            "\($0): \(count($0)) values; with fewer than \(Self.fewestValues) a power and an exponential times a power are the same"
        }
        factors = told.compactMap { name in Self.factor(name, GrowthSeries(points, over: name)) }
        let missing = unknown > 0 ? ["m* is unknown at \(unknown) of \(points.count + unknown) places"] : []
        guard !factors.isEmpty else {
            verdict = .cannotTell
            let few = "\(points.count) critical widths; at least \(Self.fewestValues) values of a size are needed"
            reason = ([few] + omitted + missing).joined(separator: "; ")
            return
        }
        verdict = Verdict.all(factors.map(\.verdict) + (omitted + missing).map { _ in .cannotTell })
        let deciding = factors.filter { [verdict] in $0.verdict == verdict }.map(\.reason)
        reason = (deciding + (verdict == .cannotTell ? omitted + missing : [])).joined(separator: "; ")
    }

    /// Places of the grid that a verdict needs, in words.
    /// - Parameter values: how many each size has.
    package static func needs(_ values: [(size: String, count: Int)]) -> String {
        let few = values.filter { $0.count < fewestValues }.map { "\($0.size) has \($0.count)" }
        return "a law of growth needs \(fewestValues) values of each size or more"
            + (values.isEmpty
                ? ": critical_width.over names no size" : few.isEmpty ? "" : ": " + few.joined(separator: ", "))
    }

    private static func factor(_ name: String, _ series: GrowthSeries) -> Factor? {
        guard let power = series.power, let both = series.both else { return nil }
        let sign = series.isInverse ? -1.0 : 1
        let a = sign * power.parameters[0]
        // Where the law fits badly its exponent is off by as much.
        let quantile = series.quantile
        let stretch = quantile * Double.sqrt(max(1, power.misfit / Double(max(power.freedom, 1))))
        let exponent = Estimate(
            value: a, interval: (a - stretch * power.errors[0])...(a + stretch * power.errors[0]))
        let part = both.parameters[1] * series.ranges.plain
        let error = quantile * both.errors[1] * series.ranges.plain
        let exponential = Estimate(value: part, interval: (part - error)...(part + error))
        let (verdict, reason) = judge(name, series, power, exponent, exponential)
        return Factor(size: name, exponent: exponent, exponential: exponential, verdict: verdict, reason: reason)
    }

    private static func judge(
        _ name: String, _ series: GrowthSeries, _ power: GrowthSeries.Fit, _ exponent: Estimate, _ exponential: Estimate
    ) -> (Verdict, String) {
        let law = "m* ∝ \(name)^\(shown(exponent.value))"
        guard series.hasKnownNoise else {
            return (.cannotTell, "\(law), but with fewer than 3 seeds the noise of m* is not known")
        }
        guard series.isConsistent else {
            return (
                .cannotTell,
                "\(law), but m* scatters more than brackets and seeds explain, or sizes do not act one by one"
            )
        }
        if let found = exponentialGrowth(series, exponential) {
            return (
                .fails,
                "m* is exponential in \(name): no polynomial 1 + (s/c)^p with p ≤ 6 fits (misfit \(shown(found.polynomial)), "
                    + "that of an exponential \(shown(found.exponential)))"
            )
        }
        if exponent.interval.contains(0) { return (.cannotTell, "m* does not grow visibly with \(name): \(law)") }
        guard power.fits, exponential.interval.lowerBound <= 0 else {
            return (.cannotTell, "\(law) fits badly: m* is no power of \(name), and a polynomial may be")
        }
        let growth = abs(exponent.value) * series.ranges.logarithm
        guard exponential.interval.upperBound <= growth / 2 else {
            return (.cannotTell, "\(law), but half of its growth or more may be exponential in \(name)")
        }
        let isFalling = (exponent.value < 0) != series.isInverse
        return (
            .holds,
            isFalling ? "m* does not grow with \(name): \(law)" : "\(law), at most half of its growth is exponential"
        )
    }

    /// The misfits of polynomials and of an exponential, where only the exponential fits; nil otherwise. With or without a
    /// power beside it, it has to make most of the growth.
    private static func exponentialGrowth(
        _ series: GrowthSeries, _ part: Estimate
    ) -> (polynomial: Double, exponential: Double)? {
        guard let both = series.both, let plain = series.exponential, part.interval.lowerBound > 0 else { return nil }
        // A power below 0 would make an exponential of what merely bends.
        let fit = both.parameters[0] >= 0 ? both : plain
        let power = max(both.parameters[0], 0) * series.ranges.logarithm
        let polynomial = series.polynomial
        // Misfits are in units of the variance. As much as Student's quantile exceeds the normal one, squared, that may be
        // too small.
        let doubt = Double.pow(series.quantile / 2.576, 2)
        guard fit.fits, part.value >= power, polynomial.freedom >= 1,
            polynomial.misfit > doubt * GrowthSeries.quantile(0.999, polynomial.freedom),
            polynomial.misfit >= fit.misfit + 10 * doubt
        else { return nil }
        return (polynomial.misfit, fit.misfit)
    }
}
