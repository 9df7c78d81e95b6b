import Foundation
import HDF5
import Theory

/// An experiment of a paper: sweeps, the published numbers, and the comparison of both.
public struct Study: Sendable {
    /// `du-2019`, as on the command line.
    public let name: String
    public let title: String
    /// Paper and figure.
    public let source: String
    /// What differs from the published experiment, by default and with `--full`.
    public let remarks: [String]
    let parts: [Part]
    /// The lines of the comparison, from the results of the parts in their order.
    let compare: @Sendable ([SweepResults]) -> [StudyComparison]

    /// One sweep of a study.
    struct Part: Sendable {
        let name: String
        let configuration: @Sendable () -> [UInt8]
        /// What `--full` sets.
        let full: [String]

        func plan(of study: Study, isFull: Bool) throws -> SweepPlan {
            try SweepPlan(
                text: String(decoding: configuration(), as: UTF8.self), source: "study \(study.name), \(name)",
                defaultName: name, overrides: isFull ? full : [])
        }
    }

    /// In the order in which they are listed.
    public static let all = [allenZhu2019, du2019, lee2019]

    /// - Throws: `LabError` for a name that is none.
    public static func named(_ name: String) throws -> Study {
        if let found = all.first(where: { $0.name == name }) { return found }
        let near = nearest(to: name, among: all.map(\.name)).map { "did you mean \($0)? " } ?? ""
        throw LabError("study \(excerpt(name)): there is none: \(near)`ntklab study list` shows all")
    }
}

/// A measured number beside the published one.
public struct StudyComparison: Sendable {
    public let quantity: String
    public let measured: Estimate?
    /// What the measured number is taken to be at most off by: its interval, and what leaving out the narrowest widths
    /// makes of it.
    let tolerance: ClosedRange<Double>
    public let published: Estimate
    /// Why there is no measured number.
    let refusal: String
    /// An interval longer than this agrees with anything.
    private let longest: Double

    /// A fitted exponent beside a published one.
    package init(_ quantity: String, _ law: Result<PowerLaw, PowerLaw.Refusal>?, published: Estimate) {
        self.quantity = quantity
        self.published = published
        longest = ScalingVerdict.longestInterval
        switch law {
        case .success(let law):
            (measured, tolerance, refusal) = (law.exponent, law.systematic, "")
        case .failure(let why):
            (measured, tolerance, refusal) = (nil, 0...0, why.description)
        case nil:
            (measured, tolerance, refusal) = (nil, 0...0, "not measured")
        }
    }

    /// A number with its interval over seeds beside a published one.
    init(_ quantity: String, _ measured: Estimate?, published: Estimate) {
        self.quantity = quantity
        self.published = published
        self.measured = measured
        longest = 2 * abs(published.value)
        tolerance = measured?.interval ?? 0...0
        refusal = measured == nil ? "not measured" : ""
    }

    /// Whether both intervals have a point in common.
    public var verdict: Verdict {
        guard measured != nil else { return .cannotTell }
        guard tolerance.overlaps(published.interval) else { return .fails }
        let isTold = [tolerance, published.interval].allSatisfy { $0.upperBound - $0.lowerBound <= longest }
        return isTold ? .holds : .cannotTell
    }

    /// The verdict in words, with the difference where there is one.
    public var words: String {
        guard let measured else { return "can't tell: \(refusal)" }
        switch verdict {
        case .holds: return "agrees"
        case .fails: return "differs by \(SweepFits.shown(measured.value - published.value))"
        case .cannotTell: return "can't tell: an interval is too long"
        }
    }
}

extension Estimate {
    /// A number that was published without an error, digitized to about 1 %.
    static func digitized(_ value: Double) -> Estimate {
        Estimate(value: value, interval: (value - 0.01 * abs(value))...(value + 0.01 * abs(value)))
    }

    /// A number that is given as it stands.
    package static func exact(_ value: Double) -> Estimate { Estimate(value: value, interval: value...value) }

    /// The power law through published points.
    package static func slope(_ points: [(size: Double, value: Double)]) -> Estimate {
        do {
            return try PowerLaw(points.map { ScalingPoint(size: $0.size, value: $0.value, seed: 0) }).exponent
        } catch {
            return Estimate(value: .nan, interval: -Double.infinity...Double.infinity)
        }
    }
}
