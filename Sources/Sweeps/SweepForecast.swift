import Cells
import Console
import Execution
import Files
import RunFolders
import Statistics

/// What a sweep would do: its cells, how they stand and what they cost.
package struct SweepForecast: Encodable, Sendable {
    struct Cell: Encodable, Sendable {
        let id: String
        let label: String
        let status: String
        /// Of all steps that it may take; nil where nothing is left to do.
        var flops: Double?
        /// Peak of its process.
        var bytes: Double?
        /// Whether it runs alone, with all threads.
        var takesTurns: Bool?
        var problem: String?
    }

    let cells: [Cell]
    /// Cells that are left, what they cost, and how many of them take turns.
    package let left: Int
    /// What is done with those that are there, in words.
    private let work: String
    package let flops: Double
    package let inTurns: Int
    package let processes: Int
    package let threads: Int
    /// What there is to say of the data.
    package let remarks: [String]
    /// Where the search for critical widths stands.
    package let critical: [String]

    /// Whether every cell could begin.
    package var isSound: Bool { cells.allSatisfy { $0.problem == nil } }

    /// - Throws: what is wrong with the data or network of every cell, where that is the same.
    package init(_ plan: SweepPlan, out: String, jobs: Int?) throws {
        let directory = SweepDirectory(reading: "\(out)/\(plan.name)")
        if SweepFile.isSweep(directory.path) { try directory.refuseOther(plan) }
        var costs = CellCosts()
        let share = MachineShare(jobs: jobs)
        let states = plan.cells.map { directory.state(of: $0) }
        costs.count(zip(plan.cells, states).filter { !$0.1.isFinal }.map(\.0))
        let works = plan.cells.map { directory.work(for: $0) }
        // A cell without a configuration has nothing to do, and is not done.
        work = CellWork.counts(zip(plan.cells, works).filter { $0.0.id != "" }.map(\.1))
        cells = zip(plan.cells, zip(states, works)).map { cell, found in
            let (state, work) = found
            var shown = Cell(id: cell.id, label: cell.label, status: work.word ?? state.word)
            // What is done needs its data no more.
            if state.isFinal, state.problem == nil { return shown }
            do {
                let cost = try costs.cost(of: cell.configuration.get())
                (shown.flops, shown.bytes) = (cost.flops, cost.bytes)
                shown.takesTurns = share.takesTurns(cost)
            } catch {
                shown.problem = "\(error)"
            }
            return shown
        }
        let problems = cells.compactMap(\.problem)
        if let problem = problems.first, problems.count == plan.cells.count, Set(problems).count == 1 {
            throw LabError(problem)
        }
        let open = zip(cells, states).filter { !$0.1.isFinal }.map(\.0)
        (left, flops) = (open.count, open.reduce(0) { $0 + ($1.flops ?? 0) })
        inTurns = open.count { $0.takesTurns == true }
        (processes, threads) = (share.slots, share.cores)
        remarks = (plan.remarks + costs.remarks).map(\.line)
        critical = CriticalSearch.lines(plan, directory)
    }

    /// For a terminal.
    package func lines(columns: Int) -> [String] {
        let rows = cells.filter { $0.problem == nil }.map { cell -> [String] in
            let cost = [
                cell.flops.map { "\(engineering($0))flop at most" } ?? "",
                cell.bytes.map { "\(Int($0 / 1e6)) MB" } ?? "",
            ]
            return [cell.id, cell.label, cell.status] + cost
                + [cell.takesTurns == true ? "takes its turn" : ""]
        }
        let titles: [TextTable.Column] = [
            .text("cell"), .text("place", least: 16), .text("status"), .number("cost"), .number("memory"),
            .text("", least: 14),
        ]
        let problems = cells.compactMap { cell in cell.problem.map { "cell      \(cell.label): \($0)" } }
        let summary = [
            "cells     \(cells.count), \(left) to run\(work), \(engineering(flops))flop at most",
            "processes \(processes) side by side, \(inTurns) cells take turns with \(threads) threads",
        ]
        return (rows.isEmpty ? [] : TextTable(titles, rows).lines(width: columns))
            + (problems + remarks + summary + critical).flatMap { wrapped($0, columns: columns, indent: 10) }
    }
}

extension CriticalSearch {
    /// Where the search of a sweep stands; none without one.
    package static func lines(_ plan: SweepPlan, _ directory: SweepDirectory) -> [String] {
        guard let search = CriticalSearch(plan, in: directory) else { return [] }
        return search.forecast + search.places().map { "critical  \($0.label): \($0.shown)" }
    }
}
