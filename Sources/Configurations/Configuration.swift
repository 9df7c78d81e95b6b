import Console
import Datasets
import Files
import Foundation
import LinearAlgebra
import Networks
import RunFolders

/// Everything that decides a run, read from YAML.
package struct Configuration: Sendable {
    package let name: String
    package let seed: UInt64
    package let precision: Precision
    package let data: DataConfiguration
    package let model: ModelConfiguration
    package let loss: LossKind
    package let reduction: Reduction
    package let training: TrainingConfiguration
    package private(set) var tracking: TrackingConfiguration
    package let checkpoints: CheckpointConfiguration
    /// The same configuration with every default written out; it is what a run stores.
    package let resolvedText: String
    /// The same by dotted key.
    package let values: [String: String]
    /// What was taken in one of several ways.
    package let remarks: [Remark]

    /// The arithmetic of the kernel that is followed.
    package var kernelPrecision: Precision { tracking.probes.kernel.precision ?? precision }
    package var objective: Objective { Objective(loss, reduction, scale: training.form.objectiveScale) }

    /// - Parameter overrides: `key=value` pairs, as of `--set`.
    /// - Throws: `ConfigError` with every problem and its line, or `LabError` for an unreadable file.
    package init(file: String, overrides: [String] = []) throws {
        let (text, stem) = try ConfigSource.read(file)
        try self.init(
            source: ConfigSource(name: file, text: text, isFile: true, overrides: overrides), defaultName: stem)
    }

    package init(text: String, source: String, defaultName: String = "run", overrides: [String] = []) throws {
        try self.init(
            source: ConfigSource(name: source, text: text, overrides: overrides), defaultName: defaultName)
    }

    package init(source: ConfigSource, defaultName: String) throws {
        let reader = ConfigReader(source)
        self = Self.read(reader, defaultName: defaultName)
        try reader.finish()
    }

    /// The same for n samples and K outputs: what is followed automatically is decided.
    package func resolved(samples: Int, outputs: Int) -> Configuration {
        var resolved = self
        let canPredict = loss == .squared && training.batch == nil && training.takesPlainSteps
        resolved.tracking = tracking.resolved(samples: samples, outputs: outputs, canPredict: canPredict)
        return resolved
    }

    /// All keys with type, default and meaning, those of alternatives with each of these.
    static var listedKeys: [ConfigReader.Key] {
        let reader = ConfigReader(nil)
        _ = read(reader, defaultName: "the file's name")
        return reader.keys
    }

    /// The dotted paths of all keys.
    package static let keys = Set(listedKeys.map(\.path))

    private static func read(_ reader: ConfigReader, defaultName: String) -> Configuration {
        let root = reader.root
        if !reader.isListing {
            for key in ["data", "model"] where root.node?.mapping?[key] == nil {
                reader.report(key, nil, "is missing; every configuration needs data and model")
            }
        }
        let name = root.text("name", default: defaultName, "folder of the run below the output folder")
        let isFolder =
            !name.isEmpty && !name.utf8.contains(UInt8(ascii: "/")) && !name.hasPrefix(".") && !name.hasPrefix("-")
            && name != RunLocator.latest
        let isPlain = visible(name) == name && !name.contains { $0.isNewline || $0 == "\t" }
        if !isFolder || !isPlain || name.utf8.count > 200 {
            reader.report("name", root.node?["name"], "expected a folder's name, found \"\(excerpt(name))\"")
        }
        let seed = root.integer("seed", default: 0, in: 0...Int.max, "key of all random numbers of the run")
        let precision: Precision = root.choice("precision", default: .float32, "arithmetic of training")
        let loss = root.section("loss") { section in
            (
                section.choice("kind", default: LossKind.squared, "loss of a sample; squared is ½‖f − y‖²"),
                section.choice("reduction", default: Reduction.sum, "whether F adds or averages the samples' losses")
            )
        }
        let data = root.section("data") { DataConfiguration($0, loss: loss.0, seed: UInt64(seed)) }
        let model = root.section("model") { ModelConfiguration($0) }
        let training = root.section("training") { TrainingConfiguration($0) }
        var tracking = root.section("tracking") { TrackingConfiguration($0, form: training.form) }
        let population = PopulationConfiguration.read(root, data, loss.0, training, seed: UInt64(seed))
        tracking.measure(population, hasElimination: training.elimination != nil)
        let checkpoints = root.section("checkpoints") { CheckpointConfiguration($0) }
        if reader.isListing {
            _ = root.section("sweep") { SweepConfiguration($0) }
        } else if let sweep = root.take("sweep") {
            reader.report("sweep", sweep, "is for `ntklab sweep`; a single run has none")
        }
        root.refuseUnknownKeys()
        return Configuration(
            name: name, seed: UInt64(seed), precision: precision, data: data, model: model, loss: loss.0,
            reduction: loss.1, training: training, tracking: tracking, checkpoints: checkpoints,
            resolvedText: reader.resolvedText,
            values: reader.values, remarks: reader.remarks)
    }

    private init(
        name: String, seed: UInt64, precision: Precision, data: DataConfiguration, model: ModelConfiguration,
        loss: LossKind, reduction: Reduction, training: TrainingConfiguration, tracking: TrackingConfiguration,
        checkpoints: CheckpointConfiguration, resolvedText: String,
        values: [String: String], remarks: [Remark]
    ) {
        self.name = name
        self.seed = seed
        self.precision = precision
        self.data = data
        self.model = model
        self.loss = loss
        self.reduction = reduction
        self.training = training
        self.tracking = tracking
        self.checkpoints = checkpoints
        self.resolvedText = resolvedText
        self.values = values
        self.remarks = remarks
    }
}
