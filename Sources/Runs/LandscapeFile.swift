import HDF5
import Landscape
import Statistics

/// The file of one landscape: F along the ladder's rays and over the slice.
extension LossLandscape {
    package static var format: String { "ntklab-landscape" }

    package func write(to path: String, step: Int, learningRate: Double, _ header: FileHeader) throws {
        try HDF5Writer.write(to: path) { file in
            try header.write(to: file, format: Self.format)
            try file.attribute("step", step)
            try file.attribute("learning_rate", learningRate)
            try file.attribute("loss", loss)
            try file.attribute("gradient_norm", gradientNorm)
            try file.attribute("loss_after_step", lossAfterStep)
            try file.attribute("curvature_min", smallestCurvature.value)
            try file.attribute("curvature_min_residual", smallestCurvature.residual)
            try file.attribute("curvature_max", largestCurvature.value)
            try file.attribute("curvature_max_residual", largestCurvature.residual)
            try file.attribute("directions", rays.map(\.name).joined(separator: " "))
            try file.dataset(
                "/ladder/loss", rays.flatMap(\.losses), shape: [rays.count, radii.count],
                attributes: ["units": "1", "long_name": "F(W + radius * direction)"])
            try file.dataset(
                "/ladder/slope", rays.map(\.slope),
                attributes: ["units": "1", "long_name": "inner product of gradient and direction"])
            try file.dataset(
                "/ladder/direction", rays.indices.map { Int64($0) },
                attributes: ["units": "1", "long_name": "index into the attribute directions"])
            try file.dataset(
                "/ladder/radius", radii, attributes: ["units": "1", "long_name": "length of the displacement"])
            try file.scale("/ladder/direction", named: "direction", axes: [("/ladder/loss", 0), ("/ladder/slope", 0)])
            try file.scale("/ladder/radius", named: "radius", axes: [("/ladder/loss", 1)])
            if let slice { try write(slice, to: file) }
        }
    }

    private func write(_ slice: Slice, to file: HDF5Writer) throws {
        try file.dataset(
            "/slice/loss", UnsafePointer(slice.losses.base), shape: [slice.axis.count, slice.axis.count],
            attributes: ["units": "1", "long_name": "F(W + x u + y v)"])
        for (axis, name, meaning) in [
            (0, "curvature", "y, along the most negative curvature v"), (1, "gradient", "x, along u = -gradient/norm"),
        ] {
            try file.dataset("/slice/\(name)", slice.axis, attributes: ["units": "1", "long_name": meaning])
            try file.scale("/slice/\(name)", named: name, axes: [("/slice/loss", axis)])
        }
    }
}
