import Console
import Files
import SpinGlasses
import Statistics

/// How many stationary points draws of spin glasses have, by order and dimension, and how energies go with indices.
package struct SpinResults: StudyResults {
    /// In the order of the draws.
    package let surveys: [SpinSurvey]

    /// Of the draws that a folder keeps.
    /// - Throws: `LabError` where it has none, or a row is damaged.
    package init(folder: String) throws {
        let draws = try SpinFile(folder).rows().map(\.draw)
        guard !draws.isEmpty else { throw LabError("\(folder)/draws.csv: expected draws, found none") }
        var (shapes, groups): ([SpinShape], [SpinShape: [SpinDraw]]) = ([], [:])
        for draw in draws {
            if groups[draw.shape] == nil { shapes.append(draw.shape) }
            groups[draw.shape, default: []].append(draw)
        }
        surveys = shapes.map { SpinSurvey($0, groups[$0] ?? []) }
    }

    /// Draws with more points than there can be.
    package var failures: Int { draws(.aboveBound) }

    private func draws(_ standing: SpinPoints.Standing) -> Int {
        surveys.reduce(0) { $0 + ($1.standings[standing] ?? 0) }
    }

    package func lines(of part: String, columns: Int) -> [String] {
        var remarks: [String] = []
        if draws(.incomplete) > 0 {
            remarks.append("Points are missing in \(draws(.incomplete)) draws: their sums are wrong.")
        }
        if failures > 0 {
            remarks.append("More points than there can be in \(failures) draws: an error of this program.")
        }
        return ["\(part), stationary points up to sign:", ""] + counts.lines(width: columns)
            + ["", "\(part), energies and indices:", ""] + energies.lines(width: columns)
            + remarks.flatMap { [""] + wrapped($0, columns: columns) }
    }

    private var counts: TextTable {
        TextTable(
            [
                .number("order"), .number("dimension"), .number("draws", isOptional: true), .text("found, 99 %"),
                .number("exact mean"), .number("leading"), .number("bound"), .number("right sums"),
            ],
            surveys.map { survey in
                [
                    "\(survey.shape.order)", "\(survey.shape.dimension)", "\(survey.draws.count)",
                    survey.meanCount?.display ?? "–", shown(survey.shape.meanCount),
                    shown(survey.shape.leadingOrder), "\(survey.shape.bound)",
                    survey.shareOfRightSums.map { "\(shown(100 * $0)) %" } ?? "–",
                ]
            })
    }

    private var energies: TextTable {
        TextTable(
            [
                .number("order"), .number("dimension"), .text("minima, 99 %"), .text("rank correlation, 99 %"),
                .number("complete"),
            ],
            surveys.map { survey in
                [
                    "\(survey.shape.order)", "\(survey.shape.dimension)", survey.energies[0]?.display ?? "–",
                    survey.rankCorrelation?.display ?? "–", "\(survey.standings[.complete] ?? 0)",
                ]
            })
    }

    package var json: any Encodable { surveys.map(Row.init) }

    private struct Row: Encodable {
        let order, dimension, draws: Int
        let meanCount, meanCountLow, meanCountHigh: Double?
        let exactMeanCount, leadingOrder: Double
        let bound: Int
        let shareOfRightSums: Double?
        let complete, cannotTell, incomplete, aboveBound: Int
        let rankCorrelation, rankCorrelationLow, rankCorrelationHigh: Double?
        /// By index; of H/Λ.
        let energies: [Double?]

        init(_ survey: SpinSurvey) {
            let (shape, count, correlation) = (survey.shape, survey.meanCount, survey.rankCorrelation)
            (order, dimension, draws) = (shape.order, shape.dimension, survey.draws.count)
            (meanCount, meanCountLow) = (count?.value, count?.interval.lowerBound)
            (meanCountHigh, exactMeanCount) = (count?.interval.upperBound, shape.meanCount)
            (leadingOrder, bound, shareOfRightSums) = (shape.leadingOrder, shape.bound, survey.shareOfRightSums)
            func number(_ standing: SpinPoints.Standing) -> Int { survey.standings[standing] ?? 0 }
            (complete, cannotTell) = (number(.complete), number(.cannotTell))
            (incomplete, aboveBound) = (number(.incomplete), number(.aboveBound))
            (rankCorrelation, rankCorrelationLow) = (correlation?.value, correlation?.interval.lowerBound)
            rankCorrelationHigh = correlation?.interval.upperBound
            energies = survey.energies.map { $0?.value }
        }
    }
}
