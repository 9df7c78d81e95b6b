import ArgumentParser
import Lab

extension DataCommand {
    struct Samples: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the samples of a run as it is trained on them: data.h5, also where the run left it out.")

        @Argument(help: .run)
        var directory: String

        @Option(help: "The HDF5 file to write.")
        var to: String

        @Flag(help: "Replace the file if it is there.")
        var force = false

        func run() throws {
            try SampleExport.run(RunLocator.find(directory), to: to, isForced: force)
            print(to)
        }
    }

    struct Batches: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the training samples that each step of a run sees, its learning rate and gradient scale.")

        @Argument(help: .run)
        var directory: String

        @Option(help: "The steps, counted from 0: 7, or 0..99 for the first hundred.")
        var steps: StepRange

        @Option(help: "An HDF5 file to write them to, instead of printing.")
        var to: String?

        @Flag(help: "Replace the file if it is there.")
        var force = false

        func run() throws {
            let rows = try BatchRows(ofRun: RunLocator.find(directory), steps: steps.steps)
            guard let to else { return rows.printLines { print($0) } }
            try rows.write(to: to, isForced: force)
            print(to)
        }
    }
}

/// `7` or `0..99`, the last one included.
struct StepRange: ExpressibleByArgument {
    let steps: ClosedRange<Int>

    init?(argument: String) {
        let parts = argument.split(separator: "..", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = parts.first ?? nil, let last = parts.last ?? nil, parts.count <= 2, 0 <= first, first <= last
        else { return nil }
        steps = first...last
    }
}
