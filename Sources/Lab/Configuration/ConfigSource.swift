import Foundation
import Yams

/// A configuration as text: the file's YAML with the `--set` overrides laid over it.
struct ConfigSource {
    /// Shown in messages.
    let name: String
    let root: Node
    /// Dotted keys that have no line in the file, each with what gave it: `--set`, or an axis of a sweep.
    let overridden: [String: String]

    /// - Throws: `ConfigError` for text that is not a YAML mapping, or an override without `=`.
    init(name: String, text: String, overrides: [String]) throws {
        var root: Node
        do {
            root = try Yams.compose(yaml: text) ?? Node.mapping(Node.Mapping([]))
        } catch {
            throw ConfigError(file: name, problems: [ConfigProblem(line: nil, key: "", "is not YAML: \(error)")])
        }
        guard root.mapping != nil else {
            throw ConfigError(
                file: name, problems: [ConfigProblem(line: 1, key: "", "expected keys and values at the top level")])
        }
        var keys: [String: String] = [:]
        for override in overrides {
            let parts = override.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw LabError("--set \(override): expected key=value, such as --set model.width=4096")
            }
            do {
                let value = try Yams.compose(yaml: String(parts[1])) ?? Node("")
                let path = parts[0].split(separator: ".")
                root = Self.setting(value, at: path[...], in: root)
            } catch {
                throw LabError("--set \(override): the value is not YAML: \(error)")
            }
            keys[String(parts[0])] = "--set "
        }
        self.name = name
        self.root = root
        overridden = keys
    }

    private init(name: String, root: Node, overridden: [String: String]) {
        self.name = name
        self.root = root
        self.overridden = overridden
    }

    /// A file's text, and its name without the ending: what a configuration is called that has no name.
    /// - Throws: `LabError` where it cannot be read.
    static func read(_ file: String) throws -> (text: String, stem: String) {
        do {
            return (
                try String(contentsOfFile: file, encoding: .utf8),
                URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
            )
        } catch {
            throw LabError("\(file): cannot be read: \(reason(error))")
        }
    }

    /// As YAML, overrides and all.
    var text: String {
        get throws { try Yams.serialize(node: root) }
    }

    /// The same without a key of the top level.
    func without(_ key: String) -> ConfigSource {
        var mapping = root.mapping ?? Node.Mapping([])
        mapping[Node(key)] = nil
        return ConfigSource(name: name, root: .mapping(mapping), overridden: overridden)
    }

    /// The same with other values of some keys.
    func setting(_ values: [Override], name: String) -> ConfigSource {
        let root = values.reduce(root) { Self.setting($1.value, at: $1.key.split(separator: ".")[...], in: $0) }
        return ConfigSource(name: name, root: root, overridden: overridden.merging(values.map { ($0.key, "") }) { $1 })
    }

    private static func setting(_ value: Node, at path: ArraySlice<Substring>, in node: Node) -> Node {
        guard let key = path.first else { return value }
        var mapping = node.mapping ?? Node.Mapping([])
        let name = Node(String(key))
        let child = mapping[name] ?? Node.mapping(Node.Mapping([]))
        mapping[name] = setting(value, at: path.dropFirst(), in: child)
        return .mapping(mapping)
    }
}

/// One thing that is wrong with a configuration.
public struct ConfigProblem: Sendable, Equatable {
    public let line: Int?
    public let key: String
    public let text: String

    init(line: Int?, key: String, _ text: String) {
        self.line = line
        self.key = key
        self.text = text
    }
}

/// Everything that is wrong with a configuration, one line a problem.
public struct ConfigError: Error, CustomStringConvertible, Sendable {
    public let file: String
    public let problems: [ConfigProblem]

    public var description: String {
        problems.map { problem in
            let place = problem.line.map { "\(file):\($0)" } ?? file
            return problem.key.isEmpty ? "\(place): \(problem.text)" : "\(place): \(problem.key): \(problem.text)"
        }.joined(separator: "\n")
    }
}
