import Files
import Foundation
import HDF5
import LinearAlgebra
import Networks

/// The root attributes that every file of a run carries.
///
/// Nothing here depends on when or where a run was made, so equal runs write equal files.
package struct FileHeader {
    package let configText: String
    package let seed: UInt64
    package let precision: Precision
    package let dataDigest: String
    package let environment: RunRecord.Environment
    /// Whether the weights at step 0 were given, not drawn.
    package var hasGivenStart = false

    package init(
        configText: String, seed: UInt64, precision: Precision, dataDigest: String, environment: RunRecord.Environment,
        hasGivenStart: Bool = false
    ) {
        self.configText = configText
        self.seed = seed
        self.precision = precision
        self.dataDigest = dataDigest
        self.environment = environment
        self.hasGivenStart = hasGivenStart
    }

    /// The same for numbers that are drawn whatever weights are given.
    var ofDrawn: FileHeader {
        var header = self
        header.hasGivenStart = false
        return header
    }

    package func write(to file: HDF5Writer, format: String) throws {
        try file.attribute("format", format)
        try file.attribute("format_version", 1)
        try file.attribute("creator", "ntklab")
        try file.attribute("creator_version", environment.version)
        try file.attribute("config", configText)
        try file.attribute("seed", Int(seed))
        try file.attribute("precision", precision.rawValue)
        try file.attribute("data_digest", dataDigest)
        try file.attribute("blas_core", environment.blasCore)
        try file.attribute("blas_configuration", environment.blasConfiguration)
        try file.attribute("threads", environment.threads)
    }
}

/// The state of a run after some step: all that is needed to go on to the same bits.
///
/// Batch order and noise are functions of the seed and the step, and initial weights of the seed (or a file's),
/// so there is no generator to save; a digest of the initial weights is kept to be sure.
package struct Checkpoint<S: Scalar & HDF5Element> {
    package let step: Int
    package let parameters: ParameterVector<S>
    /// What the optimizer remembers: `velocity` of momentum, `first_moment` and `second_moment` of Adam; then
    /// `elimination`, the parameters that are trained beside the network, with the same of theirs.
    package let state: [(name: String, vector: ParameterVector<S>)]
    package let learningRate: Double
    /// The loss that the stopping rules saw last.
    package let lastLoss: Double
    package let history: MetricHistory
    package let initialDigest: String
    /// The configuration stored with it; empty for one that is yet to be written.
    package var configText = ""

    package static var format: String { "ntklab-checkpoint" }

    package init(
        step: Int, parameters: ParameterVector<S>, state: [(name: String, vector: ParameterVector<S>)],
        learningRate: Double, lastLoss: Double, history: MetricHistory, initialDigest: String
    ) {
        self.step = step
        self.parameters = parameters
        self.state = state
        self.learningRate = learningRate
        self.lastLoss = lastLoss
        self.history = history
        self.initialDigest = initialDigest
    }

    package func write(to path: String, _ header: FileHeader) throws {
        try HDF5Writer.write(to: path) { file in
            try header.write(to: file, format: Self.format)
            try file.attribute("step", step)
            try file.attribute("learning_rate", learningRate)
            try file.attribute("last_loss", lastLoss)
            try file.attribute("initial_parameters_digest", initialDigest)
            try file.attribute("metric_columns", history.columns.joined(separator: " "))
            if let best = history.best {
                try file.attribute("best_step", best.step)
                try file.attribute("best_train_loss", best.loss)
            }
            try history.write(to: file)
            try parameters.write("/parameters", to: file, header)
            for (name, vector) in state {
                let isAdded = vector.layout != parameters.layout
                try vector.write("/" + name, to: file, isAdded ? header.ofDrawn : header)
            }
        }
    }

    /// Reads a checkpoint of the given model.
    /// - Parameter wanted: what to read of the state.
    /// - Throws: `HDF5Error` that names what is wrong: damaged bytes, a foreign file, a wrong shape.
    package init(
        reading path: String, layout: ParameterLayout, state wanted: [(name: String, layout: ParameterLayout)],
        dataDigest: String
    ) throws {
        try Self.refuseUnsound(path)
        let file = try HDF5File(reading: path)
        func expect(_ name: String, _ expected: String) throws {
            let found = try file.required(name, file.string(name, of: "/"))
            guard found == expected else {
                throw HDF5Error(file: path, object: "/", "\(name): expected \(expected), found \(found)")
            }
        }
        try expect("format", Self.format)
        try expect("precision", S.precision.rawValue)
        try expect("data_digest", dataDigest)
        step = try file.required("step", file.integer("step", of: "/"))
        learningRate = try file.required("learning_rate", file.number("learning_rate", of: "/"))
        lastLoss = try file.required("last_loss", file.number("last_loss", of: "/"))
        initialDigest = try file.required(
            "initial_parameters_digest", file.string("initial_parameters_digest", of: "/"))
        configText = try file.required("config", file.string("config", of: "/"))
        history = try MetricHistory(reading: file)
        parameters = try Self.vector("/parameters", layout, file)
        state = try wanted.map { ($0.name, try Self.vector("/" + $0.name, $0.layout, file)) }
    }

    package static func vector(_ group: String, _ layout: ParameterLayout, _ file: HDF5File) throws -> ParameterVector<
        S
    > {
        let vector = ParameterVector<S>(layout)
        for entry in layout.entries {
            try file.read("\(group)/\(entry.tensor.path)", shape: entry.tensor.shape, into: vector.base + entry.offset)
        }
        return vector
    }

    /// Compares the file's bytes with its digest before HDF5 sees them.
    private static func refuseUnsound(_ path: String) throws {
        switch try FileDigest.verify(path) {
        case .sound: break
        case .damaged: throw HDF5Error(file: path, "is damaged: its bytes differ from the digest it was written with")
        case .foreign:
            throw HDF5Error(file: path, "is not a checkpoint of this program, or was cut off: it has no digest")
        }
    }
}

extension ParameterVector {
    /// XXH3-128 of the entries.
    package var digest: String {
        memoryDigest(UnsafeRawBufferPointer(start: base, count: count * MemoryLayout<S>.stride))
    }
}
