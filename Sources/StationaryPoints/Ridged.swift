import LinearAlgebra

/// f(w) + ½ Σ λᵢ wᵢ².
///
/// With different λᵢ > 0 no continuous symmetry of f is left, and with it no flat direction: stationary points are isolated
/// for almost all λ. Source: Mehta, Chen, Tang, Hauenstein 2018 (arXiv:1810.07716), section 3.
package struct Ridged<F: TwiceDifferentiable>: TwiceDifferentiable {
    package let function: F
    /// λᵢ, [n].
    package let coefficients: [Double]

    /// - Precondition: a coefficient for each entry of w.
    package init(_ function: F, coefficients: [Double]) {
        precondition(coefficients.count == function.dimension, "a coefficient for each entry of w")
        (self.function, self.coefficients) = (function, coefficients)
    }

    package var dimension: Int { function.dimension }

    package func gradient(at w: [Double]) -> (value: Double, gradient: [Double]) {
        var (value, gradient) = function.gradient(at: w)
        for i in w.indices {
            value += coefficients[i] * w[i] * w[i] / 2
            gradient[i] += coefficients[i] * w[i]
        }
        return (value, gradient)
    }

    package func hessian(at w: [Double]) -> RidgedHessian<F.Hessian> {
        RidgedHessian(hessian: function.hessian(at: w), coefficients: coefficients)
    }

    package func isRegular(at w: [Double], tolerance: Double) -> Bool {
        function.isRegular(at: w, tolerance: tolerance)
    }

    package func kink(at w: [Double], within reach: Double) -> Kink? { function.kink(at: w, within: reach) }
}

/// H + diag(λ).
package struct RidgedHessian<H: LinearOperator<Double>>: LinearOperator {
    let hessian: H
    let coefficients: [Double]
    package var dimension: Int { hessian.dimension }

    package func apply(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        hessian.apply(x, out)
        for i in coefficients.indices { out[i] += coefficients[i] * x[i] }
    }
}
