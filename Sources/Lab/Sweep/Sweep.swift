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

    /// What a sweep would do: its cells, how they stand and what they cost.
    /// - Throws: what is wrong with the data or network of every cell, where that is the same.
    public static func describe(_ plan: SweepPlan, out: String, jobs: Int?) throws -> Description {
        let directory = SweepDirectory(reading: "\(out)/\(plan.name)")
        var costs = CellCosts()
        var (flops, inTurns) = (0.0, 0)
        var problems: [String] = []
        let lines = plan.cells.map { cell -> String in
            let state = directory.state(of: cell)
            // What is done needs its data no more.
            if state.isFinal, state.problem == nil { return "cell      \(cell.id)  \(cell.label)  \(state.word)" }
            do {
                let cost = try costs.cost(of: cell.configuration.get())
                let isLarge = jobs == nil && SweepScheduler.takesTurns(cost)
                if !state.isFinal { (flops, inTurns) = (flops + cost.flops, inTurns + (isLarge ? 1 : 0)) }
                return "cell      \(cell.id)  \(cell.label)  \(state.word)  \(engineering(cost.flops))flop at most  "
                    + "\(Int(cost.bytes / 1e6)) MB\(isLarge ? "  takes its turn" : "")"
            } catch {
                problems.append("\(error)")
                return "cell      \(cell.label): \(error)"
            }
        }
        if let problem = problems.first, problems.count == plan.cells.count, Set(problems).count == 1 {
            throw LabError(problem)
        }
        let left = plan.cells.filter { !directory.state(of: $0).isFinal }.count
        let summary = [
            "cells     \(plan.cells.count), \(left) to run, \(engineering(flops))flop at most",
            "processes \(jobs ?? SweepScheduler.cores) side by side, \(inTurns) cells take turns with \(SweepScheduler.cores) threads",
        ]
        return Description(
            lines: lines + (plan.remarks + costs.remarks).map(\.line) + summary + criticalLines(plan, directory),
            isSound: problems.isEmpty)
    }

    /// What a sweep would do, in lines, and whether every cell could begin.
    public struct Description: Sendable {
        public let lines: [String]
        public let isSound: Bool
    }

    /// Where the search for critical widths stands.
    private static func criticalLines(_ plan: SweepPlan, _ directory: SweepDirectory) -> [String] {
        guard let search = CriticalSearch(plan, in: directory) else { return [] }
        return search.forecast + search.places().map { "critical  \($0.label): \($0.shown)" }
    }

    /// How the cells of a sweep stand: counts, and a line for each that is not well.
    public static func status(_ path: String) throws -> [String] {
        let plan = try SweepPlan(directory: path)
        let directory = SweepDirectory(reading: path)
        let states = plan.cells.map { ($0, directory.state(of: $0)) }
        let counts = CellState.words.compactMap { word -> String? in
            let count = states.filter { $0.1.word == word }.count
            return count > 0 ? "\(count) \(word)" : nil
        }
        let problems = states.compactMap { cell, state in state.problem.map { "cell      \(cell.label): \($0)" } }
        let cells = counts.isEmpty ? "none on a grid" : "\(plan.cells.count): \(counts.joined(separator: ", "))"
        return ["cells     \(cells)"] + problems + criticalLines(plan, directory)
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
        try RunDirectory.write(json() + "\n", to: directory.fits)
        if let critical { try RunDirectory.write(critical.csv(), to: directory.criticalTable) }
    }

    /// Fits and critical widths as lines.
    public var lines: [String] { fits.lines + (critical?.lines ?? []) }

    /// Cells that diverged; that failed or have no configuration, and critical widths that are unknown for that; and
    /// cells that are not complete.
    public var counts: (diverged: Int, failed: Int, open: Int) {
        let cells = table.rows.reduce(into: (diverged: 0, failed: 0, open: 0)) { counts, row in
            switch row.state {
            case .diverged: counts.diverged += 1
            case .failed, .bad: counts.failed += 1
            case .running, .interrupted, .missing: counts.open += 1
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
