import LinearAlgebra
import Sampling

/// How far a point is from one where the gradient can't be made smaller by a step:
///
///     r = ‖H p + g‖/(‖H‖_F ‖p‖ + ‖g‖),  p the shortest least-squares solution of H p = −g
///
/// 0 where an ordinary step of Newton exists, 1 where g is in the kernel of H: ‖g‖ then has a stationary point that f
/// has not. Source: Frye, Simon, Wadia, Ligeralde, DeWeese, Bouchard 2021, Neural Computation 33(6), 1469, section 3.
package struct Flatness: Sendable, Equatable {
    /// r, or a bound on it.
    package let index: Double
    /// Whether `index` is r itself: an iteration that left out a direction, or had to end before it had them all,
    /// bounds r from above.
    package let isExact: Bool
    /// The published cut-off: a point beyond it is gradient-flat, and never counted as stationary.
    package static let cutoff = 0.9

    package var isFlat: Bool { isExact && !(index <= Self.cutoff) }

    package init(index: Double, isExact: Bool) {
        (self.index, self.isExact) = (index, isExact)
    }

    /// From a direction that MINRES-QLP found.
    /// - Parameter frobeniusNorm: ‖H‖_F.
    init(_ newton: NewtonDirection, frobeniusNorm: Double, gradientNorm: Double) {
        let scale = frobeniusNorm * norm(newton.p) + gradientNorm
        self.init(index: scale == 0 ? 0 : newton.residual / scale, isExact: newton.isLeastSquares)
    }

    /// ‖H‖_F from `products` products with normal vectors z: E‖H z‖² = ‖H‖_F²; the error is about √(2/products) of it
    /// or less.
    package static func estimatedFrobeniusNorm<H: LinearOperator<Double>>(of hessian: H, products: Int = 30) -> Double {
        let n = hessian.dimension
        let squares = (0..<products).map { k in
            var z = [Double](repeating: 0, count: n)
            RandomStream(seed: 0, "stationary/norm/\(k)").fillNormal(&z, count: n, standardDeviation: 1)
            let image = hessian.product(z)
            return dot(image, image)
        }
        return (squares.reduce(0, +) / Double(products)).squareRoot()
    }
}
