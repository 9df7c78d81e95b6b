import Cells
import Execution
import LinearAlgebra

/// A worker of a sweep: takes cells until none is left for it, and makes the results if it was the last.
package enum SweepWorker {
    /// How a worker ended.
    package struct Outcome: Encodable, Sendable {
        /// Cells that failed here.
        package let failures: Int
        /// Cells that are not complete, that others work on or that wait.
        package let open: Int
        /// Whether a signal ended it.
        package let bySignal: Bool

        /// In words.
        package var words: String {
            (bySignal ? "stopped by a signal, " : "")
                + (open == 0 ? "every cell has ended" : "\(open) cell\(open == 1 ? " is" : "s are") left to others")
        }
    }

    /// Works in the folder of a sweep.
    /// - Parameters:
    ///   - hands: what of this host works.
    ///   - limit: seconds without a sign of life after which its claims may be taken over.
    /// - Throws: `LabError` where the folder is no sweep's, or this program or processor is none for it.
    package static func run(
        in folder: String, _ hands: Hands, limit: Double, say: @escaping (String) -> Void
    ) throws -> Outcome {
        let plan = try SweepPlan(directory: folder)
        let call = try SweepCall(reading: folder)
        try call.refuseOther(core: BLAS.core, of: folder)
        let directory = SweepDirectory(reading: folder, limit: limit)
        try directory.claims.requireWritable()
        say("sweep     \(folder)")
        let failures = try Sweep.work(plan, SweepScheduler.Assignment(directory, call, hands, say: say), leaves: true)
        // As it is now: a newer call may have grown it.
        let open = try openCells(of: SweepPlan(directory: folder), directory)
        if open == 0 { try SweepResults(directory: folder).write() }
        return Outcome(failures: failures, open: open, bySignal: Interruption.isRequested)
    }

    /// Cells that have not come to an end, good or bad.
    private static func openCells(of plan: SweepPlan, _ directory: SweepDirectory) -> Int {
        let open = plan.cells.count {
            switch directory.state(of: $0) {
            case .running, .interrupted, .waiting: true
            case .done, .diverged, .failed, .bad: false
            }
        }
        return open > 0 ? open : CriticalSearch(plan, in: directory)?.needed.count ?? 0
    }
}
