import Configurations
import Files
import HDF5
import LinearAlgebra
import Runs

/// The weights of a checkpoint of a run, or of its `initial.h5`: /parameters/W1/weight, called `W1`.
struct HDF5Weights: WeightFile {
    static let format = "HDF5"
    let path: String
    let names: [String]
    let metadata: [String: String]
    var isOurs: Bool { true }
    private let file: HDF5File
    private let datasets: [String: String]

    /// - Throws: `HDF5Error` for a damaged file, or one that is no checkpoint.
    init(_ path: String) throws {
        switch try FileDigest.verify(path) {
        case .sound: break
        case .damaged: throw HDF5Error(file: path, "is damaged: its bytes differ from the digest it was written with")
        case .foreign:
            throw HDF5Error(
                file: path,
                "is no checkpoint of this program, or was cut off: it has no digest; weights of others are read as "
                    + "safetensors or NPZ")
        }
        file = try HDF5File(reading: path)
        self.path = path
        let format = try file.string("format", of: "/") ?? "none"
        guard format == Checkpoint<Float>.format || format == InitialFile<Float>.format else {
            throw HDF5Error(
                file: path, object: "/",
                "format: expected \(Checkpoint<Float>.format) or \(InitialFile<Float>.format), found \(excerpt(format))"
            )
        }
        var (names, datasets, metadata) = ([String](), [String: String](), [WeightMetadata.creator: "ntklab"])
        for layer in try file.names(in: "/parameters") {
            for role in try file.names(in: "/parameters/\(layer)") {
                let label = role == "weight" ? layer : "\(layer).\(role)"
                let dataset = "/parameters/\(layer)/\(role)"
                names.append(label)
                datasets[label] = dataset
                // Checkpoints of earlier versions do not say it.
                let scale = try file.number("forward_scale", of: dataset)
                metadata[WeightMetadata.scale(label)] = scale.map { "\($0)" }
                if scale != nil { metadata[WeightMetadata.scales] = WeightScales.asTrained.rawValue }
            }
        }
        (self.names, self.datasets, self.metadata) = (names, datasets, metadata)
    }

    func describe(_ name: String) throws -> (shape: [Int], type: String, precision: Precision?) {
        let description = try file.describe(datasets[name] ?? "/parameters/\(name)")
        return (description.shape, description.typeName, Precision(rawValue: description.typeName))
    }

    func values(_ name: String) throws -> MatrixBuffer<Double> {
        let dataset = datasets[name] ?? "/parameters/\(name)"
        let count = try file.describe(dataset).count
        let result = MatrixBuffer<Double>(1, count)
        try file.read(dataset, shape: file.describe(dataset).shape, into: result.base)
        return result
    }
}
