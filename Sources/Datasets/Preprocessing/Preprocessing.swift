import Files
import LinearAlgebra

/// How inputs are scaled, with statistics of the training samples only.
package enum Normalization: String, CaseIterable, Sendable {
    case none
    /// x ← x/‖x‖ for every sample.
    case unitSphere = "unit-sphere"
    /// Every coordinate to zero mean and unit variance; constant coordinates become zero.
    case standardize
    /// Every channel of images to zero mean and unit variance over all pixels.
    case standardizeChannels = "standardize-channels"
}

/// How class labels become targets.
package enum Encoding: String, CaseIterable, Sendable {
    /// K outputs, 1 for the class and 0 elsewhere.
    case oneHot = "one-hot"
    /// ±1: one output for two classes, one output a class (against all others) for more.
    case sign
}

/// From raw samples to what a network trains on: selection, noise, scaling, encoding.
package struct Preprocessing: Sendable {
    /// Keep these classes only; empty keeps all.
    package var classes: [Int] = []
    /// Put the samples in a random order before the first are taken.
    package var isShuffled = false
    /// n; nil takes all that the test set leaves.
    package var trainCount: Int?
    /// Taken after the training samples, or from the test set where that is apart; nil: all of such a set, else none.
    package var testCount: Int?
    /// Share of training labels replaced by a different class, drawn at random.
    package var labelNoise = 0.0
    /// Shape, colors and size of images.
    package var images = ImageChanges()
    /// Subtract the mean of the training inputs.
    package var isCentered = false
    package var normalization: Normalization = .none
    /// Factor of the inputs once all else is done.
    package var scale = 1.0
    /// x ← (x/√2, 1/√2).
    package var addsBiasCoordinate = false
    package var encoding: Encoding = .oneHot
    package var seed: UInt64 = 0

    package init() {}

    /// The keys that change numbers of samples: without them a sample is as it was read or drawn.
    package var changes: [String] {
        [
            ("average_pool", images.averagePool > 1), ("grayscale", images.isGrayscale), ("center", isCentered),
            ("normalization", normalization != .none), ("scale", scale != 1), ("bias_coordinate", addsBiasCoordinate),
        ].filter(\.1).map(\.0)
    }

    /// Selects, changes, scales and encodes the samples.
    /// - Parameter test: where test samples come from; nil to take them after the training samples.
    /// - Throws: `DatasetError` where there are too few samples or no such class, where test samples are of another kind
    ///   or shape, or where a number has no place in what is asked for.
    package func apply<S: Scalar>(
        _ source: some SampleSource, test: (any SampleSource)? = nil, as type: S.Type
    ) throws -> PreparedSamples<S> {
        if let test { try refuseOtherKind(source, test) }
        let classes = try classList(source)
        let chosen = try select(source, test)
        var train = try images.apply(chosen.train)
        let shape = train.shape
        var remarks = source.remarks + (test?.remarks ?? []).filter(\.isWarning)
        remarks += chosen.remarks + images.remarks(on: chosen.train.shape)
        let scaling = InputScaling(self, train)
        let distinct = DistinctInputs(train.inputs, normalization)
        try scaling.apply(&train, called: "sample")
        remarks += scaling.remarks + distinct.remarks(after: train.inputs)
        let first: Samples<S> = try encode(train, classes, noisy: true)
        guard var second = try chosen.test.map({ try images.apply($0) }) else {
            return PreparedSamples(train: first, test: nil, remarks: remarks)
        }
        guard second.shape == shape else {
            throw DatasetError("test samples: expected shape \(shape) as in training, found \(second.shape)")
        }
        try scaling.apply(&second, called: "test sample")
        return PreparedSamples(train: first, test: try encode(second, classes, noisy: false), remarks: remarks)
    }
}

extension Preprocessing {
    /// Targets of test samples are of the kind of those of training samples, and inputs in the same columns.
    private func refuseOtherKind(_ source: some SampleSource, _ test: any SampleSource) throws {
        func words(_ source: any SampleSource) -> String {
            guard let raw = source as? RawSamples, case .values(let targets) = raw.targets else { return "classes" }
            return "\(targets.columns) real target\(targets.columns == 1 ? "" : "s")"
        }
        guard words(source) == words(test) else {
            throw DatasetError(
                "test samples: expected \(words(source)) as in training, found \(words(test)); data.labels: classes or "
                    + "values takes both in one way")
        }
        guard let titles = (source as? RawSamples)?.titles, let others = (test as? RawSamples)?.titles else { return }
        guard titles == others || Set(titles) != Set(others) else {
            throw DatasetError(
                "test samples: expected columns in the order of training, \(list(titles)), found \(list(others))")
        }
    }

    private func list(_ titles: [String]) -> String { excerpt(titles.prefix(8).joined(separator: ", ")) }
}

/// Samples in the run's precision, and what there is to say of them.
package struct PreparedSamples<S: Scalar> {
    package let train: Samples<S>
    package let test: Samples<S>?
    package let remarks: [Remark]
}
