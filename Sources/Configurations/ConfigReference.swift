import Console
import Files

/// All configuration keys, or those of a section, with type, default and meaning.
package struct ConfigReference: Encodable, Sendable {
    package struct Key: Encodable, Sendable, Equatable {
        package let key: String
        package let type: String
        /// Nil where there is none.
        package let fallback: String?
        package let meaning: String
        /// Where the key is read: `source: csv`; nil for everywhere.
        package var condition: String?

        package enum CodingKeys: String, CodingKey {
            case key, type, meaning, condition
            case fallback = "default"
        }

        /// Whether it is the same key with another condition.
        func isAlike(_ other: Key) -> Bool {
            key == other.key && type == other.type && fallback == other.fallback && meaning == other.meaning
        }
    }

    package let keys: [Key]

    /// - Parameter section: a section (`data`, `training.stop`) or a key; nil for all.
    /// - Throws: `LabError` that says what is near where there is none of that name.
    package init(_ section: String? = nil) throws {
        let all = Self.merged(
            Configuration.listedKeys.map { key in
                Key(
                    key: key.path, type: key.type, fallback: key.fallback.isEmpty ? nil : key.fallback,
                    meaning: key.meaning, condition: key.condition.isEmpty ? nil : key.condition)
            })
        guard let section else {
            keys = all
            return
        }
        keys = all.filter { $0.key == section || $0.key.hasPrefix(section + ".") }
        guard keys.isEmpty else { return }
        let known = Self.sections.sorted() + all.map(\.key)
        let near = nearest(to: section, among: known) ?? known.first { $0.hasSuffix("." + section) }
        let hint =
            near.map { "did you mean \($0)?" } ?? "sections are "
            + Self.sections.filter { !$0.contains(".") }.sorted()
            .joined(separator: ", ")
        throw LabError("\(excerpt(section)): no section or key of a configuration: \(hint)")
    }

    /// Every dotted path that holds keys.
    package static var sections: Set<String> {
        Set(
            Configuration.keys.flatMap { key -> [String] in
                let parts = key.split(separator: ".")
                return (1..<max(parts.count, 1)).map { parts.prefix($0).joined(separator: ".") }
            })
    }

    /// A key that is the same for several kinds of data or networks is listed once.
    private static func merged(_ keys: [Key]) -> [Key] {
        keys.reduce(into: []) { list, key in
            guard let known = list.firstIndex(where: { $0.isAlike(key) }), let other = key.condition else {
                return list.append(key)
            }
            // `source: csv` and `source: npy` as `source: csv, npy`.
            let name = other.prefix { $0 != ":" } + ": "
            let value = other.hasPrefix(name) ? other.dropFirst(name.count) : other[...]
            let isSameName = list[known].condition?.hasPrefix(name) ?? false
            list[known].condition = list[known].condition.map { $0 + (isSameName ? ", \(value)" : " or \(other)") }
        }
    }

    /// For a terminal: key, type with default, and meaning.
    package func lines(columns: Int) -> [String] {
        keys.enumerated().flatMap { index, key -> [String] in
            let condition = key.condition.map { "  [\($0)]" } ?? ""
            let fallback = key.fallback.map { "; default \($0)" } ?? ""
            return (index > 0 ? [""] : []) + wrapped(key.key + condition, columns: columns, indent: 4)
                + wrapped("    " + key.type + fallback, columns: columns)
                + wrapped("    " + key.meaning, columns: columns)
        }
    }

    /// The same as tables of Markdown, one a section of the top level.
    package var markdown: String {
        let sections = keys.reduce(into: [(name: String, keys: [Key])]()) { sections, key in
            let parts = key.key.split(separator: ".", maxSplits: 1)
            let name = parts.count > 1 ? String(parts[0]) : ""
            if let known = sections.firstIndex(where: { $0.name == name }) {
                sections[known].keys.append(key)
            } else {
                sections.append((name, [key]))
            }
        }
        let parts = sections.map { section in
            (section.name.isEmpty ? "## Top level" : "## `\(section.name)`")
                + "\n\n| key | type | default | meaning |\n|---|---|---|---|\n"
                + section.keys.map(Self.row).joined(separator: "\n")
        }
        return (["# Configuration keys"] + parts).joined(separator: "\n\n")
    }

    private static func row(_ key: Key) -> String {
        let condition = key.condition.map { " (\($0))" } ?? ""
        let fallback = key.fallback.map { "`\($0)`" } ?? ""
        let cells = ["`\(key.key)`\(condition)", key.type, fallback, key.meaning]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
}
