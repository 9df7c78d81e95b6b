import Console
import Foundation
import StationaryPoints

/// What there is to say of a job.
package struct StationarySummary: Encodable, Sendable {
    private struct Point: Encodable, Sendable {
        let loss: Double
        /// Fewest and most; nil where it was not computed.
        let index: [Int]?
        let zeroModes: Int?
        let count: Int
        /// Others, by their places in the list, that it may be.
        let maybe: [Int]
    }
    private struct Verdict: Encodable, Sendable {
        let verdict: String
        let count: Int
    }
    private struct Missed: Encodable, Sendable {
        let least: Double
        let interval: [Double]
    }

    private let file: String
    private var function: String?
    private var starts: String?
    private var modulo: String?
    private var verdicts: [Verdict]?
    private var points: [Point]?
    /// Fewest and most.
    private var distinct: [Int]?
    private var missed: Missed?
    private var coverage: Double?
    private var smallestShare: Double?
    private var alternatingSum: Int?
    private var alternatingSumOfAll: Int?
    private var smallestPreactivation: Double?
    private var remark: String?

    /// Of a file that was complete before.
    init(complete file: String) {
        self.file = file
        remark = "the searches were complete already"
    }

    init(_ file: String, _ results: StationaryResults) {
        let found = results.distinct
        self.file = file
        function = results.function
        starts = "\(results.ends.count) from \(results.job.starts.words)"
        modulo = results.modulo
        verdicts = EndPoint.Verdict.allCases.compactMap { kind in
            found.verdicts[kind].map { Verdict(verdict: kind.rawValue, count: $0) }
        }
        points = found.found.map { found in
            let spectrum = found.point.spectrum
            return Point(
                loss: found.point.place.value, index: spectrum.map { [$0.index.lowerBound, $0.index.upperBound] },
                zeroModes: spectrum?.zeroModes, count: found.count, maybe: found.maybe)
        }
        distinct = [found.count.lowerBound, found.count.upperBound]
        let recaptures = found.missed
        missed = recaptures?.missed.map {
            Missed(least: $0.value, interval: [$0.interval.lowerBound, $0.interval.upperBound])
        }
        (coverage, smallestShare) = (recaptures?.coverage, recaptures?.smallestShare)
        (alternatingSum, alternatingSumOfAll) = (found.alternatingSum, results.expectedSum)
        smallestPreactivation = finite(results.smallestMargin)
    }

    /// For a terminal.
    package func lines(columns: Int) -> [String] {
        var lines: [String] = []
        func add(_ label: String, _ text: String?) {
            if let text { lines += labelled(label, text, columns: columns) }
        }
        add("function", function)
        add("starts", starts)
        add("verdicts", verdictWords)
        add("kinks", smallestPreactivation.map { String(format: "the smallest |pre-activation| is %.3g", $0) })
        lines += table(columns)
        add("distinct", distinctWords)
        add("missed", missedWords)
        add("sum", sumWords)
        add("remark", remark)
        return lines + ["file      \(file)"]
    }

    private var verdictWords: String? {
        verdicts.map { $0.map { "\($0.count) \($0.verdict)" }.joined(separator: ", ") }
    }

    /// The points in the order of their losses: the first ones where there are many.
    private func table(_ columns: Int) -> [String] {
        guard let points, !points.isEmpty else { return [] }
        let shown = points.prefix(Self.mostRows)
        let rows = shown.enumerated().map { k, point in
            [
                "\(k)", String(format: "%.10g", point.loss),
                point.index.map { $0[0] == $0[1] ? "\($0[0])" : "\($0[0]) to \($0[1])" } ?? "-",
                point.zeroModes.map { "\($0)" } ?? "-", "\(point.count)",
                point.maybe.prefix(4).map { "\($0)" }.joined(separator: ", ") + (point.maybe.count > 4 ? ", …" : ""),
            ]
        }
        let table = TextTable(
            [
                .number("point"), .number("loss"), .number("index"), .number("zero modes"), .number("count"),
                .text("may be", isOptional: true),
            ], rows)
        let more = points.count > shown.count ? ["\(points.count - shown.count) more are in the file"] : []
        return [""] + table.lines(width: columns) + more + [""]
    }

    private static let mostRows = 30

    private var distinctWords: String? {
        guard let distinct, let modulo else { return nil }
        let number = distinct[0] == distinct[1] ? "\(distinct[0])" : "\(distinct[0]) to \(distinct[1])"
        return "\(number) modulo \(modulo)"
    }

    private var missedWords: String? {
        guard let points, let distinct else { return nil }
        guard distinct[0] == distinct[1] else { return "can't tell: it is not clear which of the points found are one" }
        guard !points.isEmpty, let missed, let smallestShare else {
            return "can't tell: there are too few finds, or each is of another point"
        }
        return String(
            format: "at least %.2g, from %.2g to %.2g (99 %%), were points equally easy to find; ", missed.least,
            missed.interval[0], missed.interval[1])
            + String(
                format: "of those that fewer than %.2g %% of starts lead to, nothing is known", 100 * smallestShare)
    }

    private var sumWords: String? {
        guard let alternatingSum else {
            return alternatingSumOfAll.map { "Σ (−1)^index has to be \($0); of the points found it can't be told" }
        }
        guard let all = alternatingSumOfAll else { return nil }
        return alternatingSum == all
            ? "Σ (−1)^index is \(all) over the points found and their images, as over all there are"
            : "Σ (−1)^index is \(alternatingSum) over the points found and their images, and \(all) over all: "
                + "some are not among those found"
    }
}
