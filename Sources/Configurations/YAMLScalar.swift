import Console
import Yams

/// What a plain word of a configuration means, by one rule for all keys: that of YAML 1.2's core schema, without its
/// octal and hexadecimal numbers.
///
/// Numbers are decimal digits with a sign, a fraction and an exponent where needed, without leading zeros, underscores or
/// colons, which YAML 1.1 reads in ways of its own (`0100` as 64, `1:30` as 90). An integer may be written with an exponent
/// (`1e3`). Truths are `true` and `false`. What stands in quotes is text.
extension Node {
    /// The text of a scalar without quotes.
    private var word: String? {
        guard let scalar, scalar.style == .plain || scalar.style == .any else { return nil }
        return scalar.string
    }

    var isNull: Bool { word.map { ["", "~", "null", "Null", "NULL"].contains($0) } ?? false }

    package var truth: Bool? {
        switch word {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }

    package var decimal: Double? { word.flatMap(Self.decimal) }

    package var integer: Int? { word.flatMap(Self.integer) }

    package static func decimal(_ word: String) -> Double? {
        isDecimal(word.utf8[...]) ? Double(word).flatMap { $0.isFinite ? $0 : nil } : nil
    }

    /// `[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?`; lists of numbers are too long for an expression each.
    private static func isDecimal(_ word: Substring.UTF8View) -> Bool {
        var rest = word
        func skip(_ bytes: String) { if let first = rest.first, bytes.utf8.contains(first) { rest = rest.dropFirst() } }
        func digits() -> Int {
            let found = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest[found.endIndex...]
            return found.count
        }
        skip("+-")
        let hasZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard !hasZero || whole == 1 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() + whole > 0 else { return false }
        } else if whole == 0 {
            return false
        }
        guard let first = rest.first else { return true }
        guard first == UInt8(ascii: "e") || first == UInt8(ascii: "E") else { return false }
        rest = rest.dropFirst()
        skip("+-")
        return digits() > 0 && rest.isEmpty
    }

    package static func integer(_ word: String) -> Int? {
        guard let value = decimal(word) else { return nil }
        return Int(word) ?? Int(exactly: value)
    }

    /// What is said of a word that other readers of YAML take as a number or a truth.
    package var hint: String {
        guard let scalar else { return "" }
        let isQuoted = word == nil
        if isQuoted, Self.decimal(scalar.string) != nil { return ", which is text: write it without quotes" }
        if !isQuoted, decimal == nil, let float, !float.isFinite { return ": numbers are finite" }
        if !isQuoted, decimal == nil, int != nil || float != nil {
            return ": numbers are decimal, without leading zeros, underscores and colons"
        }
        return !isQuoted && truth == nil && bool != nil ? ": write true or false" : ""
    }
}
