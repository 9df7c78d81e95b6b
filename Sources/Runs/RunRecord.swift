import Console
import Files
import Foundation
import HDF5
import LinearAlgebra
import Measurements
import RunFolders
import Training

/// `run.json`: what a run is, how it stands, and on what it ran.
package struct RunRecord: Codable, Sendable {
    package enum Status: String, Codable, Sendable {
        case running = "RUNNING"
        case completed = "COMPLETED"
        case diverged = "DIVERGED"
        case interrupted = "INTERRUPTED"
        case failed = "FAILED"
    }

    package var status: Status = .running
    /// Why it ended; its words in the file.
    package var outcome = StopReason.running
    package var step = 0
    package var started = Date()
    /// Last sign of life.
    package var heartbeat = Date()
    package var stopped: Date?
    /// Wall time of steps, measurements and their files, without loading, drawing weights and finding η.
    package var seconds: Double?
    /// Wall time before that: loading, drawing weights and finding η.
    package var setupSeconds: Double?
    package var process = Int(getpid())
    package var resumed: [Int] = []
    /// η, found or given.
    package var learningRate = 0.0
    /// λ_max(Θ₀) where the learning rate was found from it, with its residual.
    package var kernelLambdaMax: Double?
    package var kernelLambdaMaxResidual: Double?
    /// [low, high] of 2/(λ_min + λ_max) of Θ₀, above which descent on the linearized squared loss is not fastest any
    /// more.
    package var criticalLearningRateInterval: [Double]?
    /// min ‖x_i − x_j‖ over the training samples.
    package var separation: Double?
    /// The same of their directions x/‖x‖; nil in records of earlier versions.
    package var directionSeparation: Double?
    /// n and K; nil in records of earlier versions.
    package var samples: Int?
    package var outputs: Int?
    /// What the loss is compared with; nil in records of earlier versions.
    package var references: LossReferences?
    /// Number of ReLU layers, whose patterns and norms can be followed; nil in records of earlier versions.
    package var rectifiers: Int?
    package var dataDigest = ""
    /// The network and the data in few words; nil in records of earlier versions.
    package var network: String?
    package var data: String?
    package var parameterCount = 0
    package var trainedParameterCount = 0
    /// Where it began.
    package var environment = Environment()
    /// Where it went on, if that may have changed last bits.
    package var otherEnvironments: [Environment] = []

    /// Whether it came to its end, a good or a bad one.
    package var isComplete: Bool { status == .completed || status == .diverged }

    /// Rows of the kernel of all samples and outputs, nK.
    package var kernelRows: Double { Double(samples ?? 0) * Double(outputs ?? 0) }

    /// Whether two training inputs are the same.
    package var hasEqualInputs: Bool {
        guard let samples, samples > 1 else { return false }
        return references.map { $0.distinctInputs < samples } ?? (separation == 0)
    }

    /// What the bits of a run depend on beside its configuration.
    package struct Environment: Codable, Sendable, Equatable {
        package var version = ntklabVersion
        package var blasCore = BLAS.core
        /// Vectors of that core and why it was in use; nil in records of earlier versions.
        package var blasCoreVectors: String? = BLASCore.current.vectorWidth.rawValue
        package var blasCoreReason: String? = BLAS.coreReason.words
        package var blasConfiguration = BLAS.configuration
        package var vectorWidth = BLAS.vectorWidth.rawValue
        package var threads = BLAS.threadCount
        package var hdf5 = HDF5File.linkedVersion
        package var machine = ProcessInfo.processInfo.hostName

        package init() {}

        /// Whether the same run computes the same bits in another environment.
        package func givesTheBits(of other: Environment) -> Bool {
            version == other.version && blasCore == other.blasCore && blasConfiguration == other.blasConfiguration
                && vectorWidth == other.vectorWidth && threads == other.threads
        }

        package var summary: String { "ntklab \(version), BLAS core \(blasCore) (\(vectorWidth)), \(threads) threads" }
    }

    package func write(to run: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        try RunDirectory.write(
            String(decoding: encoder.encode(self), as: UTF8.self) + "\n", to: RunFile.record.path(of: run))
    }

    /// - Throws: `LabError` where the folder holds no sound record.
    package init(reading run: String) throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            let bytes = try PlainFile.read(RunFile.record.path(of: run), limit: 1 << 24)
            self = try decoder.decode(RunRecord.self, from: Data(bytes))
            try checkCounts(RunFile.record.path(of: run))
        } catch let error as LabError {
            throw error
        } catch let error as FileError {
            throw LabError("\(error): is \(run) a run directory?")
        } catch {
            throw LabError("\(RunFile.record.path(of: run)): is not a run record")
        }
    }

    package init() {}

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
}

/// The program's version, stored with everything it writes.
package let ntklabVersion = "0.7.0"
