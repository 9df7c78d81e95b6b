import RealModule
import Statistics

/// value = C_seed · size^p, fitted in logarithms, with what is wrong with such a law at these sizes.
///
/// Each seed has a level of its own; all share the exponent p.
public struct PowerLaw: Sendable {
    /// p = d ln value/d ln size, the mean over all sizes, with the interval that decides.
    ///
    /// The interval begins as the 99 % interval of noise. It is widened so that it holds the exponents without the
    /// narrowest sizes, up to half of them, and, where the series visibly bends, the exponent that comes next
    /// (`ahead`). So it covers what is wrong with the law itself, not only noise.
    public let exponent: Estimate
    /// The mean exponent with the 99 % interval of noise alone.
    public let mean: Estimate
    /// The local exponent by a parabola, beyond the widest size by half of the range of ln size; NaN where there are too
    /// few points.
    public let ahead: Double
    /// d p/d log₁₀ size by the same parabola, with its 90 % interval, since a bend is suspected before it is proved.
    public let bend: Estimate
    /// Mean of ln C over the seeds.
    public let logLevel: Double
    /// ln value − fit at each point, in the order of the points.
    public let residuals: [Double]
    /// The points that were fitted.
    public let points: [ScalingPoint]
    /// Sizes that were left out, since values there are zero or at the floor of the arithmetic.
    public let atFloor: [Double]
    /// The exponent when the narrowest, the two narrowest, … sizes are left out, as long as three sizes stay.
    public let withoutNarrowest: [(smallest: Double, exponent: Double)]

    /// Range of log₁₀ size.
    public let decades: Double
    /// What a factor ln size adds to the exponent at these sizes: 1.25/ln of the mean size.
    public let logarithm: Double

    /// Why points do not give an exponent.
    public struct Refusal: Error, Sendable, CustomStringConvertible, Equatable {
        /// Why, in words.
        public let description: String
        package init(_ description: String) { self.description = description }
    }

    /// Sizes that a fit needs.
    public static let fewestSizes = 4
    /// Least ratio of the largest size to the smallest.
    public static let leastSpan = 4.0
    /// Probability that an interval covers the exponent.
    public static let level = 0.99
    /// The same for a bend.
    public static let bendLevel = 0.9

    /// - Parameter points: values that are not finite are left out, and so are sizes with a value of zero or at the floor
    ///   of the arithmetic.
    /// - Throws: `Refusal` for fewer than 4 sizes, sizes within a factor of 4, or no more than 2 degrees of freedom.
    /// Cost: for fewer than five seeds two bootstraps, 999 fits each; else one fit.
    public init(_ points: [ScalingPoint]) throws {
        let measured = points.filter { $0.value >= 0 && $0.value.isFinite && $0.size > 0 }
        atFloor = Set(measured.filter { $0.value <= $0.floor || $0.value == 0 }.map(\.size)).sorted()
        let lost = Set(atFloor)
        let used = measured.filter { !lost.contains($0.size) }
        let sizes = Set(used.map(\.size)).sorted()
        guard sizes.count >= Self.fewestSizes, let least = sizes.first, let most = sizes.last else {
            throw Refusal(
                "\(sizes.count) sizes with a value, \(Self.fewestSizes) at least" + Self.lostNote(measured, lost))
        }
        guard most >= Self.leastSpan * least else {
            throw Refusal(
                "sizes from \(shown(least)) to \(shown(most)), a factor of \(shown(Self.leastSpan)) at least"
                    + Self.lostNote(measured, lost))
        }
        let fit = try SeriesFit(used)
        guard let noise = fit.estimate(.slope, level: Self.level) else {
            throw Refusal("\(used.count) points do not tell an error; more seeds or sizes")
        }
        mean = noise
        decades = Double.log10(most / least)
        logarithm = 1.25 / max(sizes.reduce(0) { $0 + Double.log($1) } / Double(sizes.count), 1e-9)
        let place = Double.log(most) + Double.log(most / least) / 2
        (ahead, bend) = Self.parabola(used, at: place)
        logLevel = fit.level
        residuals = fit.residuals
        self.points = used
        withoutNarrowest = sizes.dropFirst().dropLast(2).compactMap { smallest in
            do {
                return (smallest, try SeriesFit(used.filter { $0.size >= smallest }).value)
            } catch { return nil }
        }
        let half = withoutNarrowest.prefix(sizes.count / 2).map(\.exponent)
        let others = half + (Self.isSeen(bend) ? [ahead] : [])
        let (low, high) = (noise.interval.lowerBound, noise.interval.upperBound)
        exponent = Estimate(
            value: noise.value, interval: others.reduce(low) { min($0, $1) }...others.reduce(high) { max($0, $1) })
    }

    /// The value of the fit at a size, for the mean of the seeds.
    public func value(at size: Double) -> Double { Double.exp(logLevel + mean.value * Double.log(size)) }

    /// Whether a bend is seen.
    var isBent: Bool { Self.isSeen(bend) }

    /// Whether 0 is outside of the 80 % interval, which is 0.78 of that for 90 %.
    private static func isSeen(_ bend: Estimate) -> Bool {
        abs(bend.value) > 0.78 * (bend.interval.upperBound - bend.interval.lowerBound) / 2
    }

    /// The local exponent for all bends of their interval, so many ranges of ln size beyond the middle: 1/2 is the
    /// widest size.
    func local(ranges: Double) -> ClosedRange<Double> {
        let way = decades * ranges
        return (mean.value + way * bend.interval.lowerBound)...(mean.value + way * bend.interval.upperBound)
    }

    /// What lies at the floor, in words; nil where nothing does.
    public var floorNote: String? {
        atFloor.isEmpty
            ? nil
            : "left out, at the floor of the arithmetic or of whole steps and units, or zero: "
                + atFloor.map(shown).joined(separator: ", ")
    }

    private static func lostNote(_ measured: [ScalingPoint], _ lost: Set<Double>) -> String {
        guard !lost.isEmpty else { return "" }
        let below = measured.filter { $0.value <= $0.floor || $0.value == 0 }
        let zeros = below.filter { $0.value == 0 }.count
        let floor = below.map(\.floor).max() ?? 0
        let why =
            floor > 0
            ? "at the floor of the arithmetic or of whole steps and units, \(shown(floor)) or below"
            : "zero, which no power is"
        return "; \(below.count) of \(measured.count) values are \(why)"
            + (floor > 0 && zeros > 0 ? ", \(zeros) of them zero" : "")
    }

    private static func parabola(_ points: [ScalingPoint], at place: Double) -> (ahead: Double, bend: Estimate) {
        let decade = 2 * Double.log(10)
        do {
            let fit = try SeriesFit(points, bentAt: place)
            if let bend = fit.estimate(.bend, level: Self.bendLevel) {
                let range = (decade * bend.interval.lowerBound)...(decade * bend.interval.upperBound)
                return (fit.value, Estimate(value: decade * bend.value, interval: range))
            }
        } catch {
            // Too few points for a parabola: nothing is known of a bend.
        }
        return (.nan, Estimate(value: .nan, interval: -Double.infinity...Double.infinity))
    }
}
