import Console
import Yams

/// The types of values that a configuration holds.
extension ConfigSection {
    package func integer(_ key: String, default fallback: Int, in range: ClosedRange<Int>, _ meaning: String) -> Int {
        read(key, type: "integer \(text(range))", default: fallback, meaning, show: { "\($0)" }) { node in
            integer(node, range).map(Result.success) ?? .failure(Expectation("an integer \(text(range))"))
        }
    }

    /// An integer that may be left out; the fallback is then no value at all.
    package func optionalInteger(_ key: String, in range: ClosedRange<Int>, _ meaning: String) -> Int? {
        read(key, type: "integer \(text(range))", default: nil, meaning, show: { $0.map { "\($0)" } }) { node in
            integer(node, range).map { .success($0) } ?? .failure(Expectation("an integer \(text(range))"))
        }
    }

    package func number(_ key: String, default fallback: Double, in range: ClosedRange<Double>, _ meaning: String)
        -> Double
    {
        read(key, type: "number \(text(range))", default: fallback, meaning, show: { "\($0)" }) { node in
            number(node, range).map(Result.success) ?? .failure(Expectation("a number \(text(range))"))
        }
    }

    package func optionalNumber(_ key: String, in range: ClosedRange<Double>, _ meaning: String) -> Double? {
        read(key, type: "number \(text(range))", default: nil, meaning, show: { $0.map { "\($0)" } }) { node in
            number(node, range).map { .success($0) } ?? .failure(Expectation("a number \(text(range))"))
        }
    }

    package func flag(_ key: String, default fallback: Bool, _ meaning: String) -> Bool {
        read(key, type: "true or false", default: fallback, meaning, show: { "\($0)" }) { node in
            node.truth.map(Result.success) ?? .failure(Expectation("true or false"))
        }
    }

    package func text(_ key: String, default fallback: String, _ meaning: String) -> String {
        read(key, type: "text", default: fallback, meaning, show: { $0.isEmpty ? nil : quoted($0) }) { node in
            text(node).map(Result.success)
                ?? .failure(Expectation("at most 4096 bytes of text without control characters"))
        }
    }

    /// What can be stored and read again as it is.
    package func text(_ node: Node) -> String? {
        guard let text = node.scalar?.string, text.utf8.count <= 4096 else { return nil }
        // The first two command nothing, but end a line; the others are no characters.
        let unstorable = "\n\t\u{FEFF}\u{FFFE}\u{FFFF}".unicodeScalars
        return visible(text) == text && !text.unicodeScalars.contains(where: unstorable.contains) ? text : nil
    }

    package func choice<T: RawRepresentable & CaseIterable>(
        _ key: String, default fallback: T, _ meaning: String
    ) -> T where T.RawValue == String {
        T(rawValue: word(key, default: fallback.rawValue, among: T.allCases.map(\.rawValue), meaning)) ?? fallback
    }

    /// The same of words that are no type.
    func word(_ key: String, default fallback: String, among words: [String], _ meaning: String) -> String {
        read(key, type: words.joined(separator: ", "), default: fallback, meaning, show: { $0 }) { node in
            let word = node.scalar?.string ?? ""
            if words.contains(word) { return .success(word) }
            let near = nearest(to: word, among: words).map { " (did you mean \($0)?)" } ?? ""
            return .failure(Expectation("one of \(words.joined(separator: ", "))\(near)"))
        }
    }

    /// A word out of a list that may be left out.
    func optionalChoice<T: RawRepresentable & CaseIterable>(_ key: String, _ meaning: String) -> T?
    where T.RawValue == String {
        let names = T.allCases.map(\.rawValue)
        return read(key, type: names.joined(separator: ", "), default: nil, meaning, show: { $0?.rawValue }) { node in
            T(rawValue: node.scalar?.string ?? "").map { .success($0) }
                ?? .failure(Expectation("one of \(names.joined(separator: ", "))"))
        }
    }

    /// A word out of a list, or a number: `auto` or 0.1, `log` or 10, `full` or 32.
    func wordOrNumber(
        _ key: String, default fallback: WordOrNumber, words: [String], in range: ClosedRange<Double>,
        isInteger: Bool, _ meaning: String
    ) -> WordOrNumber {
        let type = "\(words.joined(separator: ", ")) or \(isInteger ? "integer" : "number") \(text(range))"
        return read(key, type: type, default: fallback, meaning, show: { $0.description }) { node in
            if let word = node.scalar?.string, words.contains(word) { return .success(.word(word)) }
            if let value = number(node, range), !isInteger || value == value.rounded() {
                return .success(.number(value, isInteger: isInteger))
            }
            return .failure(Expectation(type))
        }
    }

    package func integers(_ key: String, _ meaning: String) -> [Int] {
        read(
            key, type: "list of integers", default: [], meaning,
            show: { "[\($0.map(String.init).joined(separator: ", "))]" }
        ) {
            let values = $0.sequence?.map { $0.integer }
            guard let values, !values.contains(nil) else { return .failure(Expectation("a list of integers")) }
            return .success(values.compactMap { $0 })
        }
    }

    package func words(_ key: String, _ meaning: String) -> [String] {
        read(key, type: "list of names", default: [], meaning, show: { "[\($0.map(quoted).joined(separator: ", "))]" })
        {
            let values = $0.sequence?.map { text($0) }
            guard let values, !values.contains(nil) else { return .failure(Expectation("a list of names")) }
            return .success(values.compactMap { $0 })
        }
    }

    private func integer(_ node: Node, _ range: ClosedRange<Int>) -> Int? {
        node.integer.flatMap { range.contains($0) ? $0 : nil }
    }

    private func number(_ node: Node, _ range: ClosedRange<Double>) -> Double? {
        node.decimal.flatMap { range.contains($0) ? $0 : nil }
    }

    private func text(_ range: ClosedRange<Int>) -> String {
        range.upperBound >= 1 << 40 ? "≥ \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
    }

    private func text(_ range: ClosedRange<Double>) -> String {
        if range.upperBound == .infinity || range.upperBound >= 1e15 {
            return range.lowerBound == .leastNormalMagnitude ? "> 0" : "≥ \(short(range.lowerBound))"
        }
        if range.lowerBound == .leastNormalMagnitude { return "> 0 and ≤ \(short(range.upperBound))" }
        return "from \(short(range.lowerBound)) to \(short(range.upperBound))"
    }

    private func short(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }

    package func quoted(_ text: String) -> String {
        let isPlain =
            text.allSatisfy { $0.isLetter || $0.isNumber || "_-./".contains($0) } && Double(text) == nil
            && !["true", "false", "null", "yes", "no", "on", "off"].contains(text.lowercased())
            && text.first?.isLetter == true
        // Scalars, not characters: a quote with an accent upon it is a quote.
        return isPlain ? text : text.unicodeScalars.reduce(into: "'") { $0 += $1 == "'" ? "''" : String($1) } + "'"
    }
}

/// `auto`, `log`, `full`, or a number instead.
enum WordOrNumber: Equatable, CustomStringConvertible, Sendable {
    case word(String)
    case number(Double, isInteger: Bool)

    var number: Double? { if case .number(let value, _) = self { value } else { nil } }

    var description: String {
        switch self {
        case .word(let word): word
        case .number(let value, let isInteger): isInteger ? "\(Int(value))" : "\(value)"
        }
    }
}
