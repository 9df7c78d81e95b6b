import Files
import Foundation
import HDF5
import Measurements
import Training

/// The metrics of a run so far: one row a tracked step, one column a metric, NaN where unknown.
package struct MetricHistory: Equatable {
    /// The most columns that share a dimension scale: HDF5 1.10 keeps 16 bytes of each in one attribute.
    package static let columnLimit = 4000

    package private(set) var columns: [String] = []
    package private(set) var rows: [[Double]] = []

    package var isEmpty: Bool { rows.isEmpty }
    package var steps: [Int] { column(.step).map { Int($0) } }
    /// Step of the last row.
    package var lastStep: Int? {
        columns.firstIndex(of: MetricFamily.step.name).flatMap { index in rows.last.map { Int($0[index]) } }
    }

    /// Adds a row. A metric that was not there before gets a column, in which earlier rows are unknown.
    package mutating func append(_ metrics: [Metric]) {
        addColumns(of: metrics)
        let byName = Dictionary(metrics.map { ($0.name, $0.value) }) { first, _ in first }
        rows.append(columns.map { byName[$0] ?? .nan })
    }

    private mutating func addColumns(of metrics: [Metric]) {
        let known = Set(columns)
        let new = metrics.map(\.name).filter { !known.contains($0) }
        if !new.isEmpty { addColumns(new) }
    }

    /// Adds metrics that were not there before; earlier rows don't know them.
    package mutating func addColumns(_ names: [String]) {
        columns += names
        for row in rows.indices { rows[row] += [Double](repeating: .nan, count: names.count) }
    }

    /// Adds a row of one value for each column.
    package mutating func append(row: [Double]) { rows.append(row) }

    package var lastRow: [Metric] { zip(columns, rows.last ?? []).map { Metric($0, $1) } }

    /// Gives the last row what it lacks.
    package mutating func completeLastRow(_ metrics: [Metric]) {
        guard let last = rows.indices.last else { return }
        addColumns(of: metrics)
        let byName = Dictionary(metrics.map { ($0.name, $0.value) }) { first, _ in first }
        for (index, name) in columns.enumerated() where rows[last][index].isNaN {
            rows[last][index] = byName[name] ?? .nan
        }
    }

    /// Forgets the values that a predicate on step and column does not allow.
    package mutating func restrict(_ isAllowed: (_ step: Int, _ column: String) -> Bool) {
        for (row, step) in steps.enumerated() {
            for (index, name) in columns.enumerated() where !isAllowed(step, name) { rows[row][index] = .nan }
        }
    }

    package func column(_ name: String) -> [Double] {
        columns.firstIndex(of: name).map { index in rows.map { $0[index] } } ?? []
    }

    package func column(_ family: MetricFamily) -> [Double] { column(family.name) }

    /// Keeps the rows that a predicate on their step allows.
    package mutating func keep(_ isKept: (Int) -> Bool) {
        let steps = steps
        rows = rows.indices.filter { isKept(steps[$0]) }.map { rows[$0] }
    }

    /// One line of the journal; numbers in the shortest form that reads back to the same bits.
    package func line(_ row: Int) -> String {
        let fields = zip(columns, rows[row]).map { name, value in
            let number = name == MetricFamily.step.name ? "\(Int(value))" : value.isFinite ? "\(value)" : "null"
            return "\"\(name)\":\(number)"
        }
        return "{" + fields.joined(separator: ",") + "}\n"
    }

    /// Step and value of the smallest training loss.
    package var best: (step: Int, loss: Double)? {
        zip(steps, column(.trainLoss)).filter { !$0.1.isNaN }.min { $0.1 < $1.1 }.map { ($0.0, $0.1) }
    }

    private static let group = "/metrics"
    private static func path(_ name: String) -> String { "\(group)/\(name)" }

    /// The steps of the rows that a file holds, without the rest.
    /// - Throws: `HDF5Error`.
    package static func steps(in file: HDF5File) throws -> [Double] {
        try file.read(path(MetricFamily.step.name), as: Double.self, limit: 1 << 28).values
    }

    /// Writes /metrics, a column a dataset on a shared `step` scale, as h5py and xarray open it.
    package func write(to file: HDF5Writer) throws {
        try file.group(Self.group)
        for (index, name) in columns.enumerated() {
            try file.dataset(
                Self.path(name), rows.map { $0[index] },
                attributes: [
                    "units": ProbeKinds.family(of: name)?.unit ?? "1", "long_name": ProbeKinds.meaning(of: name),
                ])
        }
        guard columns.contains(MetricFamily.step.name) else { return }
        let others = columns.filter { $0 != MetricFamily.step.name }.map { (Self.path($0), 0) }
        try file.scale(Self.path(MetricFamily.step.name), named: MetricFamily.step.name, axes: others)
        try file.attribute("NX_class", of: Self.group, "NXdata")
        try file.attribute("signal", of: Self.group, MetricFamily.trainLoss.name)
        try file.attribute("axes", of: Self.group, MetricFamily.step.name)
    }

    /// Reads /metrics of a checkpoint; the attribute of the root keeps the order of the columns.
    package init(reading file: HDF5File) throws {
        let order = try file.required("metric_columns", file.string("metric_columns", of: "/"))
        columns = order.split(separator: " ").map(String.init)
        try readRows(of: file)
    }

    package init() {}

    /// Without rows.
    package init(columns: [String]) { self.columns = columns }

    /// Reads `metrics.h5`: the columns in the order of their names, `step` first.
    package init(tableOf file: HDF5File) throws {
        columns =
            [MetricFamily.step.name] + (try file.names(in: Self.group)).filter { $0 != MetricFamily.step.name }.sorted()
        try readRows(of: file)
    }

    private mutating func readRows(of file: HDF5File) throws {
        let values = try columns.map { try file.read(Self.path($0), as: Double.self, limit: 1 << 28).values }
        guard let count = values.first?.count, values.allSatisfy({ $0.count == count }) else { return }
        let steps = columns.firstIndex(of: MetricFamily.step.name).map { values[$0] } ?? []
        guard steps.count == count, steps.allSatisfy({ (0...1e15).contains($0) && $0 == $0.rounded() }) else {
            throw LabError("\(Self.path(MetricFamily.step.name)): expected the steps of \(count) rows, found others")
        }
        rows = (0..<count).map { row in values.map { $0[row] } }
    }
}

extension MetricHistory {
    /// `metrics.h5`: the columns, and the same as one compound table for pandas.
    package func writeFile(to path: String, _ header: FileHeader) throws {
        try HDF5Writer.write(to: path) { file in
            try header.write(to: file, format: "ntklab-metrics")
            try write(to: file)
            // A compound type has to fit into one object header message, of 64 KiB at most.
            if columns.reduce(0, { $0 + $1.utf8.count + 64 }) < 60_000 {
                try file.table("/table/rows", columns: columns, rows: rows.count, values: rows.flatMap { $0 })
            }
            try file.attribute("default", "metrics")
        }
    }
}
