import Cells
import Console
import Files
import Foundation
import Sweeps

/// What running cells side by side costs beside their training.
package enum SweepBenchmark {
    package struct Row: Encodable, Sendable {
        package let cells: Int
        package let processes: Int
        package let wallSeconds: Double
        /// Sum over cells of the time in steps, measurements and their files.
        package let trainingSeconds: Double
        /// Wall time over that of the training, spread evenly over the processes.
        package let ratio: Double
        /// What is not training, per cell: loading, weights and λ_max of the run, and what the sweep adds.
        package let overheadMilliseconds: Double
        /// The sweep's own part of it: without what a run of its own takes before its first step.
        package let ownMilliseconds: Double
    }

    /// Runs cells that differ in their seed in a temporary folder: paper's network, width 256, three layers, 64
    /// samples, 500 steps.
    package static func run(cells: Int, jobs: Int?, folder: String) throws -> Row {
        let name = "bench-sweep-\(getpid())"
        let text = """
            data: {source: sphere, samples: 64, dimension: 16}
            model: {network: mlp, width: 256, depth: 3, parametrization: paper}
            training: {learning_rate: auto, stop: {steps: 500}}
            sweep: {axes: {seed: 0..\(cells - 1)}}
            """
        let plan = try SweepPlan(text: text, source: "bench sweep", defaultName: name)
        defer { do { try FileManager.default.removeItem(atPath: "\(folder)/\(name)") } catch {} }
        let clock = Stopwatch()
        let share = MachineShare(jobs: jobs, stopsAtFailure: true, isQuiet: true)
        let outcome = try Sweep.run(plan, out: folder, share) { _ in }
        let wall = clock.seconds
        let records = outcome.results.table.rows.compactMap(\.state.record)
        guard records.count == cells else { throw LabError("bench sweep: \(cells - records.count) cells did not run") }
        let training = records.reduce(0) { $0 + ($1.seconds ?? 0) }
        let setup = records.reduce(0) { $0 + ($1.setupSeconds ?? 0) }
        let processes = min(share.slots, cells)
        let busy = wall * Double(processes)
        return Row(
            cells: cells, processes: processes, wallSeconds: wall, trainingSeconds: training, ratio: busy / training,
            overheadMilliseconds: 1e3 * (busy - training) / Double(cells),
            ownMilliseconds: 1e3 * (busy - training - setup) / Double(cells))
    }
}
