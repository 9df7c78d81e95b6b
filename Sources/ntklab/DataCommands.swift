import ArgumentParser
import Datasets
import Exchange

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Bring data into the lab.",
        subcommands: [List.self, Import.self, Samples.self, Batches.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the public data sets that the lab knows, and which of their files are here.")

        @Option(help: "Folder of the data sets' folders.", completion: .directory)
        var folder = "datasets"
        @OptionGroup var results: ResultOptions

        func run() throws {
            let list = DataList(folder: folder)
            try results.show(list, lines: list.lines)
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Convert CSV, IDX, NPY or NPZ data to an HDF5 dataset.")

        @Option(help: "csv, idx, npy, npz or hdf5.")
        var format: DataImport.Format

        @Argument(help: "The file of inputs.", completion: .file())
        var file: String

        @Option(help: "The file of labels, for idx and npy.", completion: .file())
        var labels: String?

        @Option(help: "Number of last CSV columns that are real targets; 0 for one label column.")
        var targetColumns: Int?

        @Option(
            name: .customLong("set"),
            help:
                "How the file is read, by a key of a configuration's data: --set label_column=first, --set inputs=x_train. May be repeated.",
            completion: .list(DataImport.keys)
        )
        var overrides: [String] = []

        @Option(help: "The HDF5 file to write, such as datasets/NAME.h5.", completion: .hdf5)
        var to: String

        @Flag(help: "Replace the file if it is there.")
        var force = false

        @OptionGroup var results: ResultOptions

        func run() throws {
            let columns = targetColumns.map { ["target_columns=\($0)"] } ?? []
            let report = try DataImport.run(
                format, from: file, labels: labels, overrides: columns + overrides, to: to, isForced: force)
            try results.show(report) { _ in report.lines }
        }
    }
}

extension DataImport.Format: ExpressibleByArgument {}
