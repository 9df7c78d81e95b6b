import Console
import Datasets
import Files

/// The keys of `data` that say how a file is read, kind of file by kind of file.
package struct DataSources {
    /// What is read: training samples, and test samples where those are apart.
    typealias Load = @Sendable () throws -> (train: any SampleSource, test: (any SampleSource)?)

    /// The keys that `data import` takes too, beside its format and its file.
    package static let readingKeys: Set<String> = [
        "labels", "labels_path", "test_path", "test_labels_path", "target_columns", "label_column", "separator",
        "decimal",
        "header", "skip_columns", "inputs", "answers", "test_inputs", "test_answers", "transpose",
    ]

    private let section: ConfigSection
    /// What the targets are, for every kind of file.
    private let kind: TargetKind?
    private let testSamples: Int?

    /// - Parameter isFile: whether targets of a file are read; those of generators and published data are known.
    init(_ section: ConfigSection, testSamples: Int?, isFile: Bool) {
        self.section = section
        self.testSamples = testSamples
        guard isFile || section.isListing else {
            kind = nil
            return
        }
        section.condition = "source: a file"
        kind = section.optionalChoice(
            "labels",
            "what the answers of a file are: classes (integers, or rows with a single 1) or values (real targets); by "
                + "default integers are classes, and what was taken is printed")
        section.condition = ""
    }

    func csv() -> Load {
        let path = section.file("path", "numbers, one sample a line, one separator; plain or gzipped")
        let test = section.optionalFile("test_path", "test samples in a file of their own")
        let targets = section.integer(
            "target_columns", default: 0, in: 0...(1 << 20),
            "number of last columns that are real targets; 0: one column of labels")
        let column = section.wordOrNumber(
            "label_column", default: .word("last"), words: ["last", "first"], in: 1...1_000_000, isInteger: true,
            "column of the label, from 1")
        var dialect = CSVDialect()
        dialect.separator = section.choice("separator", default: .auto, "between values, one a file")
        dialect.decimal = section.choice("decimal", default: .point, "decimal point or comma")
        dialect.header = section.choice(
            "header", default: .auto, "whether the first line holds titles; none: it is a sample")
        dialect.skippedColumns = section.integers(
            "skip_columns", "columns, from 1, that are left out, such as an index")
        if targets > 0, column != .word("last") {
            section.problem("label_column", "is for one label: data.target_columns takes the last columns")
        }
        let columns: CSVReader.TargetColumns =
            targets > 0
            ? .lastTargets(targets)
            : column.number.map { .label(Int($0)) } ?? (column == .word("first") ? .firstLabel : .lastLabel)
        return { [kind, dialect] in
            func read(_ path: String, _ key: String) throws -> RawSamples {
                try FolderHint.refuse(path, "data.\(key): ", endings: [".csv", ".csv.gz", ".txt", ".tsv"])
                return try CSVReader(path: path, targets: columns, as: kind, dialect).read()
            }
            return (try read(path, "path"), try test.map { try read($0, "test_path") })
        }
    }

    func idx() -> Load {
        pairs(("images in IDX form (MNIST); plain or gzipped", "labels in IDX form"), endings: ["ubyte", "ubyte.gz"]) {
            try IDXReader(images: $0, labels: $1, as: $2).read()
        }
    }

    func npy() -> Load {
        pairs(("inputs, an array [n, …]", "labels [n] of integers, or targets [n, K]"), endings: [".npy"]) {
            try NPYReader(.files(inputs: $0, targets: $1), as: $2).read()
        }
    }

    /// Inputs and targets in files of their own, and so for test samples.
    private func pairs(
        _ meanings: (String, String), endings: [String],
        _ read: @escaping @Sendable (String, String, TargetKind?) throws -> RawSamples
    ) -> Load {
        let paths = (section.file("path", meanings.0), section.file("labels_path", meanings.1))
        let test = (
            section.optionalFile("test_path", "the same of test samples"),
            section.optionalFile("test_labels_path", "their labels or targets")
        )
        if (test.0 == nil) != (test.1 == nil) {
            section.problem("test_path", "needs data.test_labels_path, and that needs data.test_path")
        }
        return { [kind] in
            for (path, key) in [
                (paths.0, "path"), (paths.1, "labels_path"), (test.0, "test_path"), (test.1, "test_labels_path"),
            ] {
                try path.map { try FolderHint.refuse($0, "data.\(key): ", endings: endings) }
            }
            let train = try read(paths.0, paths.1, kind)
            guard let inputs = test.0, let targets = test.1 else { return (train, nil) }
            return (train, try read(inputs, targets, kind))
        }
    }

    func npz() -> Load {
        arrays("an archive of NumPy arrays", ("x", "y"), endings: [".npz"]) { [kind] in
            try NPYReader(.archive(path: $0, inputs: $1, targets: $2), as: kind).read()
        }
    }

    func hdf5() -> Load {
        let isTransposed = section.flag(
            "transpose", default: false, "reverse the axes of all arrays, as files of MATLAB (v7.3) need")
        return arrays(
            "an HDF5 file, such as `ntklab data import` writes", ("/x", "/y"), endings: [".h5", ".hdf5", ".mat", ".nc"]
        ) { [kind] in
            try HDF5Reader(path: $0, inputs: $1, targets: $2, as: kind, isTransposed: isTransposed).read()
        }
    }

    /// Named arrays of one file; those of test samples there too, or in a file of their own.
    private func arrays(
        _ meaning: String, _ names: (String, String), endings: [String],
        _ read: @escaping @Sendable (String, String, String) throws -> RawSamples
    ) -> Load {
        let path = section.file("path", meaning)
        let x = section.text("inputs", default: names.0, "name of the array of inputs")
        let y = section.text("answers", default: names.1, "name of the array of labels or targets")
        let testPath = section.optionalFile("test_path", "file of test samples")
        let testX = section.text("test_inputs", default: "", "name of their array of inputs, such as x_test")
        let testY = section.text("test_answers", default: "", "name of their array of labels or targets")
        if testX.isEmpty != testY.isEmpty {
            section.problem("test_inputs", "needs data.test_answers, and that needs data.test_inputs")
        }
        let isApart = testPath != nil || !testX.isEmpty
        return {
            for (path, key) in [(path, "path"), (testPath, "test_path")] {
                try path.map { try FolderHint.refuse($0, "data.\(key): ", endings: endings) }
            }
            let train = try read(path, x, y)
            guard isApart else { return (train, nil) }
            return (train, try read(testPath ?? path, testX.isEmpty ? x : testX, testY.isEmpty ? y : testY))
        }
    }

    /// A published data set.
    func published(_ source: DataConfiguration.Source) -> Load {
        let known = KnownDataset.named(source.rawValue)
        let folder = section.datasetFolder(source.rawValue, isBuiltIn: known?.isBuiltIn ?? false)
        var split = Split.official
        if known?.hasTestPart == true {
            split = section.choice(
                "split", default: Split.official,
                "official: test samples from the official test set; train or test: all samples from that part")
        }
        var dataset = known
        if source == .cifar100 {
            let detail = section.choice("detail", default: Detail.fine, "100 fine or 20 coarse classes")
            if detail == .coarse { dataset = .coarseCIFAR100 }
        }
        return { [dataset, split, testSamples] in
            guard let dataset else { throw LabError("data.source: \(source.rawValue) is not a known data set") }
            let part = try dataset.read(split == .test ? .test : .train, folder: folder)
            let isApart = split == .official && dataset.hasTestPart && (testSamples ?? 0) > 0
            return (part, isApart ? try dataset.read(.test, folder: folder) : nil)
        }
    }

    private enum Detail: String, CaseIterable { case fine, coarse }
    /// Where a published data set's samples are taken from.
    private enum Split: String, CaseIterable { case official, train, test }
}
