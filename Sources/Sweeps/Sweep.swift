import Cells
import Execution
import Foundation
import LinearAlgebra

/// Runs sweeps and makes their results.
package enum Sweep {
    /// How a call of `run` ended.
    package struct Outcome {
        package let path: String
        package let results: SweepResults
        /// Whether a signal ended it early.
        package let bySignal: Bool
    }

    /// Starts a sweep, or goes on with one: runs the cells that are missing, then makes the results.
    /// - Parameters:
    ///   - out: folder of sweeps and runs; the sweep's own is named after it.
    ///   - share: what works on the cells.
    ///   - requiredCore: the BLAS core that all workers have to have; any where nil.
    /// - Throws: `LabError` where the folder is another sweep's, or in use.
    package static func run(
        _ plan: SweepPlan, out: String, _ share: MachineShare, requiredCore: String? = nil,
        say: @escaping (String) -> Void
    ) throws -> Outcome {
        let call = try SweepCall(plan, requiredCore: requiredCore)
        try call.refuseOther(core: BLAS.core, of: plan.name)
        let directory = try SweepDirectory(plan, out: out, call)
        announce(directory, plan, say)
        try work(plan, SweepScheduler.Assignment(directory, call, share, say: say), leaves: false)
        let results = SweepResults(plan, in: directory)
        try results.write()
        return Outcome(path: directory.path, results: results, bySignal: Interruption.isRequested)
    }

    /// Makes the folder of a sweep, or takes one that is there for what it is to be now, and runs nothing: workers do.
    /// - Returns: its path, and the cells that workers can begin with.
    /// - Throws: `LabError` where the folder is another sweep's, or in use.
    package static func prepare(
        _ plan: SweepPlan, out: String, requiredCore: String? = nil, say: (String) -> Void
    ) throws -> (path: String, open: Int) {
        let directory = try SweepDirectory(plan, out: out, SweepCall(plan, requiredCore: requiredCore))
        announce(directory, plan, say)
        let open = plan.cells.filter { !directory.state(of: $0).isFinal }
        let search = CriticalSearch(plan, in: directory, tried: [])?.needed ?? []
        if open.isEmpty, search.isEmpty { try SweepResults(plan, in: directory).write() }
        return (directory.path, Set((open + search).map(\.id)).count)
    }

    private static func announce(_ directory: SweepDirectory, _ plan: SweepPlan, _ say: (String) -> Void) {
        say("sweep     \(directory.path)")
        for remark in plan.remarks { say(remark.line) }
        if let remark = directory.strangers(to: plan) { say("warning   \(remark)") }
    }

    /// Runs the cells of the grid, then those that the search for critical widths asks for, one after another.
    /// - Parameter leaves: whether it ends where others work on all that is left.
    static func work(_ plan: SweepPlan, _ assignment: SweepScheduler.Assignment, leaves: Bool) throws {
        Interruption.listen()
        // A worker that dies is found when its end is collected, not by a signal for writing to it.
        signal(SIGPIPE, SIG_IGN)
        // A search will have more for those who wait.
        let hasSearch = plan.sweep.criticalWidth != nil
        var scheduler = try SweepScheduler(assignment)
        try scheduler.run(plan.cells, leaves: leaves && !hasSearch)
        var tried: Set<String> = []
        if !scheduler.wasStopped { CriticalSearch(plan, in: assignment.directory)?.forecast.forEach(assignment.say) }
        while !scheduler.wasStopped {
            let needed = CriticalSearch(plan, in: assignment.directory, tried: tried)?.needed ?? []
            if needed.isEmpty { break }
            scheduler = try SweepScheduler(assignment)
            try scheduler.run(needed)
            tried.formUnion(needed.map(\.id))
        }
    }
}
