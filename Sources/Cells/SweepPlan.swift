import Configurations
import Datasets
import Execution
import Files
import Foundation

/// A sweep read from its configuration: the base, the axes and the cells of the grid.
package struct SweepPlan {
    package let source: ConfigSource
    /// Name of its folder: that of the configuration, or the stem of its file.
    package let name: String
    package let sweep: SweepConfiguration
    /// The configuration without the sweep: what all cells share, by dotted key.
    package let base: Configuration
    /// The cells of the grid, the last axis fastest.
    package let cells: [SweepCell]

    /// - Parameter overrides: `key=value` pairs, as of `--set`; keys of `sweep` too.
    /// - Throws: `ConfigError` with every problem of base and sweep; a cell's own problems stay with the cell.
    package init(file: String, overrides: [String] = []) throws {
        let (text, stem) = try ConfigSource.read(file)
        try self.init(
            text: text, source: file, isFile: true, defaultName: stem, overrides: overrides)
    }

    package init(
        text: String, source name: String, isFile: Bool = false, defaultName: String, overrides: [String] = []
    ) throws {
        source = try ConfigSource(name: name, text: text, isFile: isFile, overrides: overrides)
        guard source.has("sweep") else {
            throw LabError(
                "\(name): sweep: is missing; `ntklab config` lists its keys, `ntklab train` makes a single run")
        }
        let sweep = try SweepConfiguration(source)
        self.sweep = sweep
        base = try Configuration(source: source.without("sweep"), defaultName: defaultName)
        let plain = Self.pinned(source.without("sweep"), base, sweep.axes)
        self.name = base.name
        // Without a width on the grid, critical widths are all that is asked for.
        try Self.checkSize(sweep.axes, source.name)
        let isSearch = sweep.criticalWidth != nil && !sweep.axes.contains { $0.key == SweepAxis.width }
        var widths = sweep.parameters.map { WidthBudget($0) }
        cells =
            isSearch
            ? []
            : Self.places(sweep.axes.map(\.values.count)).map { place in
                let values = zip(sweep.axes, place).map { Override($0, $0.values[$1]) }
                return SweepCell(
                    place: place, label: Self.label(sweep.axes, place), plain, values + sweep.stopOverrides,
                    axes: sweep.axes, choosing: &widths, defaultName: defaultName)
            }
        try check()
    }

    /// The configuration with the weights that it names at this moment, so that all cells begin from the same.
    private static func pinned(_ plain: ConfigSource, _ base: Configuration, _ axes: [SweepAxis]) -> ConfigSource {
        guard let start = base.model.start, !axes.contains(where: { $0.key.hasPrefix(StartingWeights.key) }) else {
            return plain
        }
        return plain.setting(start.overrides, name: plain.name)
    }

    /// What there is to say of the grid.
    package var remarks: [Remark] {
        guard base.model.start != nil, sweep.axes.contains(where: { $0.key == SweepAxis.seed }) else {
            return budgetRemarks
        }
        return budgetRemarks + [
            Remark(
                "sweep.axes.seed: with model.initialize_from all seeds have the same weights at step 0; a seed decides the order "
                    + "of batches, and what of the data is drawn", isWarning: true)
        ]
    }

    /// - Throws: `ConfigError` for a grid that no machine would run.
    private static func checkSize(_ axes: [SweepAxis], _ name: String) throws {
        let count = axes.reduce(1.0) { $0 * Double($1.values.count) }
        guard count > 1e6 else { return }
        let text = "expected at most 1000000 cells, found \(engineering(count))"
        throw ConfigError(file: name, problems: [ConfigProblem(line: nil, key: "sweep.axes", text)])
    }

    /// All places of a grid, the last axis fastest.
    package static func places(_ counts: [Int]) -> [[Int]] {
        counts.reduce([[]]) { places, count in places.flatMap { place in (0..<count).map { place + [$0] } } }
    }

    /// `width=64 seed=0`.
    package static func label(_ axes: [SweepAxis], _ place: [Int]) -> String {
        label(axes, row: Array(axes.indices), place, isWhole: true)
    }

    /// Keys and values of a place on some of the axes, without those that have one value.
    package static func coordinates(
        _ axes: [SweepAxis], row: [Int], _ place: [Int]
    ) -> [(key: String, value: SweepAxis.Value)] {
        zip(row, place).filter { axes[$0.0].values.count > 1 }.map { (axes[$0].key, axes[$0].values[$1]) }
    }

    /// The same for some of the axes; those with one value say nothing and are left out unless the label is to be whole.
    package static func label(_ axes: [SweepAxis], row: [Int], _ place: [Int], isWhole: Bool = false) -> String {
        let names = SweepAxis.names(axes)
        return zip(row, place).filter { isWhole || axes[$0.0].values.count > 1 }
            .map { "\(names[$0])=\(axes[$0].values[$1].text)" }.joined(separator: " ")
    }

    /// The configuration with its name and absolute paths, which means the same wherever it is read.
    package var stored: ConfigSource {
        get throws {
            let paths = try DataPath.keys.compactMap { key in
                try base.values[key].flatMap { try Override(key, yaml: $0) }
            }
            let isOnAxis = sweep.axes.contains { $0.key.hasPrefix(StartingWeights.key) }
            let weights = isOnAxis ? [] : base.model.start?.overrides ?? []
            return source.setting(
                [Override("name", name), Override(axes: sweep.axes)] + paths + weights, name: source.name)
        }
    }

    /// A cell beside the grid, of the search for critical widths.
    package func cell(_ label: String, _ overrides: [Override]) -> SweepCell {
        var given: WidthBudget?
        return SweepCell(
            place: [], label: label, Self.pinned(source.without("sweep"), base, sweep.axes), overrides,
            axes: sweep.axes, choosing: &given, isOfSearch: true, defaultName: name)
    }
}
