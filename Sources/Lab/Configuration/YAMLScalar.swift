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

    var truth: Bool? {
        switch word {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }

    var decimal: Double? { word.flatMap(Self.decimal) }

    var integer: Int? { word.flatMap(Self.integer) }

    static func decimal(_ word: String) -> Double? {
        guard word.wholeMatch(of: /[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?/) != nil else {
            return nil
        }
        return Double(word).flatMap { $0.isFinite ? $0 : nil }
    }

    static func integer(_ word: String) -> Int? {
        guard let value = decimal(word) else { return nil }
        return Int(word) ?? Int(exactly: value)
    }

    /// What is said of a word that other readers of YAML take as a number or a truth.
    var hint: String {
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
