import Console
import Files
import Foundation

/// An experiment of a paper: its parts, the published numbers, and the comparison of both.
package struct Study: Sendable {
    /// `du-2019`, as on the command line.
    package let name: String
    package let title: String
    /// Paper and figure.
    package let source: String
    /// What the paper asks, in a sentence or two.
    package let question: String
    /// Authors, title, where it appeared, and its number at arXiv.
    package let reference: String
    /// What differs from the published experiment, by default and with `--full`.
    package let remarks: [String]
    package let parts: [any StudyPart]
    /// The lines of the comparison, from the results of the parts.
    package let compare: @Sendable (StudyOutcome) -> [StudyComparison]
    /// Points of the paper's figures, for the part of that name.
    package var published: @Sendable (_ part: String) -> [PublishedPoints] = { _ in [] }

    /// In the order in which they are listed.
    package static let all = [allenZhu2019, du2019, lee2019, kawaguchi2019, zhouFeng2018, keskar2017]

    /// - Throws: `LabError` for a name that is none.
    package static func named(_ name: String) throws -> Study {
        if let found = all.first(where: { $0.name == name }) { return found }
        let names = all.map(\.name)
        let word = name.lowercased()
        let near = nearest(to: word, among: names) ?? names.first { !word.isEmpty && $0.hasPrefix(word) }
        let hint = near.map { "did you mean \($0)?" } ?? "there are \(names.joined(separator: ", "))"
        throw LabError("study \(excerpt(name)): there is none: \(hint) `ntklab study list` shows what they are")
    }
}
