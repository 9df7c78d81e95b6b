import Configurations
import Files
import Foundation
import HDF5
import Networks
import RunFolders
import Runs
import WeightFiles

/// The weights at step 0: drawn from the seed, or those of `model.initialize_from`.
extension Experiment {
    /// - Parameter say: is told where weights come from that are not drawn.
    /// - Throws: an error where the run does not fit into this machine's memory, or the file is not what it was or does
    ///   not fit the network.
    package func initialParameters(say: (String) -> Void) throws -> ParameterVector<S> {
        try checkSize()
        guard let start = configuration.model.start else {
            return ParameterVector(model.layout, initializedFrom: configuration.seed)
        }
        return try WeightImport<S>(start, model).parameters(say: say)
    }

    /// The same of a run that has begun. What it began with stands in its own `initial.h5`, whatever has become of the
    /// file; a run without that (`checkpoints.keep: 0`) reads the file again, which has to be the same.
    func initialParameters(ofRun run: String, say: (String) -> Void) throws -> ParameterVector<S> {
        guard let start = configuration.model.start, Disk.exists(RunFile.initial.path(of: run)) else {
            return try initialParameters(say: say)
        }
        try checkSize()
        do {
            let kept = try InitialFile<S>.parameters(
                reading: RunFile.initial.path(of: run), model.layout, configuration, dataDigest: dataDigest)
            if let change = Self.change(of: start) {
                say("warning   \(change): the weights at step 0 are those that the run keeps in initial.h5")
            }
            return kept
        } catch let error as HDF5Error {
            say("refused   \(error)")
            return try initialParameters(say: say)
        }
    }

    /// What has become of the file since.
    private static func change(of start: StartingWeights) -> String? {
        do {
            return try fileDigest(start.path) == start.digest
                ? nil : "\(start.path): has changed since the run began"
        } catch { return "\(error)" }
    }
}

extension InitialFile {
    /// The weights that a run began with.
    /// - Throws: `HDF5Error` for a damaged file, or one of another run.
    package static func parameters(
        reading path: String, _ layout: ParameterLayout, _ configuration: Configuration, dataDigest: String
    ) throws -> ParameterVector<S> {
        guard try FileDigest.verify(path) == .sound else {
            throw HDF5Error(file: path, "is damaged: its bytes differ from the digest it was written with")
        }
        let file = try HDF5File(reading: path)
        for (name, expected) in [
            ("format", Self.format), ("precision", S.precision.rawValue), ("data_digest", dataDigest),
        ] {
            let found = try file.required(name, file.string(name, of: "/"))
            guard found == expected else {
                throw HDF5Error(file: path, object: "/", "\(name): expected \(expected), found \(found)")
            }
        }
        try configuration.refuseOther(file.required("config", file.string("config", of: "/")), in: path)
        return try Checkpoint<S>.vector("/parameters", layout, file)
    }
}
