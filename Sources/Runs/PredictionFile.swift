import HDF5
import Training

extension PredictionSnapshot {
    /// Outputs of training and test samples, measured and predicted.
    package func write(to path: String, _ header: FileHeader) throws {
        try HDF5Writer.write(to: path) { file in
            try header.write(to: file, format: "ntklab-prediction")
            try file.attribute("step", step)
            for (set, outputs) in [(StoredPrediction.train, train)] + (test.map { [(StoredPrediction.test, $0)] } ?? [])
            {
                let arrays = [
                    (StoredPrediction.measured, "outputs of the network", outputs.measured),
                    (
                        StoredPrediction.predicted, "outputs of the linearized network after the same steps",
                        outputs.descent
                    ),
                    ("predicted_flow", "outputs of the linearized network after gradient flow", outputs.flow),
                ]
                for (name, meaning, values) in arrays {
                    try file.dataset(
                        "/\(set)/\(name)", UnsafePointer(values.base), shape: [values.rows, values.columns],
                        attributes: ["units": "1", "long_name": meaning])
                }
                for (axis, name, count) in [
                    (0, "sample", outputs.measured.rows), (1, "output", outputs.measured.columns),
                ] {
                    try file.dataset("/\(set)/\(name)", (0..<count).map { Int64($0) }, attributes: ["units": "1"])
                    try file.scale("/\(set)/\(name)", named: name, axes: arrays.map { ("/\(set)/\($0.0)", axis) })
                }
            }
        }
    }
}

/// The outputs that a file of a prediction holds, for figures.
package enum StoredPrediction {
    fileprivate static let (train, test) = ("train", "test")
    fileprivate static let (measured, predicted) = ("measured", "predicted")

    /// Those of each set, row after row.
    /// - Parameter file: whose bytes match their digest.
    /// - Throws: `HDF5Error`.
    package static func sets(
        _ file: HDF5File
    ) throws -> [(name: String, measured: [Double], predicted: [Double])] {
        try [train, test].filter { file.contains("/" + $0) }.map { set in
            (
                set, try file.read("/\(set)/\(measured)", as: Double.self, limit: 1 << 24).values,
                try file.read("/\(set)/\(predicted)", as: Double.self, limit: 1 << 24).values
            )
        }
    }
}
