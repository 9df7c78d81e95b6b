import Datasets
import Foundation
import HDF5
import LinearAlgebra

/// Writes raw samples as an HDF5 dataset: /x [n, …], /y [n] labels or [n, K] targets.
public enum DataImport {
    /// The formats that `ntklab data import` reads.
    public enum Format: String, CaseIterable, Sendable { case csv, idx, npy, npz, hdf5 }

    /// - Parameters:
    ///   - answers: path of the labels for idx and npy.
    ///   - targetColumns: number of last CSV columns that are real targets; 0 for a label column.
    ///   - isForced: whether a plain file that is there is replaced.
    /// - Returns: number of samples and the shape of one.
    public static func run(
        _ format: Format, from path: String, answers: String?, targetColumns: Int, to out: String, isForced: Bool
    ) throws -> (count: Int, shape: [Int]) {
        try checkTarget(out, isForced: isForced)
        let raw = try read(format, path, answers, targetColumns)
        try HDF5Writer.write(to: out) { file in
            try file.attribute("format", "ntklab-dataset")
            try file.attribute("format_version", 1)
            try file.attribute("creator", "ntklab")
            try file.attribute("creator_version", ntklabVersion)
            let axes = (["sample"] + raw.shape.indices.map { "axis_\($0 + 1)" }).joined(separator: ",")
            try file.dataset(
                "/x", UnsafePointer(raw.inputs.base), shape: [raw.count] + raw.shape,
                attributes: ["layout": axes, "units": "1", "long_name": "inputs as imported"])
            switch raw.answers {
            case .labels(let labels):
                try file.dataset(
                    "/y", labels.map(Int64.init),
                    attributes: ["layout": "sample", "units": "1", "long_name": "class labels"])
            case .targets(let targets):
                try file.dataset(
                    "/y", UnsafePointer(targets.base), shape: [targets.rows, targets.columns],
                    attributes: ["layout": "sample,output", "units": "1", "long_name": "real targets"])
            }
        }
        return (raw.count, raw.shape)
    }

    /// Nothing that is there is lost without a word, and nothing but a plain file ever.
    private static func checkTarget(_ out: String, isForced: Bool) throws {
        var status = stat()
        guard lstat(out, &status) == 0 else {
            guard errno == ENOENT else { throw FileError(out, "cannot be written") }
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw LabError("--to \(out): expected a new or a plain file, found a folder, link, pipe or device")
        }
        guard isForced else { throw LabError("--to \(out): exists already; --force replaces it") }
    }

    private static func read(
        _ format: Format, _ path: String, _ answers: String?, _ targetColumns: Int
    ) throws -> RawSamples {
        func required() throws -> String {
            guard let answers else { throw LabError("--format \(format.rawValue): needs --labels FILE") }
            return answers
        }
        switch format {
        case .csv:
            return try CSVReader(path: path, answers: targetColumns > 0 ? .lastTargets(targetColumns) : .lastLabel)
                .read()
        case .idx: return try IDXReader(images: path, labels: required()).read()
        case .npy: return try NPYReader(.files(inputs: path, answers: required())).read()
        case .npz: return try NPYReader(.archive(path: path, inputs: "x", answers: "y")).read()
        case .hdf5: return try HDF5Reader(path: path).read()
        }
    }
}
