import Glibc

/// A public data set by the official names of its files, looked for in a folder of its own name.
package struct KnownDataset: Sendable {
    package let name: String
    package let title: String
    /// The official page, where its files are.
    package let page: String
    /// How to come by a file.
    let source: Source
    let files: [Part: [String]]
    private let reader: @Sendable (_ paths: [String]) throws -> any SampleSource

    enum Source: Sendable {
        /// The page offers the files, with this ending.
        case files(ending: String)
        /// The page offers an archive that unpacks to a folder of them.
        case archive(String, folder: String)
        /// They are part of the project.
        case project
    }

    /// The two halves of a data set as published.
    package enum Part: String, CaseIterable, Sendable { case train, test }

    /// Whether the program holds it, so that it is found from any folder.
    package var isBuiltIn: Bool { if case .project = source { true } else { false } }

    /// Whether training and test samples are published apart.
    package var hasTestPart: Bool { files[.test] != nil }

    /// - Parameter folder: folder of the data set's folder; nil for what is built in.
    /// - Throws: `DatasetError` that says which file, from which page, goes where.
    package func read(_ part: Part, folder: String?) throws -> any SampleSource {
        if folder == nil, isBuiltIn { return try reader([]) }
        let folder = folder ?? "datasets"
        return try reader(
            (files[part] ?? []).map { name in
                guard let path = find(name, folder) else { throw DatasetError(missing(name, folder)) }
                return path
            })
    }

    /// The files of a part with whether each is there.
    package func status(_ part: Part, folder: String) -> [(file: String, isPresent: Bool)] {
        (files[part] ?? []).map { ($0, find($0, folder) != nil) }
    }

    private func find(_ file: String, _ folder: String) -> String? {
        var folders = ["\(folder)/\(name)"]
        if case .archive(_, let inner) = source { folders.append("\(folder)/\(name)/\(inner)") }
        let places: [String] = folders.flatMap { ["\($0)/\(file)", "\($0)/\(file).gz"] }
        return places.first { access($0, R_OK) == 0 }
    }

    private func missing(_ file: String, _ folder: String) -> String {
        let place = "\(folder)/\(name)/"
        let advice =
            switch source {
            case .files(let ending): "put \(file)\(ending) from \(page) into \(place)"
            case .archive(let archive, _): "unpack \(archive) from \(page) into \(place)"
            case .project: "it is part of the program too: without data.folder that is taken"
            }
        return "\(place)\(file): is missing, plain or as .gz: \(advice)"
    }
}

extension KnownDataset {
    package static func named(_ name: String) -> KnownDataset? { all.first { $0.name == name } }

    package static let all: [KnownDataset] = [
        KnownDataset(
            name: "digits", title: "1,797 digits of 8x8 pixels; ships with the project",
            page: "https://archive.ics.uci.edu/dataset/80", source: .project,
            files: [.train: ["digits.csv"]]
        ) { paths in
            var raw =
                try paths.first.map { try CSVReader(path: $0, targets: .lastLabel).read() } ?? CSVReader.builtInDigits()
            guard raw.shape == [64] else {
                throw DatasetError("\(paths.first ?? ""): expected 64 pixels a line, found \(raw.shape)")
            }
            raw.shape = [8, 8, 1]
            return raw
        },
        idx("mnist", "70,000 handwritten digits, 28x28 gray", "http://yann.lecun.com/exdb/mnist/"),
        idx(
            "fashion-mnist", "70,000 articles of clothing, 28x28 gray",
            "https://github.com/zalandoresearch/fashion-mnist"),
        KnownDataset(
            name: "cifar-10", title: "60,000 photographs of 10 classes, 32x32 color", page: cifarPage,
            source: .archive("cifar-10-binary.tar.gz", folder: "cifar-10-batches-bin"),
            files: [.train: (1...5).map { "data_batch_\($0).bin" }, .test: ["test_batch.bin"]]
        ) { try CIFARReader(paths: $0, labelBytes: 1, label: 0, classCount: 10).read() },
        cifar100("cifar-100", "60,000 photographs of 100 classes, 32x32 color", label: 1, classCount: 100),
        KnownDataset(
            name: "svhn", title: "99,289 house numbers, 32x32 color", page: "http://ufldl.stanford.edu/housenumbers/",
            source: .files(ending: ""),
            files: [.train: ["train_32x32.mat"], .test: ["test_32x32.mat"]]
        ) { try SVHNReader(path: $0[0]).read() },
    ]

    /// CIFAR-100 with its 20 coarse classes.
    package static let coarseCIFAR100 = cifar100(
        "cifar-100", "60,000 photographs of 20 coarse classes, 32x32 color", label: 0, classCount: 20)

    private static let cifarPage = "https://www.cs.toronto.edu/~kriz/cifar.html"

    private static func cifar100(_ name: String, _ title: String, label: Int, classCount: Int) -> KnownDataset {
        KnownDataset(
            name: name, title: title, page: cifarPage,
            source: .archive("cifar-100-binary.tar.gz", folder: "cifar-100-binary"),
            files: [.train: ["train.bin"], .test: ["test.bin"]]
        ) { try CIFARReader(paths: $0, labelBytes: 2, label: label, classCount: classCount).read() }
    }

    private static func idx(_ name: String, _ title: String, _ page: String) -> KnownDataset {
        KnownDataset(
            name: name, title: title, page: page, source: .files(ending: ".gz"),
            files: [
                .train: ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"],
                .test: ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"],
            ]
        ) { try IDXReader(images: $0[0], labels: $0[1]).readImages() }
    }
}
