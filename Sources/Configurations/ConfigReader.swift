import Console
import Datasets
import Files
import Yams

/// Walks a configuration key by key, and is the one source of what keys there are.
///
/// The same walk parses a file, collects every problem with its line, prints the resolved
/// configuration and, without a file, lists the reference of all keys. A configuration type asks
/// for its keys with type, default, range and meaning, and nothing else knows them.
package final class ConfigReader {
    /// One row of the reference.
    package struct Key {
        package let path: String
        package let type: String
        package let fallback: String
        package let meaning: String
        package let condition: String
    }

    package private(set) var keys: [Key] = []
    package private(set) var problems: [ConfigProblem] = []
    /// What was taken in one of several ways.
    package private(set) var remarks: [Remark] = []
    /// Lines of the resolved configuration: `key: value`, or a comment, in a section by its dotted path.
    private(set) var resolved: [(section: String, line: Line)] = []
    enum Line {
        case value(key: String, String)
        case comment(String)
    }
    private let source: ConfigSource?

    /// - Parameter source: nil to list the keys.
    package init(_ source: ConfigSource?) { self.source = source }

    /// Whether this walk lists keys: sections then visit all their alternatives.
    var isListing: Bool { source == nil }

    package var root: ConfigSection { ConfigSection(reader: self, path: "", node: source?.root) }

    package func report(_ key: String, _ node: Node?, _ text: String) {
        let giver = source?.overridden.first { key == $0.key || key.hasPrefix($0.key + ".") }?.value
        problems.append(ConfigProblem(line: giver == nil ? node?.mark?.line : nil, key: (giver ?? "") + key, text))
    }

    package func remark(_ key: String, _ text: String) { remarks.append(Remark("\(key): \(text)", isWarning: true)) }

    /// The folder against which paths are resolved; nil where the text is no file's.
    package var folder: String? { source?.folder }

    package func record(_ key: Key, value: String?) {
        keys.append(key)
        guard let value else { return }
        let parts = key.path.split(separator: ".")
        let section = parts.dropLast().joined(separator: ".")
        resolved.append((section, .value(key: String(parts[parts.count - 1]), value)))
    }

    /// A line that the resolved configuration shows beside the keys of a section.
    package func comment(_ section: String, _ text: String) { resolved.append((section, .comment(text))) }

    /// - Throws: `ConfigError` with everything that was found wrong.
    package func finish() throws {
        guard !problems.isEmpty else { return }
        let inOrder = problems.enumerated().sorted {
            ($0.element.line ?? .max, $0.offset) < ($1.element.line ?? .max, $1.offset)
        }
        throw ConfigError(file: source?.name ?? "configuration", problems: inOrder.map(\.element))
    }

    /// Every value by its dotted path.
    package var values: [String: String] {
        var values: [String: String] = [:]
        for (section, line) in resolved {
            guard case .value(let key, let value) = line else { continue }
            values[section.isEmpty ? key : "\(section).\(key)"] = value
        }
        return values
    }

    /// The configuration with every default filled in, as YAML that gives the same run again.
    package var resolvedText: String {
        var lines: [String] = []
        var open: [Substring] = []
        for (section, line) in resolved {
            let parts = section.split(separator: ".")
            var shared = 0
            while shared < min(open.count, parts.count), open[shared] == parts[shared] { shared += 1 }
            for depth in shared..<parts.count {
                lines.append(String(repeating: "  ", count: depth) + parts[depth] + ":")
            }
            open = parts
            let indent = String(repeating: "  ", count: parts.count)
            switch line {
            case .comment(let text): lines.append("\(indent)# \(text)")
            // A list begins on the next line.
            case .value(let key, let value): lines.append("\(indent)\(key):\(value.hasPrefix("\n") ? "" : " ")\(value)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// One mapping of a configuration, with the keys that have been asked for.
package final class ConfigSection {
    package let reader: ConfigReader
    package let path: String
    let node: Node?
    private var known: [String] = []
    /// Shown in the reference with the keys read while it is set.
    package var condition = ""

    package init(reader: ConfigReader, path: String, node: Node?) {
        self.reader = reader
        self.path = path
        self.node = node
    }

    func fullPath(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Whether it is an entry of a list, which is shown as a whole.
    var isInList: Bool { path.contains("[") }

    package func comment(_ text: String) { reader.comment(path, text) }

    /// The node of a key; nil where it is missing or null.
    package func take(_ key: String) -> Node? {
        known.append(key)
        guard let value = node?.mapping?[Node(key)] else { return nil }
        return value.isNull ? nil : value
    }

    /// Reads one key: `parse` gives its value or says what was expected.
    func read<T>(
        _ key: String, type: String, default fallback: T, _ meaning: String, show: (T) -> String?,
        parse: (Node) -> Result<T, Expectation>
    ) -> T {
        let found = take(key)
        var value = fallback
        if let found {
            switch parse(found) {
            case .success(let parsed): value = parsed
            case .failure(let expected):
                reader.report(fullPath(key), found, "expected \(expected.text), found \(describe(found))\(found.hint)")
            }
        }
        let entry = ConfigReader.Key(
            path: fullPath(key), type: type, fallback: show(fallback) ?? "", meaning: meaning, condition: condition)
        reader.record(entry, value: isInList ? nil : show(value))
        return value
    }

    /// What a key should have held.
    struct Expectation: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    /// A section below this one.
    /// - Parameter word: the key that a plain word in the section's place stands for.
    package func section<T>(_ key: String, word: String? = nil, _ body: (ConfigSection) -> T) -> T {
        var found = take(key)
        if let word, let plain = found, plain.scalar != nil { found = Node([(Node(word), plain)]) }
        if let found, found.mapping == nil {
            reader.report(fullPath(key), found, "expected keys and values, found \(describe(found))")
        }
        let inner = ConfigSection(reader: reader, path: fullPath(key), node: found)
        inner.condition = condition
        defer { inner.refuseUnknownKeys() }
        return body(inner)
    }

    /// Reports every key that nothing asked for, with the nearest that something did.
    func refuseUnknownKeys() {
        guard let mapping = node?.mapping, !reader.isListing else { return }
        for (key, _) in mapping {
            let name = key.scalar?.string ?? "?"
            guard !known.contains(name) else { continue }
            // Whoever has this many has another problem.
            guard reader.problems.count < ConfigError.mostShown else {
                reader.report(excerpt(fullPath(name)), key, "unknown key")
                continue
            }
            let near = nearest(to: name, among: known).map { ": did you mean \($0)?" } ?? ""
            let all = known.joined(separator: ", ")
            reader.report(excerpt(fullPath(name)), key, "unknown key\(near.isEmpty ? "; known here: \(all)" : near)")
        }
    }

    package func describe(_ node: Node) -> String {
        if let scalar = node.scalar { return "\"\(excerpt(scalar.string))\"" }
        return node.sequence != nil ? "a list" : "keys and values"
    }
}
