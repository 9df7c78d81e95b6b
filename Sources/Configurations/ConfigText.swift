import Console
import Files
import Foundation
import Yams

/// The text of a configuration as nodes, within limits: a few bytes of YAML can stand for more than any memory holds.
package enum ConfigText {
    package static let mostBytes = 1_000_000
    private static let (mostNodes, mostLevels) = (100_000, 64)

    /// - Throws: `ConfigError` with the line of what is no YAML, or beyond a limit.
    static func compose(_ text: String, _ name: String) throws -> Node? {
        func refusal(_ line: Int?, _ text: String) -> ConfigError {
            ConfigError(file: name, problems: [ConfigProblem(line: line, key: "", text)])
        }
        // Windows' editors begin a file with a byte order mark.
        let text = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
        guard text.utf8.count <= mostBytes else {
            throw refusal(nil, "expected at most \(mostBytes) bytes, found \(text.utf8.count)")
        }
        // Comparing keys that aliases made takes as long as they would be written out.
        if text.contains("&"), text.contains("*"), text.contains(/[\]}]\s*:|\*[^\s,\[\]{}*]*\s*:|(^|[\s,\[{])\?\s/) {
            throw refusal(nil, "expected plain words as keys beside anchors and aliases, found an alias or a list")
        }
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            let (line, problem) = place(error)
            throw refusal(line, "is not YAML: \(problem)")
        }
        guard let root else { return nil }
        var left = mostNodes
        guard isWithinLimits(root, levels: mostLevels, &left) else {
            throw refusal(
                nil, "stands for more than \(mostNodes) values or \(mostLevels) levels, with its aliases written out")
        }
        return root
    }

    private static func isWithinLimits(_ node: Node, levels: Int, _ left: inout Int) -> Bool {
        left -= 1
        guard left > 0, levels > 0 else { return false }
        if let mapping = node.mapping {
            for (key, value) in mapping
            where !isWithinLimits(key, levels: levels - 1, &left) || !isWithinLimits(value, levels: levels - 1, &left) {
                return false
            }
        }
        for value in node.sequence ?? [] where !isWithinLimits(value, levels: levels - 1, &left) { return false }
        return true
    }

    /// Line and words of what Yams found, without the text around it.
    private static func place(_ error: any Error) -> (line: Int?, problem: String) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (mark.line, "\(problem), in column \(mark.column)")
        case .reader(let problem, _, _, _): (nil, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            (context.mark.line, "the key \(excerpt(duplicates.first ?? "?")) is there twice")
        default: (nil, excerpt("\(error)", 200))
        }
    }
}
