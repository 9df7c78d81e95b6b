import Configurations
import Console
import Execution
import Files
import Foundation
import HDF5
import Layers
import LinearAlgebra
import Networks
import RunFolders
import Runs
import WeightFiles

/// Writes the weights of a run under the names, and in the order, of PyTorch.
package struct WeightExport: Sendable {
    package enum Format: String, CaseIterable, Sendable { case safetensors, npz }

    package let run: String
    package let format: Format
    /// nil for the newest checkpoint; 0 for the initialization.
    package let step: Int?
    /// Whether factors of the forward pass go into the weights and biases.
    package let isFolded: Bool
    /// nil for a name in the run's folder `weights`.
    package let out: String?
    package let isForced: Bool

    package init(run: String, format: Format, step: Int?, isFolded: Bool, out: String?, isForced: Bool) {
        (self.run, self.format, self.step) = (run, format, step)
        (self.isFolded, self.out, self.isForced) = (isFolded, out, isForced)
    }

    /// - Returns: what there is to say of the file.
    /// - Throws: an error that names run, step, file or network; no file is written then.
    package func write() throws -> WeightSummary {
        let record = try RunRecord(reading: run)
        let configuration = try Configuration(file: RunFile.configuration.path(of: run))
        return try write(configuration, configuration.precision.storedScalar, record)
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    private func write<S: Scalar & HDF5Element>(
        _ configuration: Configuration, _ type: S.Type, _ record: RunRecord
    ) throws -> WeightSummary {
        let experiment = try Experiment<S>(configuration)
        try experiment.refuseOtherData(than: record, of: run)
        let step = try RunWeights<S>.step(step, of: run, keepsNone: experiment.configuration.checkpoints.keep == 0)
        let path = out ?? "\(run)/weights/\(Self.name(of: step))\(isFolded ? "-folded" : "").\(format.rawValue)"
        try DataImport.checkTarget(path, isForced: isForced, flag: "--out")
        if isFolded, let other = Self.otherFunction(experiment, step) {
            throw LabError(
                "--fold-scales: the run trains \(other), which no weights of the plain network compute; without it they are "
                    + "written as trained")
        }
        let torch: TorchNetwork
        do { torch = try TorchNetwork(experiment.model) } catch let error as ModelError {
            throw LabError("\(run): \(error)")
        }
        // The weights, the arrays, and an archive of both.
        guard Memory.holds(Double(experiment.model.layout.count) * 4, bytesEach: MemoryLayout<S>.stride) else {
            throw LabError("\(run): its weights do not fit into the memory that this process may hold")
        }
        let parameters = try RunWeights(run: run, experiment: experiment).parameters(at: step)
        let arrays = try torch.tensors.map { tensor in
            let scale = tensor.entry.tensor.forwardScale
            return try array(tensor, parameters, times: isFolded ? scale : 1)
        }
        let metadata = metadata(experiment, parameters, torch, step: step)
        if out == nil { try RunDirectory.makeFolder("weights", of: run) }
        switch format {
        case .safetensors: try SafetensorsWriter.write(arrays, metadata, to: path)
        case .npz: try NPZWriter.write(arrays, metadata, to: path)
        }
        return WeightSummary(self, experiment, torch, parameters, step: step, file: path)
    }
}

extension WeightExport {
    private static func name(of step: Int) -> String {
        URL(fileURLWithPath: RunFile.checkpoints.path(of: "", at: step)).deletingPathExtension().lastPathComponent
    }

    /// The function that these are the weights of, where that is not the network; nil where it is.
    static func otherFunction<S: Scalar & HDF5Element>(_ experiment: Experiment<S>, _ step: Int) -> String? {
        let form = experiment.configuration.training.form
        // Where it begins, the linearization is the network.
        guard form.lazyScale != nil || (form.isLinearized && step > 0) else { return nil }
        let linear = form.isLinearized ? "the linearization at the start" : ""
        let lazy = form.lazyScale.map { "α (f − f₀) with α = \($0)" } ?? ""
        return [linear, lazy].filter { !$0.isEmpty }.joined(separator: " as ")
    }

    private func array<S: Scalar>(
        _ tensor: TorchTensor, _ parameters: ParameterVector<S>, times scale: Double
    ) throws -> WeightArray<S> {
        let values = tensor.values(of: parameters.base, times: scale)
        let ours = UnsafeBufferPointer(parameters.tensor(tensor.entry))
        if let bad = UnsafeBufferPointer(start: values.base, count: values.count).firstIndex(where: { !$0.isFinite }),
            ours.allSatisfy(\.isFinite)
        {
            throw LabError(
                "--fold-scales: \(tensor.name): number \(bad) times \(scale) is not a finite number of \(S.precision.rawValue)"
            )
        }
        return WeightArray(name: tensor.name, shape: tensor.shape, values: values)
    }

    private func metadata<S: Scalar & HDF5Element>(
        _ experiment: Experiment<S>, _ parameters: ParameterVector<S>, _ torch: TorchNetwork, step: Int
    ) -> WeightMetadata {
        let configuration = experiment.configuration
        var file = [
            "format": "pt", WeightMetadata.creator: "ntklab", "creator_version": ntklabVersion, "weights_version": "1",
            WeightMetadata.scales: (isFolded ? WeightScales.folded : .asTrained).rawValue, "step": "\(step)",
            "name": configuration.name, "parametrization": configuration.model.parametrization.rawValue,
            "precision": S.precision.rawValue, "torch": torch.python, "parameters_digest": parameters.digest,
            "data_digest": experiment.dataDigest, "config_digest": memoryDigest(of: configuration.resolvedText),
        ]
        file["function"] = Self.otherFunction(experiment, step)
        let tensors = torch.tensors.map {
            ($0.name, ["tensor": $0.entry.tensor.label, "scale": "\($0.entry.tensor.forwardScale)"])
        }
        return WeightMetadata(file: file, tensors: Dictionary(uniqueKeysWithValues: tensors))
    }
}
