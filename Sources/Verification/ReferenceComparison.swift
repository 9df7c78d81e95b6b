import Console
import Files
import Foundation
import HDF5
import LinearAlgebra
import Networks
import Runs

/// Compares this lab's numbers with another framework's, quantity by quantity.
package enum ReferenceComparison {
    /// Tolerance on the largest relative error: rounding of twenty steps of descent, no more.
    package static func tolerance(_ precision: Precision) -> Double {
        precision == .float64 ? 1e-10 : 2e-4
    }

    /// Every quantity of one reference file, in the order of the file.
    /// - Throws: `HDF5Error` or `LabError` for a file that is not of the form.
    package static func compare(file path: String, precision: Precision) throws -> [Comparison] {
        let file = try HDF5File(reading: path)
        let others = ["infinite", "predict"].filter { file.contains("/" + $0) }
        guard file.contains("/cases") || !others.isEmpty else {
            throw HDF5Error(file: path, object: "/cases", "is missing: this is not a reference file")
        }
        var results: [Comparison] = []
        for name in file.contains("/cases") ? try file.names(in: "/cases") : [] {
            results += try compareCase(file, name, precision.storedScalar)
        }
        for group in others { results += try compareInfinite(file, group) }
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
        let verification = CaseVerification(reference) {
            results.append(comparison(file, name, $0, $1, $2, $3, tolerance))
        }
        for quantity in try quantities(file, path) {
            if let compare = CaseVerification<S>.handled[quantity] {
                try compare(verification)
            } else {
                results.append(notCompared(file.path, name, quantity, [], "not supported"))
            }
        }
        return results
    }

    /// `/infinite` or `/predict`: closed forms, in float64 always.
    private static func compareInfinite(_ file: HDF5File, _ group: String) throws -> [Comparison] {
        var results: [Comparison] = []
        func verification(_ name: String) -> InfiniteVerification {
            InfiniteVerification(file: file) {
                results.append(comparison(file, name, $0, $1, $2, $3, tolerance(.float64)))
            }
        }
        if group == "predict" {
            try verification(group).predictions()
            return results
        }
        for name in try file.names(in: "/" + group) where try !verification(name).infinite("/\(group)/\(name)") {
            results.append(notCompared(file.path, name, group, [], "convolutions of infinite width are not supported"))
        }
        return results
    }

    private static func comparison(
        _ file: HDF5File, _ name: String, _ quantity: String, _ ours: [Double], _ expected: [Double], _ shape: [Int],
        _ tolerance: Double
    ) -> Comparison {
        let error = relativeError(ours, expected)
        return Comparison(
            file: file.path, case: name, quantity: quantity, shape: shape, error: error.isFinite ? error : nil,
            tolerance: tolerance, status: error <= tolerance ? .ok : .differs, reason: nil)
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
