import Datasets
import LinearAlgebra
import Networks

/// `data`: where samples come from and what is done to them.
public struct DataConfiguration: Sendable {
    enum Source: String, CaseIterable {
        case digits, mnist
        case fashionMNIST = "fashion-mnist"
        case cifar10 = "cifar-10"
        case cifar100 = "cifar-100"
        case svhn, csv, idx, npy, npz, hdf5, sphere
    }
    enum Labels: String, CaseIterable { case last, first }
    enum Detail: String, CaseIterable { case fine, coarse }
    /// Where a published data set's samples are taken from.
    enum Split: String, CaseIterable { case official, train, test }
    /// What is read: training samples, and test samples where those are apart.
    typealias Load = @Sendable () throws -> (train: any SampleSource, test: (any SampleSource)?)
    enum Answers: String, CaseIterable { case classes, gaussian, teacher }

    /// Reads or draws the samples.
    let load: Load
    let preprocessing: Preprocessing

    init(_ section: ConfigSection, loss: LossKind, seed: UInt64) {
        let source = section.choice("source", default: Source.csv, "kind of file, or a generator")
        var preprocessing = Preprocessing()
        preprocessing.seed = seed
        let isGenerated = source == .sphere
        var loaders: [Source: Load] = [:]
        let samples = section.optionalInteger(
            "samples", in: 1...(1 << 31), "n, the number of training samples: the first n; default: all that are left")
        preprocessing.testCount = section.integer(
            "test_samples", default: 0, in: 0...(1 << 31),
            "number of test samples, after the training samples or from the official test set")
        for kind in section.reader.isListing ? Source.allCases : [source] {
            section.condition = "source: \(kind.rawValue)"
            loaders[kind] = Self.loader(kind, section, samples ?? 100, preprocessing.testCount, seed)
        }
        section.condition = ""
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
        // A generator puts the coordinate in itself, so that the separation is that of the result.
        preprocessing.addsBiasCoordinate = hasBias && !isGenerated
        preprocessing.encoding = section.choice(
            "encoding", default: loss.targets == .sign ? .sign : .oneHot,
            "targets of class labels: one-hot, or ±1 (one output for two classes)")
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
        images.isGrayscale = section.flag("grayscale", default: false, "colors to luma, 0.299 R + 0.587 G + 0.114 B")
        images.averagePool = section.integer(
            "average_pool", default: 1, in: 1...256, "side of the squares of pixels whose mean replaces them")
        return images
    }

    private static func loader(
        _ source: Source, _ section: ConfigSection, _ samples: Int, _ testSamples: Int, _ seed: UInt64
    ) -> Load {
        func single(_ read: @escaping @Sendable () throws -> RawSamples) -> Load { { (try read(), nil) } }
        switch source {
        case .digits, .mnist, .fashionMNIST, .cifar10, .cifar100, .svhn: return published(source, section, testSamples)
        case .csv:
            let path = section.requiredText("path", "comma-separated numbers, one sample a line; plain or gzipped")
            let targets = section.integer(
                "target_columns", default: 0, in: 0...(1 << 20),
                "number of last columns that are real targets; 0: class labels")
            let labels = section.choice("labels", default: Labels.last, "column of the class label")
            let answers: CSVReader.AnswerColumns =
                targets > 0 ? .lastTargets(targets) : labels == .last ? .lastLabel : .firstLabel
            return single { try CSVReader(path: path, answers: answers).read() }
        case .idx:
            let path = section.requiredText("path", "images in IDX form (MNIST); plain or gzipped")
            let labels = section.requiredText("labels_path", "labels in IDX form")
            return single { try IDXReader(images: path, labels: labels).read() }
        case .npy:
            let path = section.requiredText("path", "inputs, an array [n, …]")
            let labels = section.requiredText("labels_path", "labels [n] of integers, or targets [n, K]")
            return single { try NPYReader(.files(inputs: path, answers: labels)).read() }
        case .npz:
            let path = section.requiredText("path", "an archive of NumPy arrays")
            let (x, y) = arrayNames(section, "x", "y")
            return single { try NPYReader(.archive(path: path, inputs: x, answers: y)).read() }
        case .hdf5:
            let path = section.requiredText("path", "an HDF5 file, such as `ntklab data import` writes")
            let (x, y) = arrayNames(section, "/x", "/y")
            return single { try HDF5Reader(path: path, inputs: x, answers: y).read() }
        case .sphere:
            return single(sphere(section, samples + testSamples, seed))
        }
    }

    private static func published(_ source: Source, _ section: ConfigSection, _ testSamples: Int) -> Load {
        let folder = section.text(
            "folder", default: "datasets", "folder of the data set's folder; see `ntklab data list`")
        let known = KnownDataset.named(source.rawValue)
        var split = Split.official
        if known?.hasTestPart == true {
            split = section.choice(
                "split", default: Split.official,
                "official: test samples from the official test set; train or test: all samples from that part")
        }
        var dataset = known
        if source == .cifar100 {
            let detail = section.choice("labels", default: Detail.fine, "100 fine or 20 coarse classes")
            if detail == .coarse { dataset = .coarseCIFAR100 }
        }
        return { [dataset, split] in
            guard let dataset else { throw LabError("data.source: \(source.rawValue) is not a known data set") }
            let part = try dataset.read(split == .test ? .test : .train, folder: folder)
            let isApart = split == .official && dataset.hasTestPart && testSamples > 0
            return (part, isApart ? try dataset.read(.test, folder: folder) : nil)
        }
    }

    private static func arrayNames(_ section: ConfigSection, _ x: String, _ y: String) -> (String, String) {
        (
            section.text("inputs", default: x, "name of the array of inputs"),
            section.text("answers", default: y, "name of the array of labels or targets")
        )
    }

    private static func sphere(
        _ section: ConfigSection, _ count: Int, _ seed: UInt64
    ) -> @Sendable () throws -> RawSamples {
        let dimension = section.integer(
            "dimension", default: 16, in: 2...(1 << 24), "d, coordinates of a point, the fixed one included")
        let separation = section.number(
            "separation", default: 0, in: 0...2, "δ, least distance of two points; 0 for independent points")
        let answers = section.choice(
            "answers", default: Answers.classes, "random classes, y ~ N(0, 1), or a random two-layer ReLU network")
        let classes = section.integer("class_count", default: 2, in: 2...(1 << 16), "K, for answers: classes")
        let width = section.integer("teacher_width", default: 3, in: 1...(1 << 20), "neurons, for answers: teacher")
        let noise = section.number(
            "teacher_noise", default: 0, in: 0...1e6, "standard deviation of noise on the teacher's answers")
        let hasBias = section.node?.mapping?["bias_coordinate"]?.bool ?? false
        let kind: SphereGenerator.Answers =
            switch answers {
            case .classes: .classes(classes)
            case .gaussian: .gaussian
            case .teacher: .teacher(width: width, noise: noise)
            }
        let generator = SphereGenerator(
            count: count, dimension: dimension, hasBiasCoordinate: hasBias, separation: separation, answers: kind,
            seed: seed)
        return { try generator.generate() }
    }

    /// The data of the configuration, in a precision.
    func samples<S: Scalar>(as type: S.Type) throws -> (train: Samples<S>, test: Samples<S>?) {
        let (train, test) = try load()
        return try preprocessing.apply(train, test: test, as: type)
    }
}
