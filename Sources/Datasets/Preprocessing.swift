import LinearAlgebra
import RealModule
import Sampling

/// How inputs are scaled, with statistics of the training samples only.
public enum Normalization: String, CaseIterable, Sendable {
    case none
    /// x ← x/‖x‖ for every sample.
    case unitSphere = "unit-sphere"
    /// Every coordinate to zero mean and unit variance; constant coordinates become zero.
    case standardize
    /// Every channel of images to zero mean and unit variance over all pixels.
    case standardizeChannels = "standardize-channels"
}

/// How class labels become targets.
public enum Encoding: String, CaseIterable, Sendable {
    /// K outputs, 1 for the class and 0 elsewhere.
    case oneHot = "one-hot"
    /// ±1: one output for two classes, one output a class (against all others) for more.
    case sign
}

/// From raw samples to what a network trains on: selection, noise, scaling, encoding.
public struct Preprocessing: Sendable {
    /// Keep these classes only; empty keeps all.
    public var classes: [Int] = []
    /// Put the samples in a random order before the first are taken.
    public var isShuffled = false
    /// n; nil takes all that the test set leaves.
    public var trainCount: Int?
    /// Taken after the training samples.
    public var testCount = 0
    /// Share of training labels replaced by a different class, drawn at random.
    public var labelNoise = 0.0
    /// Shape, colors and size of images.
    public var images = ImageChanges()
    /// Subtract the mean of the training inputs.
    public var isCentered = false
    public var normalization: Normalization = .none
    /// Factor of the inputs once all else is done.
    public var scale = 1.0
    /// x ← (x/√2, 1/√2).
    public var addsBiasCoordinate = false
    public var encoding: Encoding = .oneHot
    public var seed: UInt64 = 0

    public init() {}

    /// - Parameter test: where test samples come from; nil to take them after the training samples.
    /// - Throws: `DatasetError` where there are too few samples or no such class.
    public func apply<S: Scalar>(
        _ source: some SampleSource, test: (any SampleSource)? = nil, as type: S.Type
    ) throws -> (train: Samples<S>, test: Samples<S>?) {
        let classes = try classList(source)
        let chosen = try select(source, test)
        var train = try images.apply(chosen.train)
        let shape = train.shape
        let statistics = Statistics(train, perChannel: normalization == .standardizeChannels)
        func finish(_ part: inout RawSamples, noisy: Bool) throws -> Samples<S> {
            try normalize(&part, statistics)
            return try encode(part, classes, noisy: noisy)
        }
        let first = try finish(&train, noisy: true)
        guard var second = try chosen.test.map({ try images.apply($0) }) else { return (first, nil) }
        guard second.shape == shape else {
            throw DatasetError("test samples: expected shape \(shape) as in training, found \(second.shape)")
        }
        return (first, try finish(&second, noisy: false))
    }

    private func select(
        _ source: some SampleSource, _ test: (any SampleSource)?
    ) throws -> (train: RawSamples, test: RawSamples?) {
        let rows = try rows(of: source, "data/shuffle")
        guard let test else {
            let train = trainCount ?? (rows.count - testCount)
            guard train >= 1, train + testCount <= rows.count else {
                throw DatasetError(
                    "data.samples + data.test_samples: expected at most \(rows.count), found \(train) + \(testCount)")
            }
            let rest = testCount > 0 ? source.selecting(Array(rows[train..<(train + testCount)])) : nil
            return (source.selecting(Array(rows.prefix(train))), rest)
        }
        let testRows = try self.rows(of: test, "data/shuffle-test")
        for (key, wanted, found) in [("samples", trainCount, rows.count), ("test_samples", testCount, testRows.count)] {
            if let wanted, wanted > found {
                throw DatasetError("data.\(key): expected at most \(found), found \(wanted)")
            }
        }
        let kept = source.selecting(Array(rows.prefix(trainCount ?? rows.count)))
        return (kept, testCount > 0 ? test.selecting(Array(testRows.prefix(testCount))) : nil)
    }

    /// The rows of the chosen classes, in the order in which samples are taken.
    private func rows(of source: some SampleSource, _ stream: String) throws -> [Int] {
        var rows = Array(0..<source.count)
        if !classes.isEmpty {
            guard let labels = source.labels else {
                throw DatasetError("data.classes needs class labels, but the data has real targets")
            }
            let known = Set(labels)
            if let missing = classes.first(where: { !known.contains($0) }) {
                throw DatasetError("data.classes: no sample has label \(missing); labels are \(known.sorted())")
            }
            rows.removeAll { !classes.contains(labels[$0]) }
        }
        let wanted = min(rows.count, (trainCount ?? rows.count) + testCount)
        // As read, as numbers in float64, scaled, and in the run's precision.
        guard Memory.holds(Double(wanted) * Double(source.width), bytesEach: 20) else {
            throw DatasetError(
                "data.samples: \(wanted) samples of \(source.width) numbers do not fit into this machine's memory")
        }
        guard isShuffled else { return rows }
        return RandomStream(seed: seed, stream).permutation(rows.count).map { rows[$0] }
    }

    /// The classes in the order of the outputs: as listed, or ascending.
    private func classList(_ source: some SampleSource) throws -> [Int] {
        guard let labels = source.labels else { return [] }
        let list = classes.isEmpty ? Set(labels).sorted() : classes
        guard list.count >= 2, Set(list).count == list.count else {
            throw DatasetError("data.classes: expected at least two different classes, found \(list)")
        }
        guard Memory.holds(Double(labels.count) * Double(list.count), bytesEach: 16) else {
            throw DatasetError(
                "\(list.count) classes of \(labels.count) samples do not fit into this machine's memory: are the labels "
                    + "real targets (data.target_columns)?")
        }
        return list
    }

