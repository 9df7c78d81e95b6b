import Console
import Foundation
import ScalingLaws
import Statistics
import Sweeps

/// A measured number beside the published one. The two intervals that are printed decide.
package struct StudyComparison: Sendable {
    package let quantity: String
    package let measured: Estimate?
    /// The published number; nil where the paper makes a claim without one.
    package let published: Estimate?
    /// That claim, in a word or two; empty beside a number.
    package let claim: String
    /// Why there is no measured number, or what was found beside a claim.
    private let refusal: String
    /// Intervals longer than this agree with anything.
    private let longest: Double
    /// Numbers that are closer than this do not differ.
    private let resolution: Double
    /// Judged as a sweep judges it, beside theory.
    private let judged: Verdict?

    /// An interval longer than this tells no exponent from another.
    static let longestInterval = 0.5

    /// The mean exponent beside a published one, of the same widths.
    package init(_ quantity: String, _ law: Result<PowerLaw, PowerLaw.Refusal>?, published: Estimate) {
        self.quantity = quantity
        (self.published, claim) = (published, "")
        (longest, resolution, judged) = (Self.longestInterval, ScalingVerdict.resolution, nil)
        switch law {
        case .success(let law): (measured, refusal) = (law.mean, "")
        case .failure(let why): (measured, refusal) = (nil, why.description)
        case nil: (measured, refusal) = (nil, "not measured")
        }
    }

    /// An exponent beside the typical one, which belongs to widths beyond those measured: by the verdict of its sweep.
    package init?(_ quantity: String, typicalOf entry: SweepFits.Entry) {
        guard let typical = entry.expected?.typical else { return nil }
        self.quantity = quantity
        claim = ""
        published = Estimate(value: (typical.lowerBound + typical.upperBound) / 2, interval: typical)
        (longest, resolution) = (Self.longestInterval, ScalingVerdict.resolution)
        switch entry.law {
        case .success(let law): (measured, refusal, judged) = (law.exponent, "", entry.verdict?.typical)
        case .failure(let why): (measured, refusal, judged) = (nil, why.description, nil)
        }
    }

    /// A number with its interval over seeds beside a published one.
    /// - Parameter scale: the largest number of its kind that was published.
    package init(_ quantity: String, _ measured: Estimate?, published: Estimate, scale: Double) {
        self.quantity = quantity
        (self.published, claim) = (published, "")
        self.measured = measured
        (longest, resolution, judged) = (max(abs(published.value) / 2, abs(scale) / 10), 0, nil)
        refusal = measured == nil ? "not measured" : ""
    }

    /// An exponent that is no mean one of a law, such as that of means over seeds.
    package init(_ quantity: String, exponent: Estimate?, published: Estimate) {
        (self.quantity, measured, self.published, claim) = (quantity, exponent, published, "")
        (longest, resolution, judged) = (Self.longestInterval, ScalingVerdict.resolution, nil)
        refusal = exponent == nil ? "not measured" : ""
    }

    /// A claim in words beside what was found.
    /// - Parameter found: follows the verdict.
    package init(_ quantity: String, claim: String, _ measured: Estimate?, _ verdict: Verdict, _ found: String) {
        (self.quantity, self.claim, self.measured) = (quantity, claim, measured)
        (published, refusal, judged) = (nil, found, verdict)
        (longest, resolution) = (.infinity, 0)
    }

    /// So many that intervals which are apart look apart.
    package var decimals: Int { published.map { abs($0.value) < 0.05 && longest < 0.05 } ?? false ? 5 : 3 }

    /// What the paper has, for a table.
    /// - Parameter number: an estimate in digits.
    package func publishedText(_ number: (Estimate) -> String) -> String { published.map(number) ?? claim }

    /// Whether both intervals have a point in common, and are short.
    package var verdict: Verdict {
        if let judged { return judged }
        guard let measured, let published else { return .cannotTell }
        let intervals = [measured.interval, published.interval]
        guard intervals[0].overlaps(intervals[1]) else { return distance > resolution ? .fails : .cannotTell }
        return intervals.allSatisfy { $0.upperBound - $0.lowerBound <= longest } ? .holds : .cannotTell
    }

    /// Between the intervals; 0 where they overlap.
    private var distance: Double {
        guard let interval = measured?.interval, let published else { return .nan }
        return max(
            interval.lowerBound - published.interval.upperBound, published.interval.lowerBound - interval.upperBound, 0)
    }

    /// The verdict in words, with the difference where there is one.
    package var words: String {
        guard let published else { return "\(Self.word(verdict)): \(refusal)" }
        guard let measured else { return "can't tell: \(refusal)" }
        switch verdict {
        case .holds: return "agrees"
        case .fails: return "differs by \(SweepFits.shown(measured.value - published.value, decimals: decimals))"
        case .cannotTell:
            if judged != nil { return "can't tell: noise or a bend leaves the exponent of the widest open" }
            if distance > 0 { return "can't tell: intervals are apart by \(SweepFits.shown(distance)) only" }
            return "can't tell: an interval is too long"
        }
    }

    private static func word(_ verdict: Verdict) -> String {
        switch verdict {
        case .holds: "agrees"
        case .fails: "differs"
        case .cannotTell: "can't tell"
        }
    }
}

extension Estimate {
    /// A number that was read off a figure, to 1 % of its axis.
    package static func digitized(_ value: Double, scale: Double) -> Estimate {
        Estimate(value: value, interval: (value - 0.01 * abs(scale))...(value + 0.01 * abs(scale)))
    }

    /// A number that is given as it stands.
    package static func exact(_ value: Double) -> Estimate { Estimate(value: value, interval: value...value) }

    /// The power law through published points.
    package static func slope(_ points: [(size: Double, value: Double)]) -> Estimate {
        do {
            return try PowerLaw(points.map { ScalingPoint(size: $0.size, value: $0.value, seed: 0) }).mean
        } catch {
            return Estimate(value: .nan, interval: -Double.infinity...Double.infinity)
        }
    }
}
