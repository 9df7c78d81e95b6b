import Foundation
import HDF5
import LinearAlgebra
import Networks

/// Compares this lab's numbers with another framework's, quantity by quantity.
public enum Verification {
    /// Tolerance on the largest relative error: rounding of twenty steps of descent, no more.
    public static func tolerance(_ precision: Precision) -> Double {
        precision == .float64 ? 1e-10 : 2e-4
    }

    /// Every quantity of one reference file, in the order of the file.
    /// - Throws: `HDF5Error` or `LabError` for a file that is not of the form.
    public static func compare(file path: String, precision: Precision) throws -> [Comparison] {
        let file = try HDF5File(reading: path)
        let others = ["infinite", "predict"].filter { file.contains("/" + $0) }
        guard file.contains("/cases") || !others.isEmpty else {
            throw HDF5Error(file: path, object: "/cases", "is missing: this is not a reference file")
        }
        var results: [Comparison] = []
        for name in file.contains("/cases") ? try file.names(in: "/cases") : [] {
            switch precision {
            case .float32: results += try compareCase(file, name, Float.self)
            case .float64: results += try compareCase(file, name, Double.self)
            }
        }
        for group in others {
            for name in try file.names(in: "/" + group) {
                results.append(notCompared(path, group, name, [], "\(group) is not supported"))
            }
        }
        return results
    }

    private static func compareCase<S: Scalar & HDF5Element>(
        _ file: HDF5File, _ name: String, _ type: S.Type
    ) throws -> [Comparison] {
        let path = "/cases/\(name)"
        let tolerance = tolerance(S.precision)
        var results: [Comparison] = []
        let architecture = try architecture(file, path)
        guard let reference = try ReferenceCase<S>(file, path, architecture: architecture) else {
            guard case .unsupported(let types) = architecture else { return [] }
            let reason = "no layer of type \(types.sorted().joined(separator: ", "))"
            return try quantities(file, path).map { notCompared(file.path, name, $0, [], reason) }
        }
        let verification = CaseVerification(reference) { quantity, ours, expected, shape in
            let error = relativeError(ours, expected)
            results.append(
                Comparison(
                    file: file.path, case: name, quantity: quantity, shape: shape, error: error.isFinite ? error : nil,
                    tolerance: tolerance, status: error <= tolerance ? .ok : .differs, reason: nil))
        }
        for quantity in try quantities(file, path) {
            if let compare = CaseVerification<S>.handled[quantity] {
                try compare(verification)
            } else {
                results.append(notCompared(file.path, name, quantity, [], "not supported"))
            }
        }
        for quantity in ["gd/linearized_losses", "gd/linearized_f", "gd/ntk_trace"]
        where file.contains("\(path)/\(quantity)") {
            let shape = try file.describe("\(path)/\(quantity)").shape
            results.append(notCompared(file.path, name, quantity, shape, "not supported"))
        }
        return results
    }

    /// What the case holds, apart from what the comparison starts from.
    private static func quantities(_ file: HDF5File, _ path: String) throws -> [String] {
        try file.names(in: path).filter { !["x", "y", "params"].contains($0) }
    }

    private static func architecture(_ file: HDF5File, _ path: String) throws -> ReferenceArchitecture {
        let json = try file.required("arch", of: path, file.string("arch", of: path))
        let shape = try file.describe(path + "/x").shape
        do {
            let frozen = try JSONDecoder().decode(
                Set<String>.self, from: Data((file.string("frozen", of: path) ?? "[]").utf8))
            return try ReferenceArchitecture(json: json, inputShape: Array(shape.dropFirst()), frozen: frozen)
        } catch let error as DecodingError {
            throw HDF5Error(file: file.path, object: path, "arch is not a list of layers: \(error)")
        } catch let error as ModelError {
            throw HDF5Error(file: file.path, object: path, "arch: \(error)")
        } catch let error as LabError {
            throw HDF5Error(file: file.path, object: path, "arch: \(error)")
        }
    }

    private static func notCompared(
        _ file: String, _ name: String, _ quantity: String, _ shape: [Int], _ reason: String
    ) -> Comparison {
        Comparison(
            file: file, case: name, quantity: quantity, shape: shape, error: nil, tolerance: nil,
            status: .notCompared, reason: reason)
    }
}
