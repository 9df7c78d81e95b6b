import Execution
import LinearAlgebra

/// How much of this machine works on cells, and how.
package struct MachineShare: Sendable {
    /// Cores for all cells at once.
    package let cores: Int
    /// Processes at once, where that is forced.
    package let jobs: Int?
    /// Whether the first cell that fails or diverges ends it.
    let stopsAtFailure: Bool
    let isQuiet: Bool

    /// - Parameters:
    ///   - cores: all that the process may use where nil.
    ///   - jobs: chosen from flops and memory where nil.
    package init(cores: Int? = nil, jobs: Int? = nil, stopsAtFailure: Bool = false, isQuiet: Bool = false) {
        self.cores = min(cores ?? .max, Machine.processors)
        (self.jobs, self.stopsAtFailure, self.isQuiet) = (jobs, stopsAtFailure, isQuiet)
    }

    /// Cells side by side.
    package var slots: Int { jobs ?? cores }
    /// Threads of each.
    var threadsEach: Int { max(cores / slots, 1) }

    /// Whether a cell takes its turn with all threads.
    package func takesTurns(_ cost: CellCost) -> Bool {
        // A step of a second on one core: nothing is lost by threads, and results come one after another.
        jobs == nil && (cost.stepFlops > 5e10 || cost.bytes * Double(cores) > 0.7 * Double(Memory.limit))
    }
}
