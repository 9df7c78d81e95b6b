import LinearAlgebra

/// A function on Rⁿ, or on a surface in it, with its gradient and products with its Hessian, in float64.
///
/// On a surface, gradient and Hessian are Riemannian ones: both are tangent to it.
package protocol TwiceDifferentiable {
    associatedtype Hessian: LinearOperator<Double>
    /// n, the length of w.
    var dimension: Int { get }
    /// f(w) and ∇f(w).
    func gradient(at w: [Double]) -> (value: Double, gradient: [Double])
    /// ∇²f(w) as a map, which may be asked until f is asked at another point.
    func hessian(at w: [Double]) -> Hessian
    /// Where a step from w along a tangent ends: w + a p, drawn back to the surface.
    func moved(_ w: [Double], along p: [Double], by a: Double) -> [Double]
    /// Orthonormal vectors across the surface at w, along which no step goes.
    func normals(at w: [Double]) -> [[Double]]
    /// Whether f is smooth around w, and each constraint holds w clearly or clearly does not.
    /// - Parameter tolerance: what of a gradient counts as nothing.
    func isRegular(at w: [Double], tolerance: Double) -> Bool
    /// The nearest place where f has a kink, from w; nil for an f without any.
    func kink(at w: [Double], within reach: Double) -> Kink?
}

/// How far w is from where f has a kink.
package struct Kink: Sendable, Equatable {
    /// The smallest |z| of numbers z(w) that are 0 where f has a kink; infinite where none of them moves with w.
    package let margin: Double
    /// Whether a kink may lie within reach of w, or within what rounding makes of z.
    package let isNear: Bool

    package init(margin: Double, isNear: Bool) {
        (self.margin, self.isNear) = (margin, isNear)
    }
}

extension TwiceDifferentiable {
    package func moved(_ w: [Double], along p: [Double], by a: Double) -> [Double] {
        zip(w, p).map { $0 + a * $1 }
    }
    package func normals(at w: [Double]) -> [[Double]] { [] }
    package func isRegular(at w: [Double], tolerance: Double) -> Bool { true }
    package func kink(at w: [Double], within reach: Double) -> Kink? { nil }
}

extension LinearOperator where S == Double {
    /// A x.
    func product(_ x: [Double]) -> [Double] {
        var out = [Double](repeating: 0, count: dimension)
        apply(x, &out)
        return out
    }
}

/// ‖x‖₂.
func norm(_ x: [Double]) -> Double { Double.dot(x.count, x, x).squareRoot() }

/// xᵀ y.
func dot(_ x: [Double], _ y: [Double]) -> Double { Double.dot(x.count, x, y) }
