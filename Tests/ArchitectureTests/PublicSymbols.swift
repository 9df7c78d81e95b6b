import Foundation

/// A declaration at the margin of a file; what is indented below it belongs to it.
struct Declaration {
    let kind: Substring
    let name: Substring
    let isPublic: Bool
    /// What it is or refines: the names behind its colon.
    let inherited: Set<Substring>

    init?(_ line: Substring) {
        let form = /(?:[\w@()]+ )*?(struct|class|enum|protocol|extension|func|var|let) (\w+)(.*)/
        guard let first = line.first, first != " ", first != "/", let match = line.wholeMatch(of: form) else {
            return nil
        }
        (kind, name) = (match.1, match.2)
        isPublic = line.hasPrefix("public ")
        let head = match.3.split(separator: "{")[safely: 0].split(separator: " where ")[safely: 0]
        inherited = Set(head.matches(of: /\b[A-Z]\w+/).map { $0.0 })
    }
}

/// A line that declares something that a user who imports a library sees.
struct PublicSymbol {
    let owner: Declaration?
    let name: Substring
    let isRequirement: Bool
    let isDocumented: Bool
    let place: String
}

/// The declarations of a target, read as text: a line each, so that no compiler is needed.
struct TargetSymbols {
    private(set) var declarations: [Declaration] = []
    private(set) var symbols: [PublicSymbol] = []
    /// The requirements of its protocols that have a docstring, by the name of the protocol.
    private(set) var documented: [Substring: Set<Substring>] = [:]

    init(_ target: String) throws {
        for file in files(target, "swift") { add(try lines(file).map { $0[...] }, file.lastPathComponent) }
    }

    private mutating func add(_ lines: [Substring], _ file: String) {
        var owner: Declaration?
        for (index, line) in lines.enumerated() {
            let margin = Declaration(line)
            if let margin {
                declarations.append(margin)
                owner = margin
            }
            let code = line.drop { $0 == " " }.replacing(/^(@\w+(\([^)]*\))? )+/, with: "")
            let isRequirement =
                owner?.kind == "protocol" && line.contains(/^ {4}(static|mutating|associatedtype|func|var|init)\b/)
            let isPublic = code.hasPrefix("public ") && !code.hasPrefix("public extension ")
            guard isPublic || isRequirement, let name = Self.name(code[...]) else { continue }
            let symbol = PublicSymbol(
                owner: margin == nil ? owner : nil, name: name, isRequirement: isRequirement,
                isDocumented: Self.isDocumented(lines[..<index]), place: "\(file):\(index + 1)")
            if isRequirement, symbol.isDocumented { documented[owner?.name ?? "", default: []].insert(name) }
            if isPublic || owner?.isPublic == true { symbols.append(symbol) }
        }
    }

    /// What a declaration is called; initializers are told apart by their first label.
    private static func name(_ code: Substring) -> Substring? {
        let named = /\b(?:func|var|let|typealias|associatedtype|struct|class|enum|protocol) ([\w`]+|[=<>+*\/-]+)/
        if let match = code.firstMatch(of: named) { return match.1 }
        return code.firstMatch(of: /\b(?:init\W*\w*|subscript)/)?.0
    }

    /// Whether the last line before a declaration, attributes and comments aside, is a docstring.
    private static func isDocumented(_ above: ArraySlice<Substring>) -> Bool {
        above.last { line in
            let code = line.drop { $0 == " " }
            return !code.hasPrefix("@") && (!code.hasPrefix("//") || code.hasPrefix("///"))
        }?.contains("///") ?? false
    }
}

extension [Substring] {
    fileprivate subscript(safely index: Int) -> Substring { indices.contains(index) ? self[index] : "" }
}
