/// How a CSV file is written, as far as the file can't tell.
package struct CSVDialect: Sendable, Equatable {
    package enum Separator: String, CaseIterable, Sendable {
        case auto, comma, semicolon, tab, space

        var byte: UInt8? {
            switch self {
            case .auto: nil
            case .comma: UInt8(ascii: ",")
            case .semicolon: UInt8(ascii: ";")
            case .tab: UInt8(ascii: "\t")
            case .space: UInt8(ascii: " ")
            }
        }
    }
    package enum Decimal: String, CaseIterable, Sendable { case point, comma }
    package enum Header: String, CaseIterable, Sendable {
        case auto
        /// The first line holds titles.
        case titles
        /// The first line is a sample.
        case none
    }

    package var separator = Separator.auto
    package var decimal = Decimal.point
    package var header = Header.auto
    /// Columns from 1 that are left out.
    package var skippedColumns: [Int] = []

    package init() {}

    /// The one separator of a file, from its first lines.
    ///
    /// - Parameter declared: what its line `sep=` says.
    /// - Throws: `DatasetError` where two could be meant; a decimal comma looks like that.
    func separator(declared: UInt8?, in lines: [[UInt8]], _ path: String) throws -> UInt8 {
        guard decimal != .comma || (declared ?? separator.byte) != UInt8(ascii: ",") else {
            throw DatasetError(
                "\(path): data.decimal: comma needs another separator than a comma: data.separator says it")
        }
        if let declared, let byte = separator.byte, byte != declared {
            let found = Character(UnicodeScalar(declared))
            throw DatasetError("\(path): data.separator: expected \(separator.rawValue), found the line sep=\(found)")
        }
        if let byte = declared ?? separator.byte { return byte }
        var candidates = [Separator.comma, .semicolon, .tab]
        if decimal == .comma { candidates.removeFirst() }
        let bare = lines.map(Self.unquoted)
        let found = candidates.filter { candidate in bare.contains { $0.contains(candidate.byte ?? 0) } }
        guard found.count <= 1 else {
            throw DatasetError(
                "\(path): found \(found.map(\.rawValue).joined(separator: " and ")) between values: data.separator "
                    + "(\(found.map(\.rawValue).joined(separator: ", "))) says which one separates them, "
                    + "data.decimal: comma reads decimal commas")
        }
        return found.first?.byte ?? UInt8(ascii: " ")
    }

    /// A separator in words.
    static func name(of byte: UInt8) -> String {
        Separator.allCases.first { $0.byte == byte }.map { "\($0.rawValue)s" } ?? String(UnicodeScalar(byte))
    }

    /// A line without what stands in quotes.
    private static func unquoted(_ line: [UInt8]) -> [UInt8] {
        var isQuoted = false
        return line.filter { byte in
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            return !isQuoted
        }
    }

    /// The separator of a first line `sep=;`, as Excel writes and reads it.
    static func declaredSeparator(_ line: [UInt8]) -> UInt8? {
        let text = line.filter { $0 != UInt8(ascii: "\"") }
        guard text.count == 5, String(decoding: text.prefix(4), as: UTF8.self).lowercased() == "sep=" else {
            return nil
        }
        return text[4]
    }
}
