import Landscape
import LinearAlgebra
import Sampling

/// The largest eigenvalue of H or D H D as Lanczos has it: λ_max is no smaller, but for rounding.
package struct LargestEigenvalue: Sendable {
    package let value: Double
    /// Some eigenvalue is no further from it: the residual, with an estimate of what the products round.
    package let error: Double
    /// Products that it took.
    package let steps: Int

    /// The most products, each a vector of memory.
    package static let mostSteps = 100

    /// By Lanczos from a random vector until the residual is 10⁻⁶ of the value.
    ///
    /// ‖A‖, as far as both ends show it, stands for ‖G‖ too in the estimate of `LossSurface.arithmeticError`.
    /// - Parameter surface: F, whose second derivatives are in A.
    /// - Returns: nil where a product is not finite.
    package init?(of a: some LinearOperator<Double>, on surface: LossSurface<Double>, seed: UInt64) {
        let stream = RandomStream(seed: seed, "sharpness/start")
        let start = (0..<a.dimension).map { stream.normal($0) }
        let ends = extremeEigenvalues(of: a, start: start, maximumSteps: Self.mostSteps) {
            $0.largest.residual <= 1e-6 * abs($0.largest.value)
        }
        (value, steps) = (ends.largest.value, ends.steps)
        let norm = max(abs(ends.smallest.value), abs(value))
        error = ends.largest.residual + surface.arithmeticError(norm: norm, gaussNewtonNorm: norm)
        guard ends.outcome != .nonFinite, value.isFinite, error.isFinite else { return nil }
    }
}
