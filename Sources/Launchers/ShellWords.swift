import Files

/// Words as a shell reads and writes them.
package enum ShellWords {
    /// Splits a text at spaces, as a shell does: with quotes of both kinds and backslashes, but without variables and patterns.
    /// - Parameter option: what the text was given to, for messages.
    /// - Throws: `LabError` where a quote is not closed or a backslash stands at the end.
    package static func split(_ text: String, of option: String) throws -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Unicode.Scalar?
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch (scalar, quote) {
            case ("\\", nil), ("\\", "\""):
                guard let next = rest.popFirst() else {
                    throw LabError("\(option): ends in a backslash: \(excerpt(text))")
                }
                // Within quotes it stands for itself before most characters.
                let isKept = quote != nil && !"\"\\$`\n".unicodeScalars.contains(next)
                word = (word ?? "") + (isKept ? "\\" : "") + String(next)
            case (_, scalar): quote = nil
            case ("'", nil), ("\"", nil):
                quote = scalar
                word = word ?? ""
            case (" ", nil), ("\t", nil), ("\n", nil):
                words += word.map { [$0] } ?? []
                word = nil
            default: word = (word ?? "") + String(scalar)
            }
        }
        if let quote { throw LabError("\(option): a quote (\(quote)) is opened and not closed: \(excerpt(text))") }
        return words + (word.map { [$0] } ?? [])
    }

    /// A word as a shell reads it: as it stands where no character means anything to a shell, else in single quotes.
    package static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "-_./=:,@%+".utf8.contains($0)
        }
        return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
    }
}
