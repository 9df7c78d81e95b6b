import Console
import Files
import Foundation
import HDF5

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

    /// Into the file of the job's results.
    package func write(to file: HDF5Writer) throws { try file.attribute(Self.attribute, try text) }

    /// Makes sure that a file that exists holds this job's results. Files of ours without a request, such as those of a run's
    /// Hessian, belong to no job.
    /// - Parameter results: what they are, `searches`.
    /// - Throws: `LabError` where it is no job's file, or another's, with what differs; an error for a damaged one.
    package func check(_ out: String, holds results: String) throws {
        let text = try FileDigest.verify(out) == .foreign ? nil : SoundFile.open(out).string(Self.attribute, of: "/")
        guard let found = text.flatMap(JobIdentity.init(text:)) else {
            throw LabError("\(out): exists already; choose another --out")
        }
        if let difference = difference(from: found) {
            throw LabError(
                "\(out): holds \(results) of another request: \(difference); remove it or choose another --out")
        }
    }

    private static let attribute = "request"

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
