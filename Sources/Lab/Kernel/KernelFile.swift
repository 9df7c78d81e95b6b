import HDF5
import LinearAlgebra
import Networks
import TangentKernels
import Training

/// What a kernel file says of its kernel, the same for snapshots of a run and for `ntklab ntk`.
struct KernelDescription {
    let step: Int
    let outputs: KernelOutputs
    let precision: Precision
    let parametrization: String
    let classes: Int
    /// Samples of the rows and of the columns, and the sets they come from.
    let rows: (set: String, samples: Int)
    let columns: (set: String, samples: Int)

    static var format: String { "ntklab-kernel" }

    var rowCount: Int { rows.samples * outputs.rows(classes) }
    var columnCount: Int { columns.samples * outputs.rows(classes) }

    private var definition: String {
        switch outputs {
        case .full:
            "Theta[(i,a),(j,b)] = sum over trained weights w of df_a(x_i)/dw df_b(x_j)/dw, index i*K + a"
        case .trace: "Theta[i,j] = sum over outputs a and trained weights w of df_a(x_i)/dw df_a(x_j)/dw"
        }
    }

    /// Root attributes, and the axes: a scale for the rows and another for the columns of /kernel.
    /// - Parameter hasMatrix: whether /kernel is there, or the eigenvalues alone.
    func write(to file: HDF5Writer, _ header: FileHeader, hasMatrix: Bool) throws {
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
    func writeAxes(to file: HDF5Writer) throws {
        let name = outputs == .full ? "sample_output" : "sample"
        let each = outputs.rows(classes)
        for (axis, count, scale) in [(0, rowCount, name), (1, columnCount, name + "_2")] {
            try file.dataset(
                "/\(scale)", (0..<count).map { Int64($0) },
                attributes: [
                    "units": "1",
                    "long_name": outputs == .full ? "sample * \(classes) + output" : "sample, counted from 0",
                ])
            try file.scale("/\(scale)", named: scale, axes: [("/kernel", axis)])
            guard outputs == .full else { continue }
            let suffix = axis == 0 ? "" : "_2"
            for (part, values) in [
                ("sample", (0..<count).map { Int64($0 / each) }), ("output", (0..<count).map { Int64($0 % each) }),
            ] {
                try file.dataset(
                    "/\(part)_of\(suffix)", values, attributes: ["units": "1", "long_name": "\(part) of each index"])
                try file.scale("/\(scale)", named: scale, axes: [("/\(part)_of\(suffix)", 0)])
            }
        }
    }

    /// Eigenvalues with their errors, and what they say.
    func write(_ spectrum: KernelSpectrum, to file: HDF5Writer) throws {
        try file.attribute("lambda_min", spectrum.smallest.value)
        try file.attribute("lambda_min_error", spectrum.smallest.error)
        try file.attribute("lambda_max", spectrum.largest.value)
        try file.attribute("lambda_max_error", spectrum.largest.error)
        try file.attribute("definiteness", spectrum.definiteness.rawValue)
        try file.attribute(
            "spectrum", spectrum.lanczosSteps.map { "Lanczos, \($0) steps" } ?? "full eigendecomposition")
        guard let values = spectrum.values else { return }
        try file.dataset(
            "/eigenvalues", values, attributes: ["units": "1", "long_name": "eigenvalues of the kernel, ascending"])
        try file.dataset("/mode", (0..<values.count).map { Int64($0) }, attributes: ["units": "1"])
        try file.scale("/mode", named: "mode", axes: [("/eigenvalues", 0)])
    }

    func write(_ traces: [(layer: String, trace: Double)], to file: HDF5Writer) throws {
        try file.dataset(
            "/layer_trace", traces.map(\.trace),
            attributes: [
                "units": "1", "long_name": "trace of each trained layer's part of the kernel",
                "layers": traces.map(\.layer).joined(separator: " "),
            ])
        try file.dataset("/layer", (0..<traces.count).map { Int64($0) }, attributes: ["units": "1"])
        try file.scale("/layer", named: "layer", axes: [("/layer_trace", 0)])
    }

    static var attributes: [String: String] { ["units": "1", "long_name": "empirical tangent kernel"] }
}

extension KernelSnapshot {
    /// One kernel of a run, in the precision it was computed in, or its spectrum alone, with its metrics as attributes.
    func write(
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
            try file.dataset("/kernel", narrow, shape: shape, attributes: KernelDescription.attributes)
        } else {
            try file.dataset(
                "/kernel", UnsafePointer(kernel.base), shape: shape, attributes: KernelDescription.attributes)
        }
    }
}

extension PredictionSnapshot {
    /// Outputs of training and test samples, measured and predicted.
    func write(to path: String, _ header: FileHeader) throws {
        try HDF5Writer.write(to: path) { file in
            try header.write(to: file, format: "ntklab-prediction")
            try file.attribute("step", step)
            for (set, outputs) in [("train", train)] + (test.map { [("test", $0)] } ?? []) {
                let arrays = [
                    ("measured", "outputs of the network", outputs.measured),
                    ("predicted", "outputs of the linearized network after the same steps", outputs.descent),
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
