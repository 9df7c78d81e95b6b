import Files
import Foundation

/// A figure of a report: plain numbers, from which its CSV file and its drawings come.
///
/// Its texts are set: `λ_min`, `‖W_t‖_F`, `m^−0.5` and `1.5e-8` get indices, exponents and powers of ten. Texts of users,
/// such as names of runs, go through `verbatim` and stand as they are.
package struct Figure: Sendable {
    /// Name of its files.
    package let id: String
    package let title: String
    /// What is shown, of which network and data, and what the symbols mean: it has to stand alone.
    package let caption: String
    package let content: Content

    package enum Content: Sendable {
        case curves(Curves)
        case map(Map)
        case surface(Map)
    }

    package init(id: String, title: String, caption: String, _ content: Content) {
        self.id = id
        self.title = title
        self.caption = caption
        self.content = content
    }

    /// Comma-separated, quoted where a text needs it (RFC 4180).
    var csv: String {
        let table: [[String]] =
            switch content {
            case .curves(let curves): curves.table
            case .map(let map), .surface(let map): map.table
            }
        return csvText(table)
    }
}

/// An axis with its unit in the label.
package struct Axis: Sendable {
    package let label: String
    package let isLogarithmic: Bool
    /// Of the ticks of a logarithmic axis: 10, or 2 for sizes that are doubled, whose ticks are those that there are.
    package let base: Int
    /// Whether nothing lies between whole numbers, as for layers, samples, seeds and steps.
    package let isInteger: Bool

    package init(_ label: String, isLogarithmic: Bool = false, base: Int = 10, isInteger: Bool = false) {
        self.label = label
        self.isLogarithmic = isLogarithmic
        self.base = base
        self.isInteger = isInteger
    }

    /// Whether a value has a place on it, with room beside it.
    func shows(_ value: Double) -> Bool { abs(value) < 1e300 && (!isLogarithmic || value > 1e-300) }
}
