import Cells
import Execution
import Foundation

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
    ///   - jobs: processes at once; by default chosen from counted flops and memory.
    ///   - stopsAtFailure: whether the first cell that fails or diverges ends the sweep.
    /// - Throws: `LabError` where the folder is another sweep's, or in use.
    package static func run(
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
