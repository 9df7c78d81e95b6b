import Files
import HDF5
import Landscape
import Measurements
import Statistics

/// Where the arrays of a landscape are in its file.
private enum LandscapePath {
    static let losses = "/ladder/loss"
    static let slopes = "/ladder/slope"
    static let directions = "/ladder/direction"
    static let radii = "/ladder/radius"
    static let slice = "/slice/loss"
    static let downhill = "gradient"
    static func axis(_ name: String) -> String { "/slice/\(name)" }
}

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
                LandscapePath.losses, rays.flatMap(\.losses), shape: [rays.count, radii.count],
                attributes: ["units": "1", "long_name": "F(W + radius * direction)"])
            try file.dataset(
                LandscapePath.slopes, rays.map(\.slope),
                attributes: ["units": "1", "long_name": "inner product of gradient and direction"])
            try file.dataset(
                LandscapePath.directions, rays.indices.map { Int64($0) },
                attributes: ["units": "1", "long_name": "index into the attribute directions"])
            try file.dataset(
                LandscapePath.radii, radii, attributes: ["units": "1", "long_name": "length of the displacement"])
            try file.scale(
                LandscapePath.directions, named: "direction",
                axes: [(LandscapePath.losses, 0), (LandscapePath.slopes, 0)])
            try file.scale(LandscapePath.radii, named: "radius", axes: [(LandscapePath.losses, 1)])
            if let slice { try write(slice, to: file) }
        }
    }

    private func write(_ slice: Slice, to file: HDF5Writer) throws {
        try file.dataset(
            LandscapePath.slice, UnsafePointer(slice.losses.base), shape: [slice.axis.count, slice.axis.count],
            attributes: ["units": "1", "long_name": "F(W + x u + y v)"])
        for (axis, name, meaning) in [
            (0, "curvature", "y, along the most negative curvature v"),
            (1, LandscapePath.downhill, "x, along u = -gradient/norm"),
        ] {
            try file.dataset(LandscapePath.axis(name), slice.axis, attributes: ["units": "1", "long_name": meaning])
            try file.scale(LandscapePath.axis(name), named: name, axes: [(LandscapePath.slice, axis)])
        }
    }
}

extension LandscapeEvidence {
    package init(step: Int, reading file: HDF5File) throws {
        func number(_ name: String) throws -> Double { try file.required(name, file.number(name, of: "/")) }
        let names = try file.required("directions", file.string("directions", of: "/")).split(separator: " ")
        let radii = try file.read(LandscapePath.radii, as: Double.self, limit: 1 << 20).values
        let slopes = try file.read(LandscapePath.slopes, as: Double.self, limit: 1 << 20).values
        let losses = try file.read(LandscapePath.losses, as: Double.self, limit: 1 << 24).values
        guard names.count == slopes.count, losses.count == slopes.count * radii.count else {
            throw LabError("/ladder: expected \(names.count) directions of \(radii.count) radii, found \(losses.count)")
        }
        self.init(
            step: step, loss: try number("loss"), gradientNorm: try number("gradient_norm"),
            learningRate: try number("learning_rate"), lossAfterStep: try number("loss_after_step"),
            rays: names.indices.map { k in
                Ray(
                    name: String(names[k]), slope: slopes[k], radii: radii,
                    losses: Array(losses[(k * radii.count)..<((k + 1) * radii.count)]))
            },
            smallestCurvature: (try number("curvature_min"), try number("curvature_min_residual")),
            largestCurvature: (try number("curvature_max"), try number("curvature_max_residual")))
    }
}

/// The slice of a landscape, as figures show it.
package struct StoredSlice {
    /// Of x and of y.
    package let axis: [Double]
    /// F(W + x u + y v)/F(W), [y, x].
    package let ratios: [Double]

    /// - Returns: nil for a landscape without a slice, or without a loss to compare with.
    /// - Throws: `HDF5Error`.
    package init?(_ file: HDF5File) throws {
        guard file.contains(LandscapePath.slice) else { return nil }
        let losses = try file.read(LandscapePath.slice, as: Double.self, limit: 1 << 20).values
        axis = try file.read(LandscapePath.axis(LandscapePath.downhill), as: Double.self, limit: 1 << 10).values
        let loss = try file.number("loss", of: "/") ?? 0
        guard axis.count > 1, losses.count == axis.count * axis.count, loss > 0, (losses + axis).allSatisfy(\.isFinite)
        else { return nil }
        ratios = losses.map { $0 / loss }
    }
}
