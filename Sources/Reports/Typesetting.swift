import Foundation

/// A text with its indices, exponents and numbers set as such, in figures and on pages alike.
///
/// - What follows an underscore behind a single letter, a norm or a bracket is an index: `λ_min`, `‖W_t − W_0‖_F`,
///   `W_{1,2}`.
/// - What follows a circumflex is an exponent: `m^−0.5`, `10^−8`.
/// - `1.5e-8` is 1.5 × 10⁻⁸, and a hyphen before a number is a minus.
///
/// Texts of users stand between the isolates of `verbatim`, and as they are.
struct Typesetting {
    enum Piece: Equatable {
        case plain(String)
        case index(String)
        case exponent(String)

        var text: String {
            switch self {
            case .plain(let text), .index(let text), .exponent(let text): text
            }
        }
    }

    private(set) var pieces: [Piece] = []

    init(_ text: String) {
        var isVerbatim = false
        var part = ""
        func close() {
            if isVerbatim { append(.plain(part)) } else { set(part) }
            part = ""
        }
        for scalar in text.unicodeScalars {
            if scalar == isolate.open || scalar == isolate.close {
                close()
                isVerbatim = scalar == isolate.open
            } else {
                part.unicodeScalars.append(scalar)
            }
        }
        close()
    }

    private init(pieces: [Piece]) { self.pieces = pieces }

    private mutating func append(_ piece: Piece) {
        if case .plain(let new) = piece, case .plain(let old)? = pieces.last {
            pieces[pieces.count - 1] = .plain(old + new)
        } else if !piece.text.isEmpty {
            pieces.append(piece)
        }
    }

    private mutating func set(_ text: String) {
        let whole = text as NSString
        var end = 0
        for match in Self.notation.matches(in: text, range: NSRange(location: 0, length: whole.length)) {
            func group(_ number: Int) -> String? {
                let range = match.range(at: number)
                return range.location == NSNotFound ? nil : whole.substring(with: range)
            }
            append(.plain(whole.substring(with: NSRange(location: end, length: match.range.location - end))))
            end = match.range.location + match.range.length
            if let letter = group(1), let index = group(2) {
                append(.plain(letter))
                append(.index(Self.unbraced(index)))
            } else if let exponent = group(3) {
                append(.exponent(Self.unbraced(exponent).replacingOccurrences(of: "-", with: "−")))
            } else if let digits = group(4), let exponent = group(5).flatMap({ Int($0) }) {
                append(.plain(digits == "1" ? "10" : digits + " × 10"))
                append(.exponent("\(exponent)".replacingOccurrences(of: "-", with: "−")))
            } else {
                append(.plain("−"))
            }
        }
        append(.plain(whole.substring(from: end)))
    }

    private static func unbraced(_ text: String) -> String {
        text.hasPrefix("{") ? String(text.dropFirst().dropLast()) : text
    }

    private static let notation: NSRegularExpression = {
        let index = "((?<![A-Za-z0-9_.])(?:max|min|[A-Za-z])|\\p{Greek}|[‖|)\\]])_(\\{[^{}]*\\}|[A-Za-z0-9]+)"
        let exponent = "\\^(\\{[^{}]*\\}|[−-]?[0-9]+(?:\\.[0-9]+)?|[A-Za-z])"
        let number = "(?<![\\p{L}\\p{N}_.])([0-9]+(?:\\.[0-9]+)?)e([+-]?[0-9]{1,3})(?![\\p{L}\\p{N}_]|\\.[0-9])"
        let minus = "(?<![\\p{L}\\p{N}_)\\]-])-(?=[0-9])"
        do { return try NSRegularExpression(pattern: [index, exponent, number, minus].joined(separator: "|")) } catch {
            preconditionFailure("\(error)")
        }
    }()

    /// HTML, escaped.
    var html: String {
        pieces.map { piece in
            let text = Language.markup.escapeText(piece.text)
            return switch piece {
            case .plain: text
            case .index: "<sub>\(text)</sub>"
            case .exponent: "<sup>\(text)</sup>"
            }
        }.joined()
    }

    /// Enhanced text of gnuplot, escaped for single quotes.
    /// - Parameter language: `enhancedFormat` for ticks.
    func gnuplot(_ language: Language = .enhanced) -> String {
        pieces.map { piece in
            let text = language.escapeText(piece.text)
            return switch piece {
            case .plain: text
            case .index: "_{\(text)}"
            case .exponent: "^{\(text)}"
            }
        }.joined()
    }

    /// The same in letters of one size, as titles of drawings and attributes have it.
    var text: String { pieces.map(\.text).joined() }

    /// As it is written, without isolates: for tables, whose readers are programs.
    static func plain(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != isolate.open && $0 != isolate.close }))
    }

    /// Width in letters of the main size.
    var width: Double {
        pieces.reduce(0) { sum, piece in
            let count = Double(piece.text.count)
            if case .plain = piece { return sum + count }
            return sum + 0.8 * count
        }
    }

    /// No longer than there is room for.
    func shortened(most: Int) -> Typesetting {
        var (kept, room) = ([Piece](), most)
        for piece in pieces {
            let count = piece.text.unicodeScalars.count
            guard count > room else {
                kept.append(piece)
                room -= count
                continue
            }
            kept.append(.plain(String(piece.text.unicodeScalars.prefix(max(room - 1, 0))) + "…"))
            break
        }
        return Typesetting(pieces: kept)
    }
}

/// First strong isolate and pop directional isolate: what Unicode has for foreign texts.
private let isolate: (open: Unicode.Scalar, close: Unicode.Scalar) = ("\u{2068}", "\u{2069}")

/// A user's text within one of a figure or a page: set as it stands, where others have indices, exponents and numbers.
package func verbatim(_ text: String) -> String { "\u{2068}\(Typesetting.plain(text))\u{2069}" }
