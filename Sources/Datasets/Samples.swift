import Files
import LinearAlgebra

/// Samples of which some can be had, in float64, before any scaling.
package protocol SampleSource {
    var count: Int { get }
    /// Numbers in a sample.
    var width: Int { get }
    /// Class of each sample; nil for real targets.
    var labels: [Int]? { get }
    /// What there is to say of how it was read.
    var remarks: [Remark] { get }
    /// The given rows, in the given order.
    func selecting(_ rows: [Int]) -> RawSamples
}

/// What a reader or generator yields: samples in float64, before any selection or scaling.
package struct RawSamples: SampleSource {
    /// [n, d], one sample a row.
    package var inputs: MatrixBuffer<Double>
    /// Shape of one sample: [d], or [height, width, channels].
    package var shape: [Int]
    package var targets: Targets
    package var remarks: [Remark]
    /// Of all columns of a table that has them.
    package var titles: [String]?

    /// What is to be predicted.
    package enum Targets {
        /// Class of each sample, as any integers (digits 3 and 8, say).
        case labels([Int])
        /// Real targets [n, K].
        case values(MatrixBuffer<Double>)
    }

    package init(inputs: MatrixBuffer<Double>, shape: [Int], targets: Targets, remarks: [Remark] = []) {
        self.inputs = inputs
        self.shape = shape
        self.targets = targets
        self.remarks = remarks
    }

    package var count: Int { inputs.rows }
    package var width: Int { inputs.columns }
    package var labels: [Int]? { if case .labels(let labels) = targets { labels } else { nil } }

    package func selecting(_ rows: [Int]) -> RawSamples {
        let kept = MatrixBuffer<Double>(rows.count, inputs.columns)
        Double.gatherRows(inputs.columns, inputs.base, rows, kept.base)
        switch targets {
        case .labels(let labels):
            return RawSamples(inputs: kept, shape: shape, targets: .labels(rows.map { labels[$0] }))
        case .values(let targets):
            let keptTargets = MatrixBuffer<Double>(rows.count, targets.columns)
            Double.gatherRows(targets.columns, targets.base, rows, keptTargets.base)
            return RawSamples(inputs: kept, shape: shape, targets: .values(keptTargets))
        }
    }
}

/// Samples ready to train on, in the run's precision.
package struct Samples<S: Scalar> {
    /// [n, d].
    package let inputs: MatrixBuffer<S>
    /// [n, K].
    package let targets: MatrixBuffer<S>
    /// Class of each sample from 0, in the order of the outputs; nil for real targets.
    package let labels: [Int]?
    package let shape: [Int]

    package init(inputs: MatrixBuffer<S>, targets: MatrixBuffer<S>, labels: [Int]?, shape: [Int]) {
        self.inputs = inputs
        self.targets = targets
        self.labels = labels
        self.shape = shape
    }

    package var count: Int { inputs.rows }

    /// XXH3-128 over inputs and targets: two runs with equal digests saw the same data.
    package var digest: String {
        func digest(_ m: MatrixBuffer<S>) -> String {
            memoryDigest(UnsafeRawBufferPointer(start: m.base, count: m.count * MemoryLayout<S>.stride))
        }
        return memoryDigest(of: digest(inputs) + digest(targets))
    }
}

/// What is wrong with a dataset, in words for the person who has it: file, expected, found.
package struct DatasetError: Error, CustomStringConvertible, Sendable {
    package let description: String
    package init(_ description: String) { self.description = description }
}
