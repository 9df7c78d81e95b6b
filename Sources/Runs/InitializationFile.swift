import Files
import HDF5
import Measurements
import Networks
import RunFolders
import Training

/// Where the arrays are in `initialization.h5`.
private enum InitializationPath {
    static let forward = "/forward_norm"
    static let backward = "/backward_norm"
    static let separation = "/separation"
}

/// `initialization.h5`: norms and separation in every ReLU layer at the start.
extension InitializationNorms {
    package static var format: String { "ntklab-initialization" }

    package func write(to path: String, _ header: FileHeader) throws {
        try HDF5Writer.write(to: path) { file in
            try header.write(to: file, format: Self.format)
            try file.attribute("layers", layers.joined(separator: " "))
            try file.attribute("input_separation", inputSeparation)
            for (name, meaning, values) in [
                (InitializationPath.forward, "norm of h_l over what initialization keeps of that of x", forward),
                (InitializationPath.backward, "Frobenius norm of df/dh_l over all outputs", backward),
            ] {
                try file.dataset(
                    name, UnsafePointer(values.base), shape: [values.rows, values.columns],
                    attributes: ["units": "1", "long_name": meaning])
            }
            try file.dataset(
                InitializationPath.separation, separation,
                attributes: ["units": "1", "long_name": "least sine of an angle between two samples in the layer"])
            try file.dataset(
                "/layer", layers.indices.map { Int64($0) },
                attributes: ["units": "1", "long_name": "index into the attribute layers"])
            try file.dataset(
                "/sample", (0..<forward.columns).map { Int64($0) },
                attributes: ["units": "1", "long_name": "training sample, counted from 0"])
            try file.scale(
                "/layer", named: "layer",
                axes: [
                    (InitializationPath.forward, 0), (InitializationPath.backward, 0),
                    (InitializationPath.separation, 0),
                ])
            try file.scale(
                "/sample", named: "sample", axes: [(InitializationPath.forward, 1), (InitializationPath.backward, 1)])
        }
    }
}

extension InitializationEvidence {
    /// - Returns: nil for a run that did not record it.
    package init?(ofRun run: String) throws {
        let path = RunFile.initialization.path(of: run)
        guard Disk.exists(path) else { return nil }
        let file = try SoundFile.open(path)
        let names = try file.required("layers", file.string("layers", of: "/")).split(separator: " ").map(String.init)
        let separation = try file.read(InitializationPath.separation, as: Double.self, limit: 1 << 20).values
        let forward = try file.read(InitializationPath.forward, as: Double.self, limit: 1 << 26).values
        let backward = try file.read(InitializationPath.backward, as: Double.self, limit: 1 << 26).values
        guard !names.isEmpty, separation.count == names.count, forward.count == backward.count,
            forward.count % names.count == 0, !forward.isEmpty
        else { throw LabError("\(path): expected arrays of \(names.count) layers") }
        let samples = forward.count / names.count
        func row(_ values: [Double], _ l: Int) -> ArraySlice<Double> { values[(l * samples)..<((l + 1) * samples)] }
        let largest = names.indices.map { l in
            row(backward, l).contains { $0.isNaN } ? .nan : row(backward, l).max() ?? 0
        }
        let last = largest.last ?? 0
        self.init(
            layers: names.indices.map { l in
                let norms = row(forward, l)
                let isKnown = norms.allSatisfy { !$0.isNaN }
                return Layer(
                    name: names[l], norms: isKnown ? (norms.min() ?? 0)...(norms.max() ?? 0) : nil,
                    separation: separation[l])
            },
            inputSeparation: try file.required("input_separation", file.number("input_separation", of: "/")),
            backward: last == 0 ? [] : zip(names, largest).filter { !($0.1 <= 0) }.map { ($0.0, $0.1 / last) })
        self.samples = samples
    }
}
