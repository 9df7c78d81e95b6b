import Files

/// Parses the header of a file of weights, byte by byte.
struct HeaderParser {
    private let bytes: [UInt8]
    private var place = 0
    private var left = 1_000_000

    private static let mostLevels = 8

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func whole() throws -> HeaderJSON {
        let value = try value(level: 0)
        guard next() == nil else { throw problem("the end") }
        return value
    }

    private func problem(_ expected: String) -> HeaderJSON.Problem {
        let found = place < bytes.count ? "byte \(bytes[place])" : "the end"
        return HeaderJSON.Problem(description: "expected \(expected) at byte \(place) of it, found \(found)")
    }

    /// The next byte that is no space, where the parser then stands.
    private mutating func next() -> UInt8? {
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
        return place < bytes.count ? bytes[place] : nil
    }

    private mutating func skip(_ character: Character) throws {
        guard next() == character.asciiValue else { throw problem("\(character)") }
        place += 1
    }

    private mutating func has(_ character: Character) -> Bool {
        guard next() == character.asciiValue else { return false }
        place += 1
        return true
    }

    private mutating func value(level: Int) throws -> HeaderJSON {
        left -= 1
        guard left > 0, level < Self.mostLevels else {
            throw HeaderJSON.Problem(description: "has more than 1000000 values or \(Self.mostLevels) levels")
        }
        switch next() {
        case UInt8(ascii: "{"): return .object(try pairs(level: level + 1))
        case UInt8(ascii: "["): return .list(try items(level: level + 1))
        case UInt8(ascii: "\""): return .text(try text())
        case (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return .number(try number())
        default: throw problem("an object, a list, a text or a whole number")
        }
    }

    private mutating func pairs(level: Int) throws -> [(key: String, value: HeaderJSON)] {
        try skip("{")
        if has("}") { return [] }
        var pairs: [(key: String, value: HeaderJSON)] = []
        var known: Set<String> = []
        repeat {
            guard next() == UInt8(ascii: "\"") else { throw problem("a key") }
            let key = try text()
            guard known.insert(key).inserted else {
                throw HeaderJSON.Problem(description: "has the key \(excerpt(key)) twice")
            }
            try skip(":")
            pairs.append((key, try value(level: level)))
        } while has(",")
        try skip("}")
        return pairs
    }

    private mutating func items(level: Int) throws -> [HeaderJSON] {
        try skip("[")
        if has("]") { return [] }
        var items: [HeaderJSON] = []
        repeat { items.append(try value(level: level)) } while has(",")
        try skip("]")
        return items
    }

    private mutating func number() throws -> Int {
        let start = place
        while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) { place += 1 }
        let digits = String(decoding: bytes[start..<place], as: UTF8.self)
        guard let number = Int(digits), digits == "\(number)", number < 1 << 62 else {
            throw HeaderJSON.Problem(description: "has \(excerpt(digits)) where a whole number below 2^62 is expected")
        }
        return number
    }

    private mutating func text() throws -> String {
        try skip("\"")
        var text: [UInt8] = []
        while place < bytes.count, bytes[place] >= 0x20 {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let valid = String(validating: text, as: UTF8.self) else {
                    throw HeaderJSON.Problem(description: "has a text that is not UTF-8 before byte \(place)")
                }
                return valid
            case UInt8(ascii: "\\"): text += try escaped()
            default: text.append(byte)
            }
        }
        throw problem("the end of a text")
    }

    private mutating func escaped() throws -> [UInt8] {
        let plain: [Character: Character] = [
            "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
        ]
        guard place < bytes.count else { throw problem("an escape") }
        let name = Character(Unicode.Scalar(bytes[place]))
        place += 1
        if let character = plain[name] { return Array(String(character).utf8) }
        place -= 1
        guard name == "u" else { throw problem("an escape") }
        place += 1
        var units = [try unit()]
        // The first of a pair is followed by the second.
        if units[0] & 0xFC00 == 0xD800, bytes[place...].starts(with: Array("\\u".utf8)) {
            place += 2
            units.append(try unit())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw problem("a pair of surrogates") }
        return Array(text.utf8)
    }

    private mutating func unit() throws -> UInt16 {
        let digits = String(decoding: bytes[place...].prefix(4), as: UTF8.self)
        guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit), let unit = UInt16(digits, radix: 16) else {
            throw problem("four hexadecimal digits")
        }
        place += 4
        return unit
    }
}
