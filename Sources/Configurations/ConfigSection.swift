import Console
import Files
import Yams

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
