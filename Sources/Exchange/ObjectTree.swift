import Console
import Files
import HDF5
import Statistics

/// What is in an HDF5 file, of this program or of others: each object once, under the first path that leads to it.
struct ObjectTree {
    private static let longest = 10_000
    private static let deepest = 64

    private let file: HDF5File
    /// Where each object was shown, by its address.
    private var shown: [Int64: String] = [:]
    private var lines: [String] = []
    /// Groups and datasets, in the order of the lines.
    private(set) var objects: [Object] = []

    struct Object: Encodable, Sendable {
        let name: String
        let kind: String
        /// Of a dataset.
        var type: String?
        var shape: [Int]?
    }

    /// - Throws: `HDF5Error` where not even the root can be read.
    init(of file: HDF5File) throws {
        self.file = file
        shown[try file.address(of: "/")] = "/"
        try add("/", prefix: "", depth: 0)
    }

    /// The tree, cut off where it has no end.
    var shownLines: [String] {
        guard lines.count > Self.longest else { return lines }
        return lines.prefix(Self.longest) + ["… cut off after \(Self.longest) lines: the file holds more"]
    }

    /// A group's attributes, and what its links lead to.
    private mutating func add(_ group: String, prefix: String, depth: Int) throws {
        let attributes = try attributes(of: group)
        let names = try file.names(in: group, limit: Self.longest + 1)
        for (index, text) in attributes.enumerated() {
            lines.append(prefix + (index + 1 == attributes.count + names.count ? "└── " : "├── ") + text)
        }
        for (index, name) in names.enumerated() where lines.count <= Self.longest {
            let isLast = index == names.count - 1
            let place = lines.count
            lines.append("")
            let object = group == "/" ? "/\(name)" : "\(group)/\(name)"
            let text: String
            do {
                text = try describe(object, prefix: prefix + (isLast ? "    " : "│   "), depth: depth)
            } catch {
                text = "  cannot be read: \((error as? HDF5Error)?.problem ?? "\(error)")"
            }
            lines[place] = prefix + (isLast ? "└── " : "├── ") + Self.printable(name) + text
        }
    }

    /// What stands behind a link's name; the lines of a group's contents come on their own.
    private mutating func describe(_ object: String, prefix: String, depth: Int) throws -> String {
        switch file.link(object) {
        case .soft(let target):
            return "  soft link to \(Self.printable(target))\(file.contains(object) ? "" : ", which leads nowhere")"
        case .external(let target): return "  external link to \(Self.printable(target)), not followed"
        case .userDefined: return "  a link of another program's kind, not followed"
        case .hard, nil: break
        }
        let address = try file.address(of: object)
        if let first = shown[address] { return "  the same as \(Self.printable(first))" }
        shown[address] = object
        switch try file.kind(of: object) {
        case .group:
            objects.append(Object(name: object, kind: "group"))
            guard depth < Self.deepest else { return "/  too deep to show" }
            try add(object, prefix: prefix, depth: depth + 1)
            return "/"
        case .dataset: return "  \(try dataset(object))"
        case .namedType: return "  named type"
        case .unknown: return "  an object of an unknown kind"
        }
    }

    private func attributes(of group: String) throws -> [String] {
        try file.attributeNames(of: group, limit: Self.longest).map { name in
            let text = try file.attributeText(name, of: group)
            let firstLine = text.split(separator: "\n").first.map(String.init) ?? ""
            let isCut = text.count > firstLine.count || firstLine.count > 60
            return "@\(Self.printable(name)) = \(Self.printable(String(firstLine.prefix(60))))\(isCut ? " …" : "")"
        }
    }

    private mutating func dataset(_ object: String) throws -> String {
        let description = try file.describe(object)
        objects.append(
            Object(name: object, kind: "dataset", type: description.typeName, shape: description.shape))
        let absence = description.absence.map { ", \($0.name)" } ?? ""
        let units = try file.string("units", of: object).map { "  units \(Self.printable($0))" } ?? ""
        let layout = try file.string("layout", of: object).map { "  axes \(Self.printable($0))" } ?? ""
        return "\(description.typeName) \(description.shape)\(absence)\(layout)\(units)"
    }

    /// A name as it can be shown, and not without end.
    private static func printable(_ name: String) -> String { visible(excerpt(name, 200)) }
}
