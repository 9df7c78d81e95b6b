import Landscape
import LinearAlgebra
import Networks

/// D H D with D = diag(w) over the trained weights: second derivatives of F(w_i (1 + z_i)), of relative steps.
///
/// It is the same matrix for w and T w, whatever diagonal T leaves the network's function: H becomes T⁻¹ H T⁻¹.
/// Cost: a product with H.
package final class RelativeCurvature: LinearOperator {
    private let hessian: CurvatureOperator<Double>
    private let trained: MatrixBuffer<Double>
    private let scaled: MatrixBuffer<Double>

    /// - Parameters:
    ///   - hessian: H, or G or R in its place.
    ///   - trained: w, [1, n].
    package init(_ hessian: CurvatureOperator<Double>, at trained: MatrixBuffer<Double>) {
        (self.hessian, self.trained) = (hessian, trained)
        scaled = MatrixBuffer(1, trained.count)
    }

    package var dimension: Int { trained.count }

    package func apply(_ v: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        for i in 0..<dimension { scaled.base[i] = trained.base[i] * v[i] }
        hessian.apply(scaled.base, out)
        for i in 0..<dimension { out[i] *= trained.base[i] }
    }
}
