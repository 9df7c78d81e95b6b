import Cells
import Console
import Foundation
import Runs

/// What a sweep has come to, made from its cells.
package struct SweepResults {
    package let plan: SweepPlan
    package let directory: SweepDirectory
    package let table: SweepTable
    /// Exponents of the width.
    package let fits: SweepFits
    package let critical: CriticalWidths?

    package init(_ plan: SweepPlan, in directory: SweepDirectory) {
        self.plan = plan
        self.directory = directory
        table = SweepTable(plan, in: directory)
        fits = SweepFits(table)
        critical = CriticalSearch(plan, in: directory).map { CriticalWidths($0) }
    }

    /// Reads the sweep in a folder.
    package init(directory path: String) throws {
        self.init(try SweepPlan(directory: path), in: SweepDirectory(reading: path))
    }

    /// Writes `sweep.csv`, `sweep.h5`, `fits.json` and `critical_width.csv`.
    package func write() throws {
        if !plan.cells.isEmpty {
            try RunDirectory.write(table.csv(), to: directory.table)
            try table.write(to: directory.arrays)
        }
        try RunDirectory.write(JSONText.file(json) + "\n", to: directory.fits)
        if let critical { try RunDirectory.write(critical.csv(), to: directory.criticalTable) }
    }

    /// On what its cells were made.
    var machines: CellMachines { CellMachines(table.rows.compactMap(\.state.record)) }

    /// Fits and critical widths as lines, and what there is to say of the machines.
    package func lines(columns: Int) -> [String] {
        fits.lines(columns: columns) + (critical?.lines(columns: columns) ?? [])
            + machines.lines.flatMap { wrapped($0, columns: columns, indent: 10) }
    }

    /// Cells that diverged; that failed or have no configuration, and critical widths that are unknown for that; and
    /// cells that are not complete.
    package var counts: (diverged: Int, failed: Int, open: Int) {
        let cells = table.rows.reduce(into: (diverged: 0, failed: 0, open: 0)) { counts, row in
            switch row.state {
            case .diverged: counts.diverged += 1
            case .failed, .bad: counts.failed += 1
            case .running, .interrupted, .waiting: counts.open += 1
            case .done: break
            }
        }
        return (critical?.places ?? []).reduce(into: cells) { counts, place in
            switch place.outcome {
            case .failed: counts.failed += 1
            case .needs: counts.open += 1
            case .found, .below, .above, .singular: break
            }
        }
    }
}
