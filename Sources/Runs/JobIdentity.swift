import Console
import Foundation

/// What decides the bits of a job's results, by name.
package struct JobIdentity {
    private let fields: [String: String]
    /// In the order in which they are compared.
    private let names: [String]

    package init(_ fields: [(name: String, value: String)]) {
        self.fields = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
        names = fields.map(\.name)
    }

    /// - Returns: nil for a text that is none.
    package init?(text: String) {
        do { fields = try JSONDecoder().decode([String: String].self, from: Data(text.utf8)) } catch { return nil }
        names = fields.keys.sorted()
    }

    /// As JSON, a line for each field.
    package var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(fields), as: UTF8.self)
        }
    }

    /// In what another one differs, in words; nil where it is the same.
    package func difference(from other: JobIdentity) -> String? {
        // A configuration is a page.
        func shown(_ value: String?) -> String {
            value.map { shortened($0.replacing("\n", with: " "), to: 60) } ?? "nothing"
        }
        return (names + other.names).first { fields[$0] != other.fields[$0] }.map {
            "\($0): expected \(shown(fields[$0])), found \(shown(other.fields[$0]))"
        }
    }
}
