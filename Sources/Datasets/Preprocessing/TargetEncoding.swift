import LinearAlgebra
import Sampling

/// Samples in the run's precision, class labels as targets.
extension Preprocessing {
    func encode<S: Scalar>(_ raw: RawSamples, _ classes: [Int], noisy: Bool) throws -> Samples<S> {
        let inputs: MatrixBuffer<S> = try converted(raw.inputs, "inputs")
        switch raw.targets {
        case .values(let y):
            let targets: MatrixBuffer<S> = try converted(y, "targets")
            return Samples(inputs: inputs, targets: targets, labels: nil, shape: raw.shape)
        case .labels(let all):
            var labels = try all.map { label in
                guard let index = classes.firstIndex(of: label) else {
                    throw DatasetError(
                        "test samples: label \(label) is not among those of the training samples, "
                            + "\(classes.prefix(20))\(classes.count > 20 ? " and more: data.labels: values takes them as real targets" : "")"
                    )
                }
                return index
            }
            if noisy { addNoise(&labels, classes.count) }
            let targets: MatrixBuffer<S> = encoded(labels, classes.count)
            return Samples(inputs: inputs, targets: targets, labels: labels, shape: raw.shape)
        }
    }

    /// The numbers in the run's precision, in which each has to be finite.
    private func converted<S: Scalar>(_ x: MatrixBuffer<Double>, _ what: String) throws -> MatrixBuffer<S> {
        let result = MatrixBuffer<S>(x.rows, x.columns)
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

    private func encoded<S: Scalar>(_ labels: [Int], _ classes: Int) -> MatrixBuffer<S> {
        let isBinary = encoding == .sign && classes == 2
        let outputs = isBinary ? 1 : classes
        let y = MatrixBuffer<S>(labels.count, outputs)
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
