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
}

/// A kernel as its file holds it.
package struct StoredKernel {
    private let file: HDF5File

    /// - Parameter file: whose bytes match their digest.
    package init(_ file: HDF5File) { self.file = file }

    /// Whether the matrix is there: large kernels leave their spectrum alone.
    package var hasMatrix: Bool { file.contains(KernelPath.matrix) }

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
