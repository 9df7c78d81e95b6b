import ArgumentParser
import Lab

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Bring data into the lab.",
        subcommands: [List.self, Import.self, Samples.self, Batches.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the public data sets that the lab knows, and which of their files are here.")

        @Option(help: "Folder of the data sets' folders.")
        var folder = "datasets"

        func run() { print(DataList.describe(folder: folder)) }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Convert CSV, IDX, NPY or NPZ data to an HDF5 dataset.")

        @Option(help: "csv, idx, npy, npz or hdf5.")
        var format: DataImport.Format

        @Argument(help: "The file of inputs.")
        var file: String

        @Option(help: "The file of labels, for idx and npy.")
        var labels: String?

        @Option(help: "Number of last CSV columns that are real targets; 0 for one label column.")
        var targetColumns: Int?

        @Option(
            name: .customLong("set"),
            help:
                "How the file is read, by a key of a configuration's data: --set label_column=first, --set inputs=x_train. May be repeated."
        )
        var overrides: [String] = []

        @Option(help: "The HDF5 file to write, such as datasets/NAME.h5.")
        var to: String

        @Flag(help: "Replace the file if it is there.")
        var force = false

        func run() throws {
            let columns = targetColumns.map { ["target_columns=\($0)"] } ?? []
            let lines = try DataImport.run(
                format, from: file, labels: labels, overrides: columns + overrides, to: to, isForced: force)
            lines.forEach { print($0) }
        }
    }
}

extension DataImport.Format: ExpressibleByArgument {}
