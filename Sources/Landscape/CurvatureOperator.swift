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
}
