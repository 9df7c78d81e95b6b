import Console
import Layers
import LinearAlgebra
import Yams

/// What descriptions of layers read.
extension ConfigSection: OptionReader {
    package func optionalFlag(_ key: String, _ meaning: String) -> Bool? {
        read(key, type: "true or false", default: nil, meaning, show: { $0.map { "\($0)" } }) { node in
            node.truth.map { .success($0) } ?? .failure(Expectation("true or false"))
        }
    }

    package func sides(_ key: String, default fallback: WindowShape.Sides?, _ meaning: String) -> WindowShape.Sides? {
        let type = "integer from 1 to \(WindowShape.maximumKernel), or two in a list"
        return read(
            key, type: type, default: fallback, meaning,
            show: { $0?.yaml }
        ) { node in
            let values = node.sequence.map { $0.map { $0.integer } } ?? [node.integer, node.integer]
            let sides = values.compactMap { $0 }.filter { (1...WindowShape.maximumKernel).contains($0) }
            guard values.count == 2, sides.count == 2 else { return .failure(Expectation(type)) }
            return .success(WindowShape.Sides(sides[0], sides[1]))
        }
    }

    package func layers(_ key: String, _ meaning: String) -> [any LayerDescription] {
        let found = take(key)
        let entry = ConfigReader.Key(
            path: fullPath(key), type: "list of layers", fallback: "", meaning: meaning, condition: condition)
        let layers = reader.isListing ? list(key) : found.map { parse(key, $0) } ?? []
        let yaml = layers.map { "\n    - " + $0.yaml }.joined()
        reader.record(entry, value: isInList || layers.isEmpty ? nil : yaml)
        return layers
    }

    private func parse(_ key: String, _ list: Node) -> [any LayerDescription] {
        guard let sequence = list.sequence else {
            reader.report(fullPath(key), list, "expected a list of layers, found \(describe(list))")
            return []
        }
        return sequence.enumerated().compactMap { index, node in
            let section = ConfigSection(reader: reader, path: "\(fullPath(key))[\(index)]", node: node)
            guard let kind = section.kind() else { return nil }
            defer { section.refuseUnknownKeys() }
            return kind.init(section)
        }
    }

    private func kind() -> (any LayerDescription.Type)? {
        let names = LayerKinds.all.map { $0.type }
        let word = take("type")?.scalar?.string
        if let kind = LayerKinds.all.first(where: { $0.type == word }) { return kind }
        let near = word.flatMap { nearest(to: $0, among: names) }.map { " (did you mean \($0)?)" } ?? ""
        reader.report(
            fullPath("type"), node,
            "expected one of \(names.joined(separator: ", "))\(near), found \(word.map { "\"\($0)\"" } ?? "none")")
        return nil
    }

    /// For the reference of keys: those of every kind, nested lists not again.
    private func list(_ key: String) -> [any LayerDescription] {
        guard !isInList else { return [] }
        let section = ConfigSection(reader: reader, path: fullPath(key) + "[]", node: nil)
        let names = LayerKinds.all.map { $0.type }.joined(separator: ", ")
        reader.record(
            ConfigReader.Key(
                path: section.fullPath("type"), type: names, fallback: "", meaning: "kind of layer", condition: ""),
            value: nil)
        for kind in LayerKinds.all {
            section.condition = "type: \(kind.type)"
            _ = kind.init(section)
        }
        return []
    }
}
