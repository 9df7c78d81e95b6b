import Files
import Foundation
import Yams

/// A configuration as text: the file's YAML with the `--set` overrides laid over it.
package struct ConfigSource {
    /// Shown in messages.
    package let name: String
    package let root: Node
    /// Dotted keys that have no line in the file, each with what gave it: `--set`, or an axis of a sweep.
    let overridden: [String: String]

    /// Where the file lies; nil where the text is no file's.
    package let folder: String?

    /// - Parameter file: whether `name` is the path of a file, against whose folder paths are resolved.
    /// - Throws: `ConfigError` for text that is not a YAML mapping, or an override without `=`.
    package init(name: String, text: String, isFile: Bool = false, overrides: [String]) throws {
        var root = try ConfigText.compose(text, name) ?? Node.mapping(Node.Mapping([]))
        guard root.mapping != nil else {
            throw ConfigError(
                file: name, problems: [ConfigProblem(line: 1, key: "", "expected keys and values at the top level")])
        }
        Self.renameOldKeys(&root)
        var keys: [String: String] = [:]
        for override in overrides {
            let parts = override.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let path = parts[0].split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, path.count <= 8, !path.contains(where: \.isEmpty) else {
                throw LabError(
                    "--set \(excerpt(override)): expected key=value, such as --set model.width=4096")
            }
            let value = try ConfigText.compose(String(parts[1]), "--set \(parts[0])") ?? Node("")
            try Self.checkPlace(path[...], in: root, override)
            // Another file of weights takes the place of the file, not of what is said of it.
            let isFile = parts[0] == StartingWeights.key && value.scalar != nil && !value.isNull
            let place = isFile ? StartingWeights.pathKey : String(parts[0])
            if isFile { root = Self.asSection(root) }
            root = Self.setting(value, at: place.split(separator: ".")[...], in: root)
            keys[place] = "--set "
        }
        self.name = name
        self.root = root
        overridden = keys
        folder = isFile ? URL(fileURLWithPath: name).deletingLastPathComponent().path : nil
    }

    /// Runs of versions before 0.6 store `data.labels` in two other meanings.
    private static func renameOldKeys(_ root: inout Node) {
        guard var data = root.mapping?["data"]?.mapping, let labels = data["labels"], let word = labels.scalar?.string
        else { return }
        let names = ["last": "label_column", "first": "label_column", "fine": "detail", "coarse": "detail"]
        guard let name = names[word] else { return }
        data["labels"] = nil
        data[Node(name)] = labels
        root.mapping?["data"] = .mapping(data)
    }

    /// `initialize_from: FILE` as `initialize_from: {path: FILE}`.
    private static func asSection(_ root: Node) -> Node {
        guard let plain = root.mapping?["model"]?.mapping?["initialize_from"], plain.scalar != nil else { return root }
        return setting(Node([(Node("path"), plain)]), at: StartingWeights.key.split(separator: ".")[...], in: root)
    }

    private init(name: String, folder: String?, root: Node, overridden: [String: String]) {
        self.name = name
        self.folder = folder
        self.root = root
        self.overridden = overridden
    }

    /// A file's text, and its name without the ending: what a configuration is called that has no name.
    /// - Throws: `LabError` where it cannot be read.
    package static func read(_ file: String) throws -> (text: String, stem: String) {
        try FolderHint.refuse(file, "", endings: [".yaml", ".yml"])
        guard let text = String(validating: try PlainFile.read(file, limit: ConfigText.mostBytes), as: UTF8.self) else {
            throw LabError("\(file): expected UTF-8 text, found other bytes")
        }
        return (text, URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent)
    }

    /// As YAML, overrides and all.
    package var text: String {
        get throws { try Yams.serialize(node: root) }
    }

    /// Whether a key of the top level is there.
    package func has(_ key: String) -> Bool { root.mapping?[key] != nil }

    /// The same without a key of the top level.
    package func without(_ key: String) -> ConfigSource {
        var mapping = root.mapping ?? Node.Mapping([])
        mapping[Node(key)] = nil
        return ConfigSource(name: name, folder: folder, root: .mapping(mapping), overridden: overridden)
    }

    /// The same with other values of some keys.
    package func setting(_ values: [Override], name: String) -> ConfigSource {
        let root = values.reduce(root) { Self.setting($1.value, at: $1.key.split(separator: ".")[...], in: $0) }
        return ConfigSource(
            name: name, folder: folder, root: root, overridden: overridden.merging(values.map { ($0.key, "") }) { $1 })
    }

    /// A value in the place of which keys are set would be lost without a word.
    private static func checkPlace(_ path: ArraySlice<Substring>, in node: Node, _ override: String) throws {
        guard let key = path.first, !node.isNull else { return }
        guard let mapping = node.mapping else {
            throw LabError(
                "--set \(excerpt(override)): expected keys and values above \(path.joined(separator: ".")), found "
                    + "\(node.scalar.map { excerpt($0.string) } ?? "a list")")
        }
        if let child = mapping[Node(String(key))] { try checkPlace(path.dropFirst(), in: child, override) }
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
package struct ConfigProblem: Sendable, Equatable {
    package let line: Int?
    package let key: String
    package let text: String

    package init(line: Int?, key: String, _ text: String) {
        self.line = line
        self.key = key
        self.text = text
    }
}

/// Everything that is wrong with a configuration, one line a problem.
package struct ConfigError: Error, CustomStringConvertible, Sendable {
    package let file: String
    package let problems: [ConfigProblem]

    package init(file: String, problems: [ConfigProblem]) {
        self.file = file
        self.problems = problems
    }

    /// Lines that are shown at most.
    package static let mostShown = 20

    package var description: String {
        let rest = problems.count - Self.mostShown
        let lines = problems.prefix(Self.mostShown).map { problem in
            let place = problem.line.map { "\(file):\($0)" } ?? file
            return problem.key.isEmpty ? "\(place): \(problem.text)" : "\(place): \(problem.key): \(problem.text)"
        }
        return (lines + (rest > 0 ? ["… and \(rest) more"] : [])).joined(separator: "\n")
    }
}
