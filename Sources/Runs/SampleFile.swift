import Configurations
import Datasets
import HDF5
import LinearAlgebra

/// `data.h5`: the samples of a run as it is trained on them, after selection and scaling, in its precision.
///
///     /train/inputs [n, …]  /train/targets [n, K]  /train/labels [n]      /test likewise
///
/// Larger sets are left out: the file then holds their sizes, their digest and what `data` of the configuration says,
/// from which `ntklab data samples` makes them again.
package struct SampleFile<S: Scalar & HDF5Element> {
    package let train: Samples<S>
    package let test: Samples<S>?
    /// The configuration's `data`, a key a line.
    let recipe: String

    /// Bytes of samples up to which a run keeps them.
    package static var limit: Int { 64 << 20 }

    package init(_ configuration: Configuration, train: Samples<S>, test: Samples<S>?) {
        self.train = train
        self.test = test
        let values = configuration.values
        recipe = values.keys.filter { $0.hasPrefix("data.") }.sorted()
            .map { "\($0): \(values[$0] ?? "")" }.joined(separator: "\n")
    }

    /// Bytes of all inputs and targets.
    private var bytes: Int {
        let sets = [train] + (test.map { [$0] } ?? [])
        return sets.reduce(0) { $0 + $1.inputs.count + $1.targets.count } * MemoryLayout<S>.stride
    }

    /// - Parameter limit: bytes of samples from which they are left out.
    package func write(to path: String, _ header: FileHeader, limit: Int = Self.limit) throws {
        let isWhole = bytes <= limit
        try HDF5Writer.write(to: path) { file in
            try header.write(to: file, format: "ntklab-samples")
            try file.attribute("recipe", recipe)
            try file.attribute("train_samples", train.count)
            try file.attribute("test_samples", test?.count ?? 0)
            try file.attribute(
                "samples",
                isWhole ? "stored" : "left out: \(bytes) bytes; `ntklab data samples RUN --to FILE` makes them again")
            guard isWhole else { return }
            try Self.write(train, "train", to: file)
            if let test { try Self.write(test, "test", to: file) }
        }
    }

    private static func write(_ samples: Samples<S>, _ set: String, to file: HDF5Writer) throws {
        let axes = (["sample"] + samples.shape.indices.map { "axis_\($0 + 1)" }).joined(separator: ",")
        try file.dataset(
            "/\(set)/inputs", UnsafePointer(samples.inputs.base), shape: [samples.count] + samples.shape,
            attributes: ["layout": axes, "units": "1", "long_name": "inputs as trained on"])
        try file.dataset(
            "/\(set)/targets", UnsafePointer(samples.targets.base), shape: [samples.count, samples.targets.columns],
            attributes: ["layout": "sample,output", "units": "1", "long_name": "targets as trained on"])
        guard let labels = samples.labels else { return }
        try file.dataset(
            "/\(set)/labels", labels.map(Int64.init),
            attributes: ["layout": "sample", "units": "1", "long_name": "class, as the index of its output"])
    }
}
