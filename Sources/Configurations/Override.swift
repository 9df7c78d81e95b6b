import Yams

/// A value that takes the place of a key's.
package struct Override {
    package let key: String
    package let value: Node

    package init(_ key: String, _ value: Node) {
        self.key = key
        self.value = value
    }

    package init(_ key: String, _ text: String) { self.init(key, Node(text)) }

    /// A value as it is written in YAML; nil for none.
    /// - Throws: `ConfigError`.
    package init?(_ key: String, yaml: String) throws {
        guard let node = try ConfigText.compose(yaml, key) else { return nil }
        self.init(key, node)
    }

    /// The axes of a sweep.
    package init(axes: [SweepAxis]) {
        self.init("sweep.axes", Node(axes.map { (Node($0.key), Node($0.values.map(\.node))) }))
    }

    /// One value of an axis.
    package init(_ axis: SweepAxis, _ value: SweepAxis.Value) { self.init(axis.key, value.node) }
}
