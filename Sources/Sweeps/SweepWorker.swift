import Cells
import Execution
import LinearAlgebra

/// A worker of a sweep: takes cells until none is left for it, and makes the results if it was the last.
package enum SweepWorker {
    /// How a worker ended.
    package struct Outcome: Encodable, Sendable {
        /// Cells that failed in this call of the sweep, here or elsewhere.
        package let failures: Int
        /// Cells that are not complete, that others work on or that wait.
        package let open: Int
        /// Whether a signal ended it.
        package let bySignal: Bool

        /// In words.
        package var words: String {
            (bySignal ? "stopped by a signal, " : "")
                + (open == 0 ? "every cell has ended" : "\(open) cell\(open == 1 ? " is" : "s are") left to others")
                + (failures == 0 ? "" : "; \(failures) failed, which the next call of `ntklab sweep` tries again")
        }
    }

    /// Works in the folder of a sweep.
    /// - Parameters:
    ///   - share: what of this host works.
    ///   - limit: seconds without a sign of life after which its claims may be taken over.
    /// - Throws: `LabError` where the folder is no sweep's, or this program or processor is none for it.
    package static func run(
        in folder: String, _ share: MachineShare, limit: Double, say: @escaping (String) -> Void
    ) throws -> Outcome {
        let plan = try SweepPlan(directory: folder)
        let call = try SweepCall(reading: folder)
        try call.refuseOther(core: BLAS.core, of: folder)
        let directory = SweepDirectory(reading: folder, limit: limit)
        try directory.claims.requireWritable()
        say("sweep     \(folder)")
        try Sweep.work(plan, SweepScheduler.Assignment(directory, call, share, say: say), leaves: true)
        // As it is now: a newer call may have grown it.
        let now = try SweepPlan(directory: folder)
        let (open, failures) = openCells(of: now, directory)
        if open == 0 { try SweepResults(directory: folder).write() }
        return Outcome(failures: failures, open: open, bySignal: Interruption.isRequested)
    }

    /// Cells that have not come to an end, and those that failed.
    private static func openCells(of plan: SweepPlan, _ directory: SweepDirectory) -> (open: Int, failed: Int) {
        var (open, failed) = (0, 0)
        for cell in plan.cells {
            switch directory.state(of: cell) {
            case .running, .interrupted, .waiting: open += 1
            case .failed: failed += 1
            case .done, .diverged, .bad: break
            }
        }
        return (open > 0 ? open : CriticalSearch(plan, in: directory)?.needed.count ?? 0, failed)
    }
}
