import ArgumentParser
import Benchmarks
import Console
import Foundation

extension Bench {
    struct SweepOfCells: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sweep", abstract: "Small cells side by side, beside the time of their training alone.")

        @Option(help: "Cells: width 256, three layers, 64 samples, 500 steps.") var cells = 200
        @Option(help: "Processes at once; as many as cores by default.") var jobs: Int?
        @Option(help: "Folder for the runs, which are deleted afterwards.", completion: .directory)
        var folder = NSTemporaryDirectory()
        @OptionGroup var results: ResultOptions

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
            try results.show(row) { wrapped(row.words, columns: $0, indent: 4) }
        }
    }
}
