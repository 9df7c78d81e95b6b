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
    /// Subtract the mean of the training inputs.
    public var isCentered = false
    public var normalization: Normalization = .none
    /// x ← (x/√2, 1/√2).
    public var addsBiasCoordinate = false
    public var encoding: Encoding = .oneHot
    public var seed: UInt64 = 0

    public init() {}

    /// - Throws: `DatasetError` where there are too few samples or no such class.
    public func apply<S: Scalar>(_ raw: RawSamples, as type: S.Type) throws -> (train: Samples<S>, test: Samples<S>?) {
        let chosen = try select(raw)
        let statistics = Statistics(chosen.train.inputs)
        let classes = try classList(raw)
        func finish(_ part: RawSamples, noisy: Bool) throws -> Samples<S> {
            try encode(normalized(part, statistics), classes, noisy: noisy)
        }
        return (try finish(chosen.train, noisy: true), try chosen.test.map { try finish($0, noisy: false) })
    }

    private func select(_ raw: RawSamples) throws -> (train: RawSamples, test: RawSamples?) {
        var rows = Array(0..<raw.count)
        if !classes.isEmpty {
            guard case .labels(let labels) = raw.answers else {
                throw DatasetError("data.classes needs class labels, but the data has real targets")
            }
            let known = Set(labels)
            if let missing = classes.first(where: { !known.contains($0) }) {
                throw DatasetError("data.classes: no sample has label \(missing); labels are \(known.sorted())")
            }
            rows.removeAll { !classes.contains(labels[$0]) }
        }
        if isShuffled {
            let order = RandomStream(seed: seed, "data/shuffle").permutation(rows.count)
            rows = order.map { rows[$0] }
        }
        let train = trainCount ?? (rows.count - testCount)
        guard train >= 1, train + testCount <= rows.count else {
            throw DatasetError(
                "data.samples + data.test_samples: expected at most \(rows.count), found \(train) + \(testCount)")
        }
        let test = testCount > 0 ? raw.selecting(Array(rows[train..<(train + testCount)])) : nil
        return (raw.selecting(Array(rows.prefix(train))), test)
    }

    /// The classes in the order of the outputs: as listed, or ascending.
    private func classList(_ raw: RawSamples) throws -> [Int] {
        guard case .labels(let labels) = raw.answers else { return [] }
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

    /// Means and deviations of the coordinates.
    private struct Statistics {
        var mean: [Double]
        var deviation: [Double]

        init(_ x: Matrix<Double>) {
            mean = [Double](repeating: 0, count: x.columns)
            deviation = mean
            for r in 0..<x.rows { for c in 0..<x.columns { mean[c] += x[r, c] / Double(x.rows) } }
            for r in 0..<x.rows {
                for c in 0..<x.columns { deviation[c] += (x[r, c] - mean[c]) * (x[r, c] - mean[c]) / Double(x.rows) }
            }
            deviation = deviation.map { $0.squareRoot() }
        }
    }

    private func normalized(_ raw: RawSamples, _ statistics: Statistics) throws -> RawSamples {
        let d = raw.inputs.columns
        let width = d + (addsBiasCoordinate ? 1 : 0)
        let out = Matrix<Double>(raw.count, width)
        let half = 0.5.squareRoot()
        for r in 0..<raw.count {
            let row = out.base + r * width
            for c in 0..<d { row[c] = raw.inputs[r, c] }
            if isCentered || normalization == .standardize { for c in 0..<d { row[c] -= statistics.mean[c] } }
            if normalization == .standardize {
                for c in 0..<d { row[c] = statistics.deviation[c] > 0 ? row[c] / statistics.deviation[c] : 0 }
            }
            if normalization == .unitSphere {
                let norm = Double.dot(d, row, row).squareRoot()
                guard norm > 0 else {
                    throw DatasetError(
                        "data.normalization: sample \(r) (from 0) is zero and has no place on the unit sphere")
                }
                for c in 0..<d { row[c] /= norm }
            }
            if addsBiasCoordinate {
                for c in 0..<d { row[c] *= half }
                row[d] = half
            }
        }
        return RawSamples(inputs: out, shape: addsBiasCoordinate ? [width] : raw.shape, answers: raw.answers)
    }

    private func encode<S: Scalar>(_ raw: RawSamples, _ classes: [Int], noisy: Bool) throws -> Samples<S> {
        let inputs: Matrix<S> = try converted(raw.inputs, "inputs")
        switch raw.answers {
        case .targets(let y):
            let targets: Matrix<S> = try converted(y, "targets")
            return Samples(inputs: inputs, targets: targets, labels: nil, shape: raw.shape)
        case .labels(let all):
            var labels = all.map { label in classes.firstIndex(of: label) ?? 0 }
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