    /// Means of the coordinates; and means and deviations for standardizing, of each coordinate or of
    /// each channel over all pixels.
    private struct Statistics {
        var mean: [Double]
        var center: [Double]
        var deviation: [Double]

        init(_ raw: RawSamples, perChannel: Bool) {
            let x = raw.inputs
            let groups = perChannel ? (raw.shape.last ?? 1) : x.columns
            let inGroup = Double(x.count / max(groups, 1))
            var mean = [Double](repeating: 0, count: x.columns)
            var center = [Double](repeating: 0, count: groups)
            var variance = center
            for r in 0..<x.rows {
                let row = x.base + r * x.columns
                for c in 0..<x.columns {
                    mean[c] += row[c] / Double(x.rows)
                    center[c % groups] += row[c] / inGroup
                }
            }
            for r in 0..<x.rows {
                let row = x.base + r * x.columns
                for c in 0..<x.columns {
                    let distance = row[c] - center[c % groups]
                    variance[c % groups] += distance * distance / inGroup
                }
            }
            self.mean = mean
            self.center = center
            deviation = variance.map { $0.squareRoot() }
        }
    }

    /// Scales the inputs in place.
    private func normalize(_ raw: inout RawSamples, _ statistics: Statistics) throws {
        let d = raw.inputs.columns
        for r in 0..<raw.count {
            let row = raw.inputs.base + r * d
            switch normalization {
            case .standardize, .standardizeChannels: standardize(row, d, statistics)
            case .none, .unitSphere: if isCentered { for c in 0..<d { row[c] -= statistics.mean[c] } }
            }
            guard normalization == .unitSphere else { continue }
            let norm = Double.dot(d, row, row).squareRoot()
            guard norm > 0 else {
                throw DatasetError(
                    "data.normalization: sample \(r) (from 0) is zero and has no place on the unit sphere")
            }
            for c in 0..<d { row[c] /= norm }
        }
        if addsBiasCoordinate { raw = withBiasCoordinate(raw) }
        if scale != 1 { Double.scale(raw.inputs.count, scale, raw.inputs.base) }
    }

    private func standardize(_ row: UnsafeMutablePointer<Double>, _ d: Int, _ s: Statistics) {
        let groups = s.center.count
        for c in 0..<d {
            let deviation = s.deviation[c % groups]
            row[c] = deviation > 0 ? (row[c] - s.center[c % groups]) / deviation : 0
        }
    }

    private func withBiasCoordinate(_ raw: RawSamples) -> RawSamples {
        let d = raw.inputs.columns
        let out = Matrix<Double>(raw.count, d + 1)
        let half = 0.5.squareRoot()
        for r in 0..<raw.count {
            for c in 0..<d { out[r, c] = raw.inputs[r, c] * half }
            out[r, d] = half
        }
        return RawSamples(inputs: out, shape: [d + 1], answers: raw.answers)
    }

    private func encode<S: Scalar>(_ raw: RawSamples, _ classes: [Int], noisy: Bool) throws -> Samples<S> {
        let inputs: Matrix<S> = try converted(raw.inputs, "inputs")
        switch raw.answers {
        case .targets(let y):
            let targets: Matrix<S> = try converted(y, "targets")
            return Samples(inputs: inputs, targets: targets, labels: nil, shape: raw.shape)
        case .labels(let all):
            var labels = try all.map { label in
                guard let index = classes.firstIndex(of: label) else {
                    throw DatasetError(
                        "test samples: label \(label) is not among those of the training samples, \(classes)")
                }
                return index
            }
            if noisy { addNoise(&labels, classes.count) }
            let targets: Matrix<S> = encoded(labels, classes.count)
            return Samples(inputs: inputs, targets: targets, labels: labels, shape: raw.shape)
        }
    }

    /// The numbers in the run's precision, in which each has to be finite.
    private func converted<S: Scalar>(_ x: Matrix<Double>, _ what: String) throws -> Matrix<S> {
        let result = Matrix<S>(x.rows, x.columns)
        for i in 0..<x.count {
            result.base[i] = S(x.base[i])
            guard result.base[i].isFinite else {
                throw DatasetError(
                    "\(what): sample \(i / x.columns) (from 0): \(x.base[i]) is not a finite number in "
                        + S.precision.rawValue)
            }
        }
        return result
    }

    private func encoded<S: Scalar>(_ labels: [Int], _ classes: Int) -> Matrix<S> {
        let isBinary = encoding == .sign && classes == 2
        let outputs = isBinary ? 1 : classes
        let y = Matrix<S>(labels.count, outputs)
        for (r, label) in labels.enumerated() {
            for k in 0..<outputs {
                let isOn = isBinary ? label == 1 : label == k
                y[r, k] = isOn ? 1 : (encoding == .sign ? -1 : 0)
            }
        }
        return y
    }

    private func addNoise(_ labels: inout [Int], _ classes: Int) {
        let stream = RandomStream(seed: seed, "data/label-noise")
        for i in labels.indices where stream.uniform(2 * i) < labelNoise {
            labels[i] = (labels[i] + 1 + stream.integer(2 * i + 1, below: classes - 1)) % classes
        }
    }
}
