import Foundation
import LinearAlgebra
import Theory

/// Runs sweeps and makes their results.
public enum Sweep {
    /// How a call of `run` ended.
    public struct Outcome {
        public let path: String
        public let results: SweepResults
        /// Whether a signal ended it early.
        public let bySignal: Bool
    }

    /// Starts a sweep, or goes on with one: runs the cells that are missing, then makes the results.
    /// - Parameters:
    ///   - out: folder of sweeps and runs; the sweep's own is named after it.
    ///   - jobs: processes at once; by default chosen from counted flops and memory.
    ///   - stopsAtFailure: whether the first cell that fails or diverges ends the sweep.
    /// - Throws: `LabError` where the folder is another sweep's, or in use.
    public static func run(
        _ plan: SweepPlan, out: String, jobs: Int?, stopsAtFailure: Bool, quiet: Bool, say: @escaping (String) -> Void
    ) throws -> Outcome {
        let directory = try SweepDirectory(plan, out: out)
        Interruption.listen()
        // A worker that dies is found when its end is collected, not by a signal for writing to it.
        signal(SIGPIPE, SIG_IGN)
        say("sweep     \(directory.path)")
        for remark in plan.remarks { say(remark.line) }
        if let remark = directory.strangers(to: plan) { say("warning   \(remark)") }
        var scheduler = SweepScheduler(directory, jobs: jobs, stopsAtFailure: stopsAtFailure, quiet: quiet, say: say)
        try scheduler.run(plan.cells)
        var tried: Set<String> = []
        if !scheduler.wasStopped { CriticalSearch(plan, in: directory)?.forecast.forEach(say) }
        while !scheduler.wasStopped {
            let needed = CriticalSearch(plan, in: directory, tried: tried)?.needed ?? []
            if needed.isEmpty { break }
            scheduler = SweepScheduler(directory, jobs: jobs, stopsAtFailure: stopsAtFailure, quiet: quiet, say: say)
            try scheduler.run(needed)
            tried.formUnion(needed.map(\.id))
        }
        let results = SweepResults(plan, in: directory)
        try results.write()
        return Outcome(path: directory.path, results: results, bySignal: Interruption.isRequested)
    }
}

/// What a sweep has come to, made from its cells.
public struct SweepResults {
    let plan: SweepPlan
    let directory: SweepDirectory
    let table: SweepTable
    /// Exponents of the width.
    public let fits: SweepFits
    public let critical: CriticalWidths?

    init(_ plan: SweepPlan, in directory: SweepDirectory) {
        self.plan = plan
        self.directory = directory
        table = SweepTable(plan, in: directory)
        fits = SweepFits(table)
        critical = CriticalSearch(plan, in: directory).map { CriticalWidths($0) }
    }

    /// Reads the sweep in a folder.
    public init(directory path: String) throws {
        self.init(try SweepPlan(directory: path), in: SweepDirectory(reading: path))
    }

    /// Writes `sweep.csv`, `sweep.h5`, `fits.json` and `critical_width.csv`.
    public func write() throws {
        if !plan.cells.isEmpty {
            try RunDirectory.write(table.csv(), to: directory.table)
            try table.write(to: directory.arrays)
        }
        try RunDirectory.write(JSONText.file(json) + "\n", to: directory.fits)
        if let critical { try RunDirectory.write(critical.csv(), to: directory.criticalTable) }
    }

    /// Fits and critical widths as lines.
    public func lines(columns: Int) -> [String] {
        fits.lines(columns: columns) + (critical?.lines(columns: columns) ?? [])
    }

    /// Cells that diverged; that failed or have no configuration, and critical widths that are unknown for that; and
    /// cells that are not complete.
    public var counts: (diverged: Int, failed: Int, open: Int) {
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
