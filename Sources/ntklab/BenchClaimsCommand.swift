import ArgumentParser
import Benchmarks
import Console
import Foundation

extension Bench {
    struct Claims: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "claims", abstract: "Handing out work to many processes through a shared folder.")

        @Option(help: "Empty cells.") var cells = 10_000
        @Option(help: "Processes that take them.") var workers = 8
        @Option(help: "The folder whose file system is measured.", completion: .directory)
        var folder = NSTemporaryDirectory()
        @OptionGroup var results: ResultOptions

        func validate() throws {
            for (name, value, limit) in [("cells", cells, 1_000_000), ("workers", workers, 256)]
            where !(1...limit).contains(value) {
                throw ValidationError("--\(name): expected 1 to \(limit), found \(value)")
            }
        }

        func run() throws {
            let row = try ClaimBenchmark.run(
                cells: cells, workers: workers, folder: folder, command: ["bench", Worker.name])
            try results.show(row) { wrapped(row.words, columns: $0, indent: 4) }
        }
    }

    /// One of the processes of `bench claims`.
    struct Worker: ParsableCommand {
        static let name = "claims-worker"
        static let configuration = CommandConfiguration(
            commandName: name, abstract: "Take cells for `bench claims`.", shouldDisplay: false)

        @Argument var folder: String
        @Argument var cells: Int

        func run() throws { print(try ClaimBenchmark.work(in: folder, cells: cells)) }
    }
}
