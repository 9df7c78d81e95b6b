import HDF5
import LinearAlgebra
import Measurements
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
            try file.dataset("/kernel", narrow, shape: shape, attributes: KernelDescription.attributes)
        } else {
            try file.dataset(
                "/kernel", UnsafePointer(kernel.base), shape: shape, attributes: KernelDescription.attributes)
        }
    }
}
