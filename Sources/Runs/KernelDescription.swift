import HDF5
import LinearAlgebra
import TangentKernels

/// What a kernel file says of its kernel, the same for snapshots of a run and for `ntklab ntk`.
package struct KernelDescription {
    package let step: Int
    package let outputs: KernelOutputs
    package let precision: Precision
    package let parametrization: String
    package let classes: Int
    /// Samples of the rows and of the columns, and the sets they come from.
    package let rows: (set: String, samples: Int)
    package let columns: (set: String, samples: Int)

    package init(
        step: Int, outputs: KernelOutputs, precision: Precision, parametrization: String, classes: Int,
        rows: (set: String, samples: Int), columns: (set: String, samples: Int)
    ) {
        self.step = step
        self.outputs = outputs
        self.precision = precision
        self.parametrization = parametrization
        self.classes = classes
        self.rows = rows
        self.columns = columns
    }

    package static var format: String { "ntklab-kernel" }

    package var rowCount: Int { rows.samples * outputs.rows(classes) }
    package var columnCount: Int { columns.samples * outputs.rows(classes) }

    private var definition: String {
        switch outputs {
        case .full:
            "Theta[(i,a),(j,b)] = sum over trained weights w of df_a(x_i)/dw df_b(x_j)/dw, index i*K + a"
        case .trace: "Theta[i,j] = sum over outputs a and trained weights w of df_a(x_i)/dw df_a(x_j)/dw"
        }
    }

    /// Root attributes, and the axes: a scale for the rows and another for the columns of /kernel.
    /// - Parameter hasMatrix: whether /kernel is there, or the eigenvalues alone.
    package func write(to file: HDF5Writer, _ header: FileHeader, hasMatrix: Bool) throws {
        try header.write(to: file, format: Self.format)
        try file.attribute("step", step)
        try file.attribute("definition", definition)
        try file.attribute("outputs", outputs.rawValue)
        try file.attribute("classes", classes)
        try file.attribute("parametrization", parametrization)
        try file.attribute("scale", "of the network's own outputs f; no factor 1/n, 1/K or 1/width")
        try file.attribute("kernel_precision", precision.rawValue)
        try file.attribute("rows", rows.set)
        try file.attribute("columns", columns.set)
        try file.attribute("NX_class", "NXdata")
        try file.attribute("signal", hasMatrix ? "kernel" : "eigenvalues")
    }

    /// The axes of /kernel, which has to be there.
    package func writeAxes(to file: HDF5Writer) throws {
        try writeAxis(0, of: KernelPath.matrix, count: rowCount, to: file)
        try writeAxis(1, of: KernelPath.matrix, count: columnCount, suffix: "_2", to: file)
    }

    private func writeAxis(
        _ axis: Int, of dataset: String, count: Int, suffix: String = "", to file: HDF5Writer
    ) throws {
        let scale = (outputs == .full ? "sample_output" : "sample") + suffix
        let each = outputs.rows(classes)
        try file.dataset(
            "/\(scale)", (0..<count).map { Int64($0) },
            attributes: [
                "units": "1",
                "long_name": outputs == .full ? "sample * \(classes) + output" : "sample, counted from 0",
            ])
        try file.scale("/\(scale)", named: scale, axes: [(dataset, axis)])
        guard outputs == .full else { return }
        for (part, values) in [
            ("sample", (0..<count).map { Int64($0 / each) }), ("output", (0..<count).map { Int64($0 % each) }),
        ] {
            try file.dataset(
                "/\(part)_of\(suffix)", values, attributes: ["units": "1", "long_name": "\(part) of each index"])
            try file.scale("/\(scale)", named: scale, axes: [("/\(part)_of\(suffix)", 0)])
        }
    }

    /// Eigenvalues with their errors, and what they say.
    package func write(_ spectrum: KernelSpectrum, to file: HDF5Writer) throws {
        try file.attribute("lambda_min", spectrum.smallest.value)
        try file.attribute("lambda_min_error", spectrum.smallest.error)
        try file.attribute("lambda_max", spectrum.largest.value)
        try file.attribute("lambda_max_error", spectrum.largest.error)
        if let error = spectrum.arithmeticError { try file.attribute(KernelPath.arithmeticError, error) }
        try file.attribute("definiteness", spectrum.definiteness.rawValue)
        try file.attribute(
            "spectrum", spectrum.lanczosSteps.map { "Lanczos, \($0) steps" } ?? "full eigendecomposition")
        guard let values = spectrum.values else { return }
        try file.dataset(
            KernelPath.eigenvalues, values,
            attributes: ["units": "1", "long_name": "eigenvalues of the kernel, ascending"])
        try file.dataset(KernelPath.mode, (0..<values.count).map { Int64($0) }, attributes: ["units": "1"])
        try file.scale(KernelPath.mode, named: "mode", axes: [(KernelPath.eigenvalues, 0)])
    }

    /// ‖Θ v − λ v‖ of each eigenpair.
    package func write(residuals: [Double], to file: HDF5Writer) throws {
        try file.dataset(
            KernelPath.residuals, residuals,
            attributes: ["units": "1", "long_name": "2-norm of kernel * v - lambda * v, v the unit eigenvector"])
        try file.scale(KernelPath.mode, named: "mode", axes: [(KernelPath.residuals, 0)])
    }

    /// The unit eigenvectors, a row each; `fill` makes some rows at a time.
    package func writeVectors(
        to file: HDF5Writer, rowsAtOnce: Int,
        fill: (_ first: Int, _ count: Int, _ to: UnsafeMutablePointer<Double>) throws -> Void
    ) throws {
        try file.matrix(
            KernelPath.eigenvectors, as: Double.self, rows: rowCount, columns: rowCount, rowsAtOnce: rowsAtOnce,
            attributes: ["units": "1", "long_name": "unit eigenvectors of the kernel, one a row"], fill: fill)
        try file.scale(KernelPath.mode, named: "mode", axes: [(KernelPath.eigenvectors, 0)])
        try writeAxis(1, of: KernelPath.eigenvectors, count: columnCount, to: file)
    }

    package func write(_ traces: [(layer: String, trace: Double)], to file: HDF5Writer) throws {
        try file.dataset(
            KernelPath.layerTrace, traces.map(\.trace),
            attributes: [
                "units": "1", "long_name": "trace of each trained layer's part of the kernel",
                "layers": traces.map(\.layer).joined(separator: " "),
            ])
        try file.dataset("/layer", (0..<traces.count).map { Int64($0) }, attributes: ["units": "1"])
        try file.scale("/layer", named: "layer", axes: [(KernelPath.layerTrace, 0)])
    }

    package static var attributes: [String: String] { ["units": "1", "long_name": "empirical tangent kernel"] }
}
