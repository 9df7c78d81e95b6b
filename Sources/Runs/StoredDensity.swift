import HDF5
import Networks

/// The density of eigenvalues in the file of a spectrum, as figures show it.
package struct StoredDensity {
    /// Of H or, in a file of H, of its parts G and R.
    package let kind: Curvature
    /// Eigenvalues, ascending, and the density there without the spike at 0.
    package let points: [Double]
    package let values: [Double]
    /// Of the Gaussians that smooth it.
    package let width: Double

    /// Those that the file of a Hessian has.
    /// - Throws: `HDF5Error`.
    package static func all(of file: HDF5File) throws -> [StoredDensity] {
        try Curvature.allCases.compactMap { kind in
            let name = StoredSpectrum.density(of: kind)
            guard file.contains("/\(name)/value") else { return nil }
            func numbers(_ dataset: String) throws -> [Double] {
                try file.read("/\(name)/\(dataset)", as: Double.self, limit: 1 << 16).values
            }
            let (points, values) = (try numbers("point"), try numbers("value"))
            guard points.count == values.count else {
                throw HDF5Error(
                    file: file.path, object: "/\(name)/value", "expected \(points.count) numbers, found \(values.count)"
                )
            }
            return StoredDensity(
                kind: kind, points: points, values: values,
                width: try file.required("\(name)_width", file.number("\(name)_width", of: "/")))
        }
    }
}
