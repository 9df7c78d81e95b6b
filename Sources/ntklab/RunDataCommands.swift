import ArgumentParser
import Datasets
import Exchange
import RunFolders

extension DataCommand {
    struct Samples: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the samples of a run as it is trained on them: data.h5, also where the run left it out.")

        @Argument(help: .run, completion: .run)
        var directory: String

        @Option(help: "The HDF5 file to write.", completion: .hdf5)
        var to: String

        @Flag(help: "Replace the file if it is there.")
        var force = false

        @OptionGroup var results: ResultOptions

        func run() throws {
            try SampleExport.run(RunLocator.find(directory), to: to, isForced: force)
            try results.show(WrittenFile(file: to)) { _ in [to] }
        }
    }

    struct Batches: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the training samples that each step of a run sees, its learning rate and gradient scale.")

        @Argument(help: .run, completion: .run)
        var directory: String

        @Option(help: "The steps, counted from 0: 7, or 0..99 for the first hundred.")
        var steps: StepRange

        @Option(help: "An HDF5 file to write them to, instead of printing.", completion: .hdf5)
        var to: String?

        @Flag(help: "Replace the file if it is there.")
        var force = false

        @OptionGroup var results: ResultOptions

        func run() throws {
            let rows = try BatchRows(ofRun: RunLocator.find(directory), steps: steps.steps)
            if let to {
                try rows.write(to: to, isForced: force)
                return try results.show(WrittenFile(file: to)) { _ in [to] }
            }
            if !results.json { print(BatchRows.Step.titles) }
            try rows.forEach { step in try results.show(step) { _ in [step.line] } }
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
