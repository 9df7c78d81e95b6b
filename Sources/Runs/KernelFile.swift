import HDF5
import LinearAlgebra
import Measurements
import TangentKernels
import Training

extension KernelSnapshot {
    /// One kernel of a run, in the precision it was computed in, or its spectrum alone, with its metrics as attributes.
    package func write(
        to path: String, _ description: KernelDescription, _ metrics: [Metric], _ header: FileHeader, hasMatrix: Bool
    ) throws {
        try HDF5Writer.write(to: path) { file in
            try description.write(to: file, header, hasMatrix: hasMatrix)
            for metric in metrics { try file.attribute(metric.name, metric.value) }
            if hasMatrix {
                try writeMatrix(to: file, description.precision)
                try description.writeAxes(to: file)
            }
            if let spectrum { try description.write(spectrum, to: file) }
            try description.write(layerTraces, to: file)
        }
    }

    private func writeMatrix(to file: HDF5Writer, _ precision: Precision) throws {
        let shape = [kernel.rows, kernel.columns]
        if precision == .float32 {
            let narrow = kernel.entries.map { Float($0) }
            try file.dataset(KernelPath.matrix, narrow, shape: shape, attributes: KernelDescription.attributes)
        } else {
            try file.dataset(
                KernelPath.matrix, UnsafePointer(kernel.base), shape: shape, attributes: KernelDescription.attributes)
        }
    }
}

/// Where the arrays of a kernel are in its file.
package enum KernelPath {
    package static let matrix = "/kernel"
    package static let eigenvalues = "/eigenvalues"
    package static let layerTrace = "/layer_trace"
    /// Of `ntklab-eigen`: the unit eigenvector of each eigenvalue, a row each, and ‖Θ v − λ v‖.
    package static let eigenvectors = "/eigenvectors"
    package static let residuals = "/residuals"
    package static let mode = "/mode"
    /// An attribute of the file: bound on ‖computed Θ − Θ‖₂ from the rounding of the kernel's own arithmetic.
    package static let arithmeticError = "arithmetic_error"
}

/// A kernel as its file holds it.
package struct StoredKernel {
    private let file: HDF5File

    /// - Parameter file: whose bytes match their digest.
    package init(_ file: HDF5File) { self.file = file }

    /// Whether the matrix is there: large kernels leave their spectrum alone.
    package var hasMatrix: Bool { file.contains(KernelPath.matrix) }

    /// What the file says of its kernel, whose matrix has to be there.
    /// - Throws: `HDF5Error` where it is no such file.
    package var description: KernelDescription {
        get throws {
            let format = try file.string("format", of: "/") ?? "none"
            guard format == KernelDescription.format else {
                throw HDF5Error(
                    file: file.path, "expected a file of format \(KernelDescription.format), found \(format)")
            }
            guard hasMatrix else {
                throw HDF5Error(
                    file: file.path, object: KernelPath.matrix,
                    "is missing: the file keeps the eigenvalues alone; ntklab ntk writes the matrix without --spectrum")
            }
            func text(_ name: String) throws -> String { try file.required(name, file.string(name, of: "/")) }
            func known<T: RawRepresentable>(_ name: String) throws -> T where T.RawValue == String {
                let value = try text(name)
                guard let known = T(rawValue: value) else {
                    throw HDF5Error(file: file.path, "attribute \(name): \(value) is not known")
                }
                return known
            }
            let shape = try file.describe(KernelPath.matrix).shape
            guard shape.count == 2 else {
                throw HDF5Error(file: file.path, object: KernelPath.matrix, "expected a matrix, found shape \(shape)")
            }
            let each = max(try rowsEach, 1)
            return KernelDescription(
                step: try file.required("step", file.integer("step", of: "/")), outputs: try known("outputs"),
                precision: try known("kernel_precision"), parametrization: try text("parametrization"),
                classes: try file.required("classes", file.integer("classes", of: "/")),
                rows: (try text("rows"), shape[0] / each), columns: (try text("columns"), shape[1] / each))
        }
    }

    /// What `KernelSpectrum` calls so; nil in files that do not say it.
    /// - Throws: `HDF5Error`.
    package var arithmeticError: Double? {
        get throws { try file.number(KernelPath.arithmeticError, of: "/") }
    }

    /// The trace of each trained layer's part; nil where it is not there.
    /// - Throws: `HDF5Error`.
    package var layerTraces: [(layer: String, trace: Double)]? {
        get throws {
            guard file.contains(KernelPath.layerTrace) else { return nil }
            let traces = try file.read(KernelPath.layerTrace, as: Double.self, limit: 1 << 16).values
            let names = try file.string("layers", of: KernelPath.layerTrace)?.split(separator: " ").map(String.init)
            guard let names, names.count == traces.count else { return nil }
            return Array(zip(names, traces)).map { ($0, $1) }
        }
    }

    /// Ascending; nil where they were not found.
    /// - Throws: `HDF5Error`.
    package var eigenvalues: [Double]? {
        get throws {
            guard file.contains(KernelPath.eigenvalues) else { return nil }
            return try file.read(KernelPath.eigenvalues, as: Double.self, limit: 1 << 24).values
        }
    }

    /// Θ with its shape.
    /// - Throws: `HDF5Error`.
    package func matrix(limit: Int = 1 << 28) throws -> (values: [Double], shape: [Int]) {
        try file.read(KernelPath.matrix, as: Double.self, limit: limit)
    }

    /// Rows for each sample: K for the full kernel, 1 for the trace.
    /// - Throws: `HDF5Error`.
    package var rowsEach: Int {
        get throws {
            let classes = try file.required("classes", file.integer("classes", of: "/"))
            return try file.required("outputs", file.string("outputs", of: "/")) == KernelOutputs.full.rawValue
                ? classes : 1
        }
    }
}
