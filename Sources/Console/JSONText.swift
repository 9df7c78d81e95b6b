import Foundation

/// Results as JSON: keys in snake_case and in alphabetical order, numbers as numbers, what is not known left out.
package enum JSONText {
    /// On one line.
    /// - Throws: where a number is not finite; `finite` leaves such numbers out.
    package static func line(_ value: some Encodable) throws -> String {
        try text(value, [.sortedKeys, .withoutEscapingSlashes])
    }

    /// On a line for each value, for files that people look into.
    package static func file(_ value: some Encodable) throws -> String {
        try text(value, [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted])
    }

    private static func text(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// A number that JSON has; nil for one that is not finite.
package func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
