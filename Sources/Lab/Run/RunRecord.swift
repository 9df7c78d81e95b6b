import Foundation
import HDF5
import LinearAlgebra
import Networks
import Training

/// `run.json`: what a run is, how it stands, and on what it ran.
public struct RunRecord: Codable, Sendable {
    public enum Status: String, Codable, Sendable {
        case running = "RUNNING"
        case completed = "COMPLETED"
        case diverged = "DIVERGED"
        case interrupted = "INTERRUPTED"
        case failed = "FAILED"
    }

    public var status: Status = .running
    /// Why it ended, in words.
    public var outcome = ""
    public var step = 0
    public var started = Date()
    /// Last sign of life.
    public var heartbeat = Date()
    public var stopped: Date?
    /// Wall time of steps, measurements and their files, without loading, drawing weights and finding η.
    public var seconds: Double?
    /// Wall time before that: loading, drawing weights and finding η.
    public var setupSeconds: Double?
    public var process = Int(getpid())
    public var resumed: [Int] = []
    /// η, found or given.
    public var learningRate = 0.0
    /// λ_max(Θ₀) where the learning rate was found from it, with its residual.
    public var kernelLambdaMax: Double?
    public var kernelLambdaMaxResidual: Double?
    /// [low, high] of 2/(λ_min + λ_max) of Θ₀, above which descent on the linearized squared loss is not fastest any
    /// more.
    public var criticalLearningRateInterval: [Double]?
    /// min ‖x_i − x_j‖ over the training samples.
    public var separation: Double?
    /// The same of their directions x/‖x‖; nil in records of earlier versions.
    public var directionSeparation: Double?
    /// n and K; nil in records of earlier versions.
    public var samples: Int?
    public var outputs: Int?
    /// What the loss is compared with; nil in records of earlier versions.
    public var references: LossReferences?
    /// Number of ReLU layers, whose patterns and norms can be followed; nil in records of earlier versions.
    public var rectifiers: Int?
    public var dataDigest = ""
    /// The network and the data in few words; nil in records of earlier versions.
    public var network: String?
    public var data: String?
    public var parameterCount = 0
    public var trainedParameterCount = 0
    /// Where it began.
    public var environment = Environment()
    /// Where it went on, if that may have changed last bits.
    public var otherEnvironments: [Environment] = []

    /// What the bits of a run depend on beside its configuration.
    public struct Environment: Codable, Sendable, Equatable {
        public var version = ntklabVersion
        public var blasCore = BLAS.core
        /// Vectors of that core and why it was in use; nil in records of earlier versions.
        public var blasCoreVectors: String? = BLASCore.current.vectorWidth.rawValue
        public var blasCoreReason: String? = BLAS.coreReason.words
        public var blasConfiguration = BLAS.configuration
        public var vectorWidth = BLAS.vectorWidth.rawValue
        public var threads = BLAS.threadCount
        public var hdf5 = HDF5File.linkedVersion
        public var machine = ProcessInfo.processInfo.hostName

        /// Whether the same run computes the same bits in another environment.
        func givesTheBits(of other: Environment) -> Bool {
            version == other.version && blasCore == other.blasCore && blasConfiguration == other.blasConfiguration
                && vectorWidth == other.vectorWidth && threads == other.threads
        }

        var summary: String { "ntklab \(version), BLAS core \(blasCore) (\(vectorWidth)), \(threads) threads" }
    }

    static func path(_ run: String) -> String { run + "/run.json" }

    func write(to run: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        try RunDirectory.write(String(decoding: encoder.encode(self), as: UTF8.self) + "\n", to: Self.path(run))
    }

    /// - Throws: `LabError` where the folder holds no sound record.
    public init(reading run: String) throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            let bytes = try PlainFile.read(Self.path(run), limit: 1 << 24)
            self = try decoder.decode(RunRecord.self, from: Data(bytes))
            try checkCounts(Self.path(run))
        } catch let error as LabError {
            throw error
        } catch let error as FileError {
            throw LabError("\(error): is \(run) a run directory?")
        } catch {
            throw LabError("\(Self.path(run)): is not a run record")
        }
    }

    init() {}

    /// - Throws: `LabError` that names a count that none can have.
    private func checkCounts(_ path: String) throws {
        let counts = [
            ("step", step, 0), ("samples", samples ?? 1, 1), ("outputs", outputs ?? 1, 1),
            ("rectifiers", rectifiers ?? 0, 0),
            ("parameterCount", parameterCount, 0), ("trainedParameterCount", trainedParameterCount, 0),
            ("references.distinctInputs", references?.distinctInputs ?? 1, 1),
            ("references.contradictorySamples", references?.contradictorySamples ?? 0, 0),
        ]
        for (key, count, least) in counts where !(least...(1 << 50)).contains(count) {
            throw LabError("\(path): \(key): expected a count from \(least) to 2^50, found \(count)")
        }
    }

    /// What verdicts ask for beside the metrics, where it is not known: records of earlier versions don't have it.
    mutating func describe<S: Scalar & HDF5Element>(
        _ experiment: Experiment<S>, _ workspace: Workspace<S>, _ start: ParameterVector<S>
    ) {
        let form = experiment.configuration.training.form
        references =
            references
            ?? LossReferences(
                TrainedFunction(workspace, form, start: start), experiment.objective, experiment.train,
                experiment.model.layout, start: start)
        rectifiers = rectifiers ?? ActivationPatterns.rectifiers(of: experiment.model).count
        directionSeparation = directionSeparation ?? experiment.train.directionSeparation
        (network, data) = (experiment.configuration.networkWords, experiment.configuration.dataWords)
        samples = samples ?? experiment.train.count
        outputs = outputs ?? experiment.model.outputCount
    }
}

/// The program's version, stored with everything it writes.
public let ntklabVersion = "0.6.0"
