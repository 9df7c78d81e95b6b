import ArgumentParser
import Foundation
import Lab

extension Bench {
    struct SweepOfCells: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sweep", abstract: "Small cells side by side, beside the time of their training alone.")

        @Option(help: "Cells: width 256, three layers, 64 samples, 500 steps.") var cells = 200
        @Option(help: "Processes at once; as many as cores by default.") var jobs: Int?
        @Option(help: "Folder for the runs, which are deleted afterwards.") var folder = NSTemporaryDirectory()
        @Flag(help: "One JSON object.") var json = false

        func validate() throws {
            for (name, value, limit) in [("cells", cells, 100_000), ("jobs", jobs ?? 1, 256)] {
                if !(1...limit).contains(value) {
                    throw ValidationError("--\(name): expected 1 to \(limit), found \(value)")
                }
            }
        }

        func run() throws {
            try useStrongestCore()
            let row = try SweepBenchmark.run(cells: cells, jobs: jobs, folder: folder)
            if json { return try printJSON(row) }
            print(
                String(
                    format: "%d cells, %d processes  wall %.1f s  training %.1f s  %.3f times training/processes  "
                        + "%.0f ms a cell beside training, %.0f of it the sweep's own",
                    row.cells, row.processes, row.wallSeconds, row.trainingSeconds, row.ratio,
                    row.overheadMilliseconds, row.ownMilliseconds))
        }
    }
}
