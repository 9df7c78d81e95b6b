import LinearAlgebra
import Networks

/// What rounding makes of products with H, G and R.
extension LossSurface {
    /// Estimate of ‖computed A − A‖₂, no bound that is proved: 4 √k u (‖A‖₂ + 2 ‖G‖₂), which tests hold to what float32 makes of A.
    ///
    /// k is the number of roundings on the longest chain of sums, through the layers, back, and over the samples; errors of
    /// k roundings add up like √k (Higham, Mary 2019, theorem 2.4, with λ = 4). What is rounded are terms as large as those
    /// of G and of R = A − G, whatever of them cancels in A.
    package func arithmeticError(norm: Double, gaussNewtonNorm: Double) -> Double {
        let roundings = 2 * model.chainLength + sampleCount
        return 4 * Double(roundings).squareRoot() * S.precision.unitRoundoff * (norm + 2 * gaussNewtonNorm)
    }
}

extension CurvatureOperator {
    /// The largest |eigenvalue| to a few percent from below, by a few steps of Lanczos. Cost: `steps` products.
    package func norm(start: UnsafePointer<S>, steps: Int = 12) -> Double {
        let lanczos = LanczosIteration(self, start: start, capacity: steps)
        while lanczos.outcome == nil { lanczos.advance() }
        let values = lanczos.ritz.map { abs($0.value.value) }
        return lanczos.outcome == .nonFinite ? .nan : values.max() ?? 0
    }
}
