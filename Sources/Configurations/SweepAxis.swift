import Console
import Yams

/// A key of the configuration with the values that a sweep gives it.
package struct SweepAxis {
    package let key: String
    package let values: [Value]

    /// A value as it is written, and as a number where it is one.
    package struct Value {
        package let text: String
        let node: Node
        package var number: Double? { node.decimal }

        /// Equal for values that are the same, however they are written.
        package var key: String { number.map { "\($0)" } ?? text }
    }

    package init(key: String, values: [Value]) {
        self.key = key
        self.values = values
    }

    /// An axis of files, which are called by their names where these differ.
    package init(key: String, paths: [String]) {
        let names = paths.map { String($0.split(separator: "/").last ?? "") }
        let areDifferent = Set(names).count == names.count
        self.init(key: key, values: zip(names, paths).map { Value(text: areDifferent ? $0 : $1, node: Node($1)) })
    }

    package static let width = "model.width"
    /// Of one axis.
    static let mostValues = 100_000
    package static let seed = "seed"

    package var isNumeric: Bool { values.allSatisfy { $0.number != nil } }

    /// The values where all are whole numbers.
    package var integers: [Int64]? {
        let whole = values.compactMap { $0.number.flatMap { Int64(exactly: $0) } }
        return whole.count == values.count ? whole : nil
    }

    /// `[64, 128]`, `0..4` or one value; nil where it is neither.
    package static func values(of node: Node) -> [Value]? {
        if let sequence = node.sequence { return sequence.map { Value(text: text($0), node: $0) } }
        guard let scalar = node.scalar?.string else { return nil }
        let ends = scalar.split(separator: ".", omittingEmptySubsequences: false)
        guard ends.count == 3, ends[1].isEmpty else { return [Value(text: scalar, node: node)] }
        guard let first = Node.integer(String(ends[0])), let last = Node.integer(String(ends[2])), first <= last,
            case (let count, let isTooLong) = last.subtractingReportingOverflow(first), !isTooLong, count < mostValues
        else { return nil }
        return (first...last).map { Value(text: "\($0)", node: Node("\($0)")) }
    }

    /// `{model: {width: …}}`, as `--set sweep.axes.model.width=…` makes it, is `{model.width: …}`.
    package static func flat(_ mapping: Node.Mapping, below prefix: String = "") -> [(key: String, values: Node)] {
        mapping.flatMap { name, value -> [(key: String, values: Node)] in
            let key = prefix + (name.scalar?.string ?? "?")
            return value.mapping.map { flat($0, below: key + ".") } ?? [(key, value)]
        }
    }

    /// A value on one line.
    private static func text(_ node: Node) -> String {
        if let scalar = node.scalar { return scalar.string }
        if let sequence = node.sequence { return "[" + sequence.map(text).joined(separator: ", ") + "]" }
        let pairs = node.mapping?.map { "\(text($0.key)): \(text($0.value))" } ?? []
        return "{" + pairs.joined(separator: ", ") + "}"
    }
}

extension ConfigSection {
    var isListing: Bool { reader.isListing }

    /// Keys of the configuration with lists of values.
    package func axes(_ key: String, _ meaning: String) -> [SweepAxis] {
        let axes: [SweepAxis] = read(
            key, type: "keys with lists of values", default: [], meaning, show: { _ in nil }
        ) { node in
            guard let mapping = node.mapping else { return .failure(Expectation("keys with lists of values")) }
            var axes: [SweepAxis] = []
            for (name, list) in SweepAxis.flat(mapping) {
                guard let values = SweepAxis.values(of: list), !values.isEmpty else {
                    return .failure(Expectation("\(name): a list of values, or a range such as 0..4"))
                }
                let axis = SweepAxis(key: name, values: values)
                if let same = axes.firstIndex(where: { $0.key == name }) {
                    axes[same] = axis
                } else {
                    axes.append(axis)
                }
            }
            return .success(axes)
        }
        for axis in axes { check(axis) }
        if axes.isEmpty, !isListing { reader.report(fullPath(key), node, "is missing or empty: a sweep needs an axis") }
        return axes
    }

    private func check(_ axis: SweepAxis) {
        func report(_ text: String) { reader.report("\(fullPath("axes")).\(axis.key)", node?["axes"], text) }
        if !Configuration.keys.contains(axis.key) || axis.key == "name" || axis.key.hasPrefix("sweep.") {
            let near = nearest(to: axis.key, among: Configuration.keys.sorted()).map { ": did you mean \($0)?" } ?? ""
            report("is no key that a run can have\(near)")
        }
        if axis.key == StartingWeights.key {
            report("cannot be an axis: give the files as the axis \(StartingWeights.pathKey)")
        }
        var known: Set<String> = []
        for value in axis.values where !known.insert(value.key).inserted { report("\(value.text) is there twice") }
    }
}
