import Console
import Foundation
import ScalingLaws
import Training
import Yams

/// `sweep`: a grid of runs of one configuration, and what is asked of them.
package struct SweepConfiguration {
    package private(set) var axes: [SweepAxis]
    /// Where every cell stops, so that fits compare what is comparable.
    package let stop: Stop
    /// Observables that are fitted against the width: names of `ScalingObservable` or of metrics.
    package let fits: [String]
    package let criticalWidth: CriticalWidthConfiguration?
    /// Trained weights of every cell, whose width is chosen for that; nil where cells have the width that is given.
    package let parameters: Int?

    package struct Stop: Sendable, Equatable {
        package let lossRatio: Double?
        package let steps: Int?

        package init(lossRatio: Double?, steps: Int?) {
            self.lossRatio = lossRatio
            self.steps = steps
        }
    }

    init(_ section: ConfigSection) {
        let axes = section.axes(
            "axes",
            "keys of the configuration, each with the list of its values or a range such as 0..4; a cell is a run with one "
                + "value of each (without model.width, critical_width alone has runs)")
        self.axes = axes
        parameters = section.optionalInteger(
            "parameters", in: 1...(1 << 40),
            "trained weights of every cell: the width of each is the one that comes nearest to it")
        if parameters != nil, axes.contains(where: { $0.key == SweepAxis.width }) {
            section.reader.report(
                section.fullPath("parameters"), section.node?["parameters"],
                "chooses the width of each cell: model.width cannot be an axis")
        }
        stop = section.section("stop_at") { stop in
            Stop(
                lossRatio: stop.optionalNumber(
                    "loss_ratio", in: 0...1, "F/F₀ at which every cell stops, and at which fits compare cells"),
                steps: stop.optionalInteger(
                    "steps", in: 0...Int.max, "steps after which every cell stops, and fits compare those"))
        }
        fits = section.words(
            "fit",
            "what is fitted as a power of model.width: "
                + ScalingObservable.allCases.map(\.rawValue).joined(separator: ", ")
                + ", or a metric such as weight_drift_relative.W1")
        for (index, name) in fits.enumerated() where !Self.isKnown(name) {
            let near = nearest(to: name, among: Self.observables).map { ": did you mean \($0)?" } ?? ""
            section.reader.report(
                section.fullPath("fit"), section.node?["fit"]?.sequence?[index], "no observable is named \(name)\(near)"
            )
        }
        let node = section.node?.mapping?["critical_width"]
        let wanted = node != nil && node?.null == nil
        let found = section.section("critical_width") {
            CriticalWidthConfiguration($0, axes: section.isListing ? [] : axes)
        }
        criticalWidth = wanted ? found : nil
        if wanted, parameters != nil {
            section.reader.report(
                section.fullPath("parameters"), section.node?["parameters"],
                "chooses the width of each cell: critical_width looks for it")
        }
    }

    private static var observables: [String] { ScalingObservable.allCases.map(\.rawValue) }

    private static func isKnown(_ name: String) -> Bool {
        observables.contains(name) || ProbeKinds.family(of: name) != nil
    }

    /// The `sweep` of a configuration.
    /// - Throws: `ConfigError` with every problem and its line.
    package init(_ source: ConfigSource) throws {
        let reader = ConfigReader(source)
        self = reader.root.section("sweep") { SweepConfiguration($0) }
        try reader.finish()
        try resolvePaths(from: source.folder)
    }

    /// Makes paths on axes absolute, as those of the base are.
    private mutating func resolvePaths(from folder: String?) throws {
        axes = try axes.map { axis in
            guard DataPath.keys.contains(axis.key) else { return axis }
            return SweepAxis(key: axis.key, paths: try axis.values.map { try DataPath($0.text, from: folder).path })
        }
    }

    /// What `stop_at` puts over the base configuration.
    package var stopOverrides: [Override] {
        [
            stop.lossRatio.map { Override("training.stop.loss_ratio", "\($0)") },
            stop.steps.map { Override("training.stop.steps", "\($0)") },
        ].compactMap { $0 }
    }
}

/// `sweep.critical_width`: which width is just enough, and how it grows with the size of the problem.
package struct CriticalWidthConfiguration: Sendable {
    /// F/F₀ that has to be reached, within how many steps, by which share of the seeds.
    package let reach: Double
    package let within: Int
    package let share: Double
    /// Axes over which the critical width is found; of the others, the first value is taken.
    package let over: [String]
    /// Geometric grid of widths.
    package let smallest: Int
    package let largest: Int
    package let ratio: Double

    init(_ section: ConfigSection, axes: [SweepAxis]) {
        reach = section.number("reach", default: 1e-3, in: 1e-300...1, "F/F₀ that has to be reached")
        within = section.integer("within", default: 5000, in: 1...Int.max, "steps within which it has to be")
        share = section.number("seeds", default: 0.8, in: 0.01...1, "share of the seeds that have to reach it")
        over = section.words("over", "axes over which the critical width is found")
        smallest = section.integer("from", default: 2, in: 1...(1 << 20), "smallest width that is tried")
        largest = section.integer("to", default: 4096, in: 1...(1 << 20), "largest width that is tried")
        ratio = section.number("ratio", default: 1.25, in: 1.01...16, "ratio of neighbouring widths of the grid")
        if smallest > largest {
            section.reader.report(
                section.fullPath("to"), section.node?["to"], "expected at least from, \(smallest), found \(largest)")
        }
        for key in over where !section.isListing && !axes.contains(where: { $0.key == key }) {
            section.reader.report(
                section.fullPath("over"), section.node?["over"],
                "\(key) is no axis of the sweep: axes are \(axes.map(\.key).joined(separator: ", "))")
        }
    }

    /// The geometric grid, in whole neurons, ascending, up to the largest.
    package var widths: [Int] {
        var widths: [Int] = []
        var width = Double(smallest)
        while width <= Double(largest) * 1.000001 {
            let whole = Int(width.rounded())
            if whole > widths.last ?? 0 { widths.append(whole) }
            width *= ratio
        }
        if let last = widths.last, last < largest { widths.append(largest) }
        return widths
    }
}
