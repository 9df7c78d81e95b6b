import Console
import Datasets
import Files
import LinearAlgebra
import Networks
import Populations

/// `data`: where samples come from and what is done to them.
package struct DataConfiguration: Sendable {
    package enum Source: String, CaseIterable {
        case digits, mnist
        case fashionMNIST = "fashion-mnist"
        case cifar10 = "cifar-10"
        case cifar100 = "cifar-100"
        case svhn, csv, idx, npy, npz, hdf5, sphere, gaussian
    }

    /// Reads or draws the samples.
    private let load: DataSources.Load
    private let gaussian: GaussianSource?
    package let preprocessing: Preprocessing

    init(_ section: ConfigSection, loss: LossKind, seed: UInt64) {
        let source = section.choice("source", default: Source.csv, "kind of file, or a generator")
        var preprocessing = Preprocessing()
        preprocessing.seed = seed
        let isGenerated = source == .sphere || source == .gaussian
        var loaders: [Source: DataSources.Load] = [:]
        let samples = section.optionalInteger(
            "samples", in: 1...(1 << 31), "n, the number of training samples: the first n; default: all that are left")
        preprocessing.testCount = section.optionalInteger(
            "test_samples", in: 0...(1 << 31),
            "number of test samples, after the training samples or from the test set; default: all of a test set that "
                + "test_path or test_inputs names, else none")
        let isFile = [.csv, .idx, .npy, .npz, .hdf5].contains(source)
        let files = DataSources(section, testSamples: preprocessing.testCount, isFile: isFile)
        let count = (samples ?? 100) + (preprocessing.testCount ?? 0)
        var gaussian: GaussianSource?
        for kind in section.reader.isListing ? Source.allCases : [source] {
            section.condition = "source: \(kind.rawValue)"
            loaders[kind] = Self.loader(kind, files, section, count, seed, &gaussian)
        }
        section.condition = ""
        self.gaussian = gaussian
        preprocessing.trainCount = samples
        preprocessing.classes = section.integers("classes", "keep these classes only, as outputs in this order")
        preprocessing.images = Self.images(section)
        preprocessing.isShuffled = section.flag(
            "shuffle", default: false, "take the samples in a random order instead of the file's")
        preprocessing.labelNoise = section.number(
            "label_noise", default: 0, in: 0...1, "share of training labels replaced by another class at random")
        preprocessing.isCentered = section.flag("center", default: false, "subtract the mean of the training inputs")
        preprocessing.normalization = section.choice(
            "normalization", default: isGenerated ? .none : .unitSphere,
            "scaling of the inputs: none, unit-sphere (x/‖x‖), standardize (zero mean, unit variance of each "
                + "coordinate) or standardize-channels (of each channel of images)")
        preprocessing.scale = section.number(
            "scale", default: 1, in: 1e-12...1e12,
            "factor of the inputs once they are normalized; √d suits the ntk parametrization on the unit sphere")
        let hasBias = section.flag(
            "bias_coordinate", default: false,
            "x ← (x/√2, 1/√2), the founding paper's input with a fixed last coordinate")
        // The sphere's generator puts the coordinate in itself, so that the separation is that of the result.
        preprocessing.addsBiasCoordinate = hasBias && source != .sphere
        preprocessing.encoding = section.choice(
            "encoding", default: loss.targets == .sign ? .sign : .oneHot,
            "targets of class labels: one-hot, or ±1 (one output for two classes)")
        if preprocessing.images.layout == .channelsFirst, KnownDataset.named(source.rawValue) != nil {
            section.problem("layout", "is for files: the images of \(source.rawValue) are read as they are stored")
        }
        self.preprocessing = preprocessing
        load = loaders[source] ?? { throw LabError("data.source: \(source.rawValue) has no reader") }
    }

    private static func images(_ section: ConfigSection) -> ImageChanges {
        var images = ImageChanges()
        let shape = section.integers("image_shape", "[height, width, channels] of vectors that are images")
        if !shape.isEmpty {
            images.shape = shape
            if shape.count != 3 || shape.contains(where: { !(1...(1 << 16)).contains($0) }) {
                section.reader.report(
                    section.fullPath("image_shape"), section.node?["image_shape"],
                    "expected [height, width, channels], found \(shape)")
            }
        }
        images.layout = section.choice(
            "layout", default: .channelsLast,
            "order of the axes of images in the data: [height, width, channels] or "
                + "[channels, height, width]")
        images.isGrayscale = section.flag("grayscale", default: false, "colors to luma, 0.299 R + 0.587 G + 0.114 B")
        images.averagePool = section.integer(
            "average_pool", default: 1, in: 1...256, "side of the squares of pixels whose mean replaces them")
        return images
    }

    private static func loader(
        _ source: Source, _ files: DataSources, _ section: ConfigSection, _ count: Int, _ seed: UInt64,
        _ gaussian: inout GaussianSource?
    ) -> DataSources.Load {
        switch source {
        case .digits, .mnist, .fashionMNIST, .cifar10, .cifar100, .svhn: return files.published(source)
        case .csv: return files.csv()
        case .idx: return files.idx()
        case .npy: return files.npy()
        case .npz: return files.npz()
        case .hdf5: return files.hdf5()
        case .sphere:
            let generate = sphere(section, count, seed)
            return { (try generate(), nil) }
        case .gaussian:
            let source = GaussianSource(section)
            gaussian = source
            return { (try source.samples(count, seed: seed), nil) }
        }
    }

    /// The data of a file without a configuration around it.
    /// - Parameters:
    ///   - overrides: `key=value` pairs of `data`, each with one of the keys that `only` holds.
    /// - Throws: `ConfigError` with every problem, or `LabError` for another key.
    package init(_ source: String, path: String, labels: String?, overrides: [String], only known: Set<String>) throws {
        for override in overrides {
            let key = String(override.prefix { $0 != "=" })
            guard known.contains(key) else {
                let near = nearest(to: key, among: known.sorted()).map { ": did you mean \($0)?" } ?? ""
                throw LabError("--set \(excerpt(override)): is no key that says how a file is read\(near)")
            }
        }
        // A path is no YAML.
        let given =
            [Override("data.source", source), Override("data.path", path)]
            + (labels.map { [Override("data.labels_path", $0)] } ?? [])
        let whole = try ConfigSource(name: "data import", text: "", overrides: overrides.map { "data." + $0 })
            .setting(given, name: "data import")
        let reader = ConfigReader(whole)
        self = reader.root.section("data") { DataConfiguration($0, loss: .squared, seed: 0) }
        try reader.finish()
    }

    /// The data of the configuration, in a precision.
    package func samples<S: Scalar>(as type: S.Type) throws -> PreparedSamples<S> {
        let (train, test) = try load()
        return try preprocessing.apply(train, test: test, as: type)
    }

    /// Makes the distribution that samples are drawn from, before anything is done to them; nil for sources that have none.
    ///
    /// It throws `DatasetError` for a teacher that does not fit into memory. Cost: its weights are drawn.
    package var population: (@Sendable () throws -> Population)? {
        guard let gaussian else { return nil }
        return { try gaussian.population() }
    }

    /// The data as read, before anything is done to it.
    package func rawSamples() throws -> (train: any SampleSource, test: (any SampleSource)?) { try load() }
}
