import Mustache

/// A language in which texts of users are written down.
///
/// Scalars are escaped, not characters: a quote with an accent upon it is a character of its own, and still a quote.
enum Language: String, MustacheContentType {
    /// HTML and SVG, in elements and between quotes.
    case markup
    /// gnuplot, between single quotes, where nothing is enhanced.
    case gnuplot
    /// The same where texts are enhanced.
    case enhanced
    /// The same where a text is a format for a number too, as those of ticks are.
    case enhancedFormat

    /// The text such that it ends nothing and begins nothing; a space in place of what the language can't hold.
    func escapeText(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { $0 += escaped($1) }
    }

    /// What means something in enhanced text.
    private static let enhancing: Set<Unicode.Scalar> = ["\\", "_", "^", "{", "}", "@", "&", "~"]

    private func escaped(_ scalar: Unicode.Scalar) -> String {
        switch (self, scalar) {
        case (.markup, "&"): "&amp;"
        case (.markup, "<"): "&lt;"
        case (.markup, ">"): "&gt;"
        case (.markup, "\""): "&quot;"
        case (.markup, "'"): "&#39;"
        case (.markup, "\n"), (.markup, "\t"): String(scalar)
        case (.gnuplot, "'"), (.enhanced, "'"), (.enhancedFormat, "'"): "''"
        case (.enhancedFormat, "%"): "%%"
        case (.enhanced, _) where Self.enhancing.contains(scalar),
            (.enhancedFormat, _) where Self.enhancing.contains(scalar):
            "\\\(scalar)"
        case (_, "\u{0}"..."\u{1F}"), (_, "\u{7F}"..."\u{9F}"), (_, "\u{2028}"..."\u{2029}"),
            (_, "\u{FFFE}"..."\u{FFFF}"):
            " "
        default: String(scalar)
        }
    }
}

extension MustacheTemplate {
    /// A template whose `{{values}}` are escaped for a language.
    init(_ bytes: [UInt8], in language: Language) throws {
        MustacheContentTypes.register(language, named: language.rawValue)
        let text = String(decoding: bytes, as: UTF8.self)
        try self.init(string: "{{% CONTENT_TYPE:\(language.rawValue)}}" + text)
    }
}
