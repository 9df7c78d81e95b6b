import Configurations
import Datasets
import Files
import Foundation
import HDF5
import Runs

/// Writes raw samples as an HDF5 dataset: /x [n, …], /y [n] labels or [n, K] targets; test samples as /x_test, /y_test.
package enum DataImport {
    /// The formats that `ntklab data import` reads.
    package enum Format: String, CaseIterable, Sendable { case csv, idx, npy, npz, hdf5 }

    /// The keys of a configuration's `data` that `run` takes.
    package static var keys: [String] { DataSources.readingKeys.sorted() }

    /// Reads a file as training would, and writes all of its samples.
    /// - Parameters:
    ///   - labels: the file of answers, for idx and npy.
    ///   - overrides: `key=value` pairs that say how the file is read, keys of a configuration's `data`.
    ///   - isForced: whether a plain file that is there is replaced.
    /// - Returns: how it was read and what was written.
    /// - Throws: an error that names the file, the key or the flag; nothing is written then.
    package static func run(
        _ format: Format, from path: String, labels: String?, overrides: [String], to out: String, isForced: Bool
    ) throws -> Report {
        try checkTarget(out, isForced: isForced)
        let isSame = [path, labels].compactMap { $0 }.contains {
            URL(fileURLWithPath: $0).resolvingSymlinksInPath() == URL(fileURLWithPath: out).resolvingSymlinksInPath()
        }
        guard !isSame else { throw LabError("--to \(out): is the file that is read") }
        let data = try DataConfiguration(
            format.rawValue, path: path, labels: labels, overrides: overrides, only: DataSources.readingKeys)
        let (train, test) = try data.rawSamples()
        // Files of these formats are read as samples, not as images of bytes.
        let parts = [("", train), ("_test", test)].compactMap { name, part in (part as? RawSamples).map { (name, $0) } }
        try HDF5Writer.write(to: out) { file in
            try file.attribute("format", "ntklab-dataset")
            try file.attribute("format_version", 1)
            try file.attribute("creator", "ntklab")
            try file.attribute("creator_version", ntklabVersion)
            for (name, part) in parts { try write(part, name, to: file) }
        }
        return Report(
            file: out,
            parts: parts.map { name, part in
                Report.Part(
                    inputs: "/x\(name)", answers: "/y\(name)", samples: part.count, shape: part.shape,
                    remarks: part.remarks.map(\.line))
            })
    }

    /// What an import wrote.
    package struct Report: Encodable, Sendable {
        package struct Part: Encodable, Sendable {
            package let inputs, answers: String
            package let samples: Int
            /// Of one sample.
            package let shape: [Int]
            package let remarks: [String]
        }

        package let file: String
        package let parts: [Part]

        /// For a terminal.
        package var lines: [String] {
            parts.flatMap {
                $0.remarks + ["\(file): \($0.inputs), \($0.answers): \($0.samples) samples of shape \($0.shape)"]
            }
        }
    }

    private static func write(_ raw: RawSamples, _ name: String, to file: HDF5Writer) throws {
        let axes = (["sample"] + raw.shape.indices.map { "axis_\($0 + 1)" }).joined(separator: ",")
        try file.dataset(
            "/x\(name)", UnsafePointer(raw.inputs.base), shape: [raw.count] + raw.shape,
            attributes: ["layout": axes, "units": "1", "long_name": "inputs as imported"])
        switch raw.targets {
        case .labels(let labels):
            try file.dataset(
                "/y\(name)", labels.map(Int64.init),
                attributes: ["layout": "sample", "units": "1", "long_name": "class labels"])
        case .values(let targets):
            try file.dataset(
                "/y\(name)", UnsafePointer(targets.base), shape: [targets.rows, targets.columns],
                attributes: ["layout": "sample,output", "units": "1", "long_name": "real targets"])
        }
    }

    /// Nothing that is there is lost without a word, and nothing but a plain file ever.
    /// - Parameter flag: what named the file.
    static func checkTarget(_ out: String, isForced: Bool, flag: String = "--to") throws {
        var status = stat()
        guard lstat(out, &status) == 0 else {
            guard errno == ENOENT else { throw FileError(out, "cannot be written") }
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw LabError("\(flag) \(out): expected a new or a plain file, found a folder, link, pipe or device")
        }
        guard isForced else { throw LabError("\(flag) \(out): exists already; --force replaces it") }
    }
}
