import Foundation
import HDF5
import LinearAlgebra
import Runs
import TangentKernels
import TestSupport

/// A kernel whose eigenvalues are known: H diag(λ) H with H = 1 − 2 v vᵀ, v a unit vector.
///
/// Entries are symmetric to the bit, and off by a few roundings of the largest eigenvalue.
struct KnownKernel {
    let values: [Double]
    private let v: [Double]

    init(_ values: [Double]) {
        self.values = values
        let raw = values.indices.map { 1 + sin(Double(3 * $0)) }
        let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
        v = raw.map { $0 / norm }
    }

    /// Eigenvalues from `smallest` to 1,000, evenly in their logarithms.
    init(order: Int, smallest: Double = 1e-3) {
        self.init(
            (0..<order).map { smallest * pow(1000 / smallest, Double($0) / Double(max(order - 1, 1))) })
    }

    /// Writes it as `ntklab ntk` does.
    /// - Parameter change: of single entries, before they go to the file.
    func write(
        to path: String, outputs: KernelOutputs = .trace, precision: Precision = .float64, rows: String = "train",
        arithmeticError: Double? = 1e-9, change: (Int, Int, Double) -> Double = { $2 }
    ) throws {
        let n = values.count
        let classes = 2
        let samples = n / outputs.rows(classes)
        let description = KernelDescription(
            step: 7, outputs: outputs, precision: precision, parametrization: "paper", classes: classes,
            rows: (rows, samples), columns: ("train", samples))
        let header = FileHeader(
            configText: "name: known\n", seed: 3, precision: precision, dataDigest: "none", environment: .init())
        let w = zip(values, v).map { $0 * $1 }
        let quadratic = zip(w, v).reduce(0) { $0 + $1.0 * $1.1 }
        func row<T: BinaryFloatingPoint>(_ i: Int, _ to: UnsafeMutablePointer<T>) {
            for j in 0..<n {
                let both = v[i] * w[j] + w[i] * v[j]
                to[j] = T(change(i, j, (i == j ? values[i] : 0) - 2 * both + 4 * quadratic * (v[i] * v[j])))
            }
        }
        try HDF5Writer.write(to: path) { file in
            try description.write(to: file, header, hasMatrix: true)
            if let arithmeticError { try file.attribute(KernelPath.arithmeticError, arithmeticError) }
            if precision == .float64 {
                try file.matrix(KernelPath.matrix, as: Double.self, rows: n, columns: n, rowsAtOnce: 1) { row($0, $2) }
            } else {
                try file.matrix(KernelPath.matrix, as: Float.self, rows: n, columns: n, rowsAtOnce: 1) { row($0, $2) }
            }
            try description.writeAxes(to: file)
            try description.write([("W1", 1.5), ("W2", 4.5)], to: file)
        }
    }
}

/// The program, as one process or under mpirun.
struct Job {
    static let program = URL(fileURLWithPath: ntklab).deletingLastPathComponent()
        .appendingPathComponent("ntklab-eigen").path

    /// As root, on fewer cores than processes, in a container.
    static let environment: [String: String?] = [
        "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
        "OMPI_MCA_hwloc_base_binding_policy": "none",
    ]

    static func start(_ processes: Int, _ arguments: [String], in folder: TestFolder) throws -> Child {
        try Child(
            "/usr/bin/env", ["mpirun", "-n", "\(processes)", program] + arguments, folder: folder.path,
            environment: environment)
    }

    static func run(_ processes: Int, _ arguments: [String], in folder: TestFolder) throws -> Output {
        try start(processes, arguments, in: folder).wait()
    }
}
