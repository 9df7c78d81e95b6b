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
