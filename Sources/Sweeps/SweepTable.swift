import Cells
import Configurations
import Console
import Files
import Foundation
import HDF5
import Runs
import ScalingLaws
import Training

/// All cells of a grid with what was measured of them: `sweep.csv` and `sweep.h5`.
package struct SweepTable {
    package struct Row {
        package let cell: SweepCell
        package let state: CellState
        /// Of complete runs.
        package let measurement: CellMeasurement?

        package func value(_ name: String) -> Double {
            switch name {
            case SweepTable.chosenWidth: cell.chosen.map { Double($0.width) } ?? .nan
            case SweepTable.chosenWeights: cell.chosen.map { Double($0.weights) } ?? .nan
            default: measurement?.values[name] ?? .nan
            }
        }
    }

    package let plan: SweepPlan
    package let rows: [Row]
    /// Names of all that was measured, in alphabetical order.
    package let observables: [String]

    /// Reads the cells of a sweep.
    package init(_ plan: SweepPlan, in directory: SweepDirectory) {
        self.plan = plan
        let stop = plan.sweep.stop
        rows = plan.cells.map { cell in
            let state = directory.state(of: cell)
            return Row(cell: cell, state: state, measurement: directory.measurement(of: cell, state, stop: stop))
        }
        let chosen = plan.sweep.parameters == nil ? [] : [Self.chosenWidth, Self.chosenWeights]
        observables = Set(rows.flatMap { $0.measurement?.values.keys.map { $0 } ?? [] } + chosen).sorted()
    }

    /// What `sweep.parameters` chose.
    private static let (chosenWidth, chosenWeights) = ("chosen_width", "trained_weights")

    private var axisNames: [String] { SweepAxis.names(plan.sweep.axes) }

    /// A line a cell; an empty field where nothing was measured. No times, so that equal sweeps have equal tables.
    package func csv() -> String {
        let header = ["cell"] + axisNames + ["status", "reached"] + observables
        let lines = rows.map { row in
            let values = zip(plan.sweep.axes, row.cell.place).map { $0.values[$1].text }
            let reached = row.measurement.map { $0.hasReached ? "1" : "0" } ?? ""
            let numbers = observables.map { name in
                let value = row.value(name)
                return value.isFinite ? "\(value)" : ""
            }
            return [row.cell.id] + values + [row.state.word, reached] + numbers
        }
        return csvText([header] + lines)
    }

    /// Every observable as an array over the axes of the grid, which are its labelled coordinates.
    package func write(to path: String) throws {
        let shape = plan.sweep.axes.map(\.values.count)
        let names = axisNames
        try HDF5Writer.write(to: path) { file in
            try file.attribute("format", "ntklab-sweep")
            try file.attribute("format_version", 1)
            try file.attribute("creator", "ntklab \(ntklabVersion)")
            try file.attribute("config", plan.source.text)
            for (axis, name) in zip(plan.sweep.axes, names) {
                if let whole = axis.integers {
                    try file.dataset(name, whole, attributes: ["long_name": axis.key])
                } else if axis.isNumeric {
                    try file.dataset(name, axis.values.map { $0.number ?? .nan }, attributes: ["long_name": axis.key])
                } else {
                    try file.strings(name, axis.values.map(\.text), attributes: ["long_name": axis.key])
                }
            }
            let codes = rows.map { Int64(CellState.words.firstIndex(of: $0.state.word) ?? 0) }
            try file.dataset(
                "status", codes, shape: shape,
                attributes: [
                    "long_name": "how the cell ended",
                    "flag_meanings": CellState.words.joined(separator: " "),
                    "flag_values": CellState.words.indices.map { "\($0)" }.joined(separator: " "),
                ])
            let reached = rows.map { row in row.measurement.map { $0.hasReached ? 1.0 : 0 } ?? .nan }
            try file.dataset(
                "reached", reached, shape: shape, attributes: Self.attributes("whether it got where cells stop"))
            for name in observables {
                try file.dataset(
                    name, rows.map { $0.value(name) }, shape: shape, attributes: Self.attributes(Self.meaning(of: name))
                )
            }
            for (index, name) in names.enumerated() {
                try file.scale(name, named: name, axes: (["status", "reached"] + observables).map { ($0, index) })
            }
        }
    }

    private static func attributes(_ meaning: String) -> [String: String] { ["units": "1", "long_name": meaning] }

    package static func meaning(of name: String) -> String {
        switch name {
        case "loss_ratio": "F_T/F_0"
        case "steps": "steps that were made"
        case chosenWidth: "width that sweep.parameters chose"
        case chosenWeights: "trained weights at that width"
        default: ScalingObservable(rawValue: name)?.meaning ?? ProbeKinds.meaning(of: name)
        }
    }
}
