import Files
import LinearAlgebra

/// Samples of which some can be had, in float64, before any scaling.
public protocol SampleSource {
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
public struct RawSamples: SampleSource {
    /// [n, d], one sample a row.
    public var inputs: MatrixBuffer<Double>
    /// Shape of one sample: [d], or [height, width, channels].
    public var shape: [Int]
    public var targets: Targets
    public var remarks: [Remark]
    /// Of all columns of a table that has them.
    public var titles: [String]?

    /// What is to be predicted.
    public enum Targets {
        /// Class of each sample, as any integers (digits 3 and 8, say).
        case labels([Int])
        /// Real targets [n, K].
        case values(MatrixBuffer<Double>)
    }

    public init(inputs: MatrixBuffer<Double>, shape: [Int], targets: Targets, remarks: [Remark] = []) {
        self.inputs = inputs
        self.shape = shape
        self.targets = targets
        self.remarks = remarks
    }

    public var count: Int { inputs.rows }
    public var width: Int { inputs.columns }
    public var labels: [Int]? { if case .labels(let labels) = targets { labels } else { nil } }

    public func selecting(_ rows: [Int]) -> RawSamples {
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
public struct Samples<S: Scalar> {
    /// [n, d].
    public let inputs: MatrixBuffer<S>
    /// [n, K].
    public let targets: MatrixBuffer<S>
    /// Class of each sample from 0, in the order of the outputs; nil for real targets.
    public let labels: [Int]?
    public let shape: [Int]

    public init(inputs: MatrixBuffer<S>, targets: MatrixBuffer<S>, labels: [Int]?, shape: [Int]) {
        self.inputs = inputs
        self.targets = targets
        self.labels = labels
        self.shape = shape
    }

    public var count: Int { inputs.rows }

    /// XXH3-128 over inputs and targets: two runs with equal digests saw the same data.
    public var digest: String {
        func digest(_ m: MatrixBuffer<S>) -> String {
            memoryDigest(UnsafeRawBufferPointer(start: m.base, count: m.count * MemoryLayout<S>.stride))
        }
        return memoryDigest(of: digest(inputs) + digest(targets))
    }
}

/// What is wrong with a dataset, in words for the person who has it: file, expected, found.
public struct DatasetError: Error, CustomStringConvertible, Sendable {
    public let description: String
    public init(_ description: String) { self.description = description }
}
