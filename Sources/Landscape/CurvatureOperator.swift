import LinearAlgebra
import Networks

/// H, G or R at a point as a symmetric map of the trained weights.
package final class CurvatureOperator<S: Scalar>: LinearOperator {
    package let surface: LossSurface<S>
    package let kind: Curvature
    package let coordinates: TrainedCoordinates
    /// v and A v in the whole layout; nil where nothing is frozen.
    private let whole: (v: ParameterVector<S>, product: ParameterVector<S>)?

    package init(_ surface: LossSurface<S>, _ kind: Curvature) {
        self.surface = surface
        self.kind = kind
        coordinates = TrainedCoordinates(surface.layout)
        whole = coordinates.isWhole ? nil : (ParameterVector(surface.layout), ParameterVector(surface.layout))
    }

    package var dimension: Int { coordinates.count }

    package func apply(_ v: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>) {
        guard let whole else { return surface.product(kind, v, into: out) }
        coordinates.scatter(v, into: whole.v.base)
        surface.product(kind, whole.v.base, into: whole.product.base)
        coordinates.gather(whole.product.base, into: out)
    }

    /// All of it, [count, count]: its mean with its transpose, column by column. Cost: `count` products.
    /// - Returns: the matrix, and ‖A − Aᵀ‖_F of what was computed: what rounding made of its symmetry.
    package func matrix() -> (matrix: MatrixBuffer<Double>, asymmetry: Double) {
        let n = dimension
        let result = MatrixBuffer<Double>(n, n)
        let (unit, column) = (MatrixBuffer<S>(1, n), MatrixBuffer<S>(1, n))
        for j in 0..<n {
            unit.base[j] = 1
            apply(unit.base, column.base)
            convert(n, column.base, result.base + j * n)
            unit.base[j] = 0
        }
        var squares = 0.0
        for i in 0..<n {
            for j in 0..<i {
                let (a, b) = (result[i, j], result[j, i])
                squares += 2 * (a - b) * (a - b)
                (result[i, j], result[j, i]) = ((a + b) / 2, (a + b) / 2)
            }
        }
        return (result, squares.squareRoot())
    }
}
