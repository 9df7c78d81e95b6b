import HDF5
import Training

/// `initialization.h5`: norms and separation in every ReLU layer at the start.
extension InitializationNorms {
    package static var format: String { "ntklab-initialization" }

    package func write(to path: String, _ header: FileHeader) throws {
        try HDF5Writer.write(to: path) { file in
            try header.write(to: file, format: Self.format)
            try file.attribute("layers", layers.joined(separator: " "))
            try file.attribute("input_separation", inputSeparation)
            for (name, meaning, values) in [
                ("forward_norm", "norm of h_l over what initialization keeps of that of x", forward),
                ("backward_norm", "Frobenius norm of df/dh_l over all outputs", backward),
            ] {
                try file.dataset(
                    "/\(name)", UnsafePointer(values.base), shape: [values.rows, values.columns],
                    attributes: ["units": "1", "long_name": meaning])
            }
            try file.dataset(
                "/separation", separation,
                attributes: ["units": "1", "long_name": "least sine of an angle between two samples in the layer"])
            try file.dataset(
                "/layer", layers.indices.map { Int64($0) },
                attributes: ["units": "1", "long_name": "index into the attribute layers"])
            try file.dataset(
                "/sample", (0..<forward.columns).map { Int64($0) },
                attributes: ["units": "1", "long_name": "training sample, counted from 0"])
            try file.scale(
                "/layer", named: "layer", axes: [("/forward_norm", 0), ("/backward_norm", 0), ("/separation", 0)])
            try file.scale("/sample", named: "sample", axes: [("/forward_norm", 1), ("/backward_norm", 1)])
        }
    }
}
