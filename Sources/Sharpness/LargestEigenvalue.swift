import LinearAlgebra
import Sampling

/// The largest eigenvalue of H or D H D as Lanczos has it: λ_max is no smaller.
package struct LargestEigenvalue: Sendable {
    package let value: Double
    /// Some eigenvalue is no further from it, but for rounding.
    package let residual: Double
    /// Products that it took.
    package let steps: Int

    /// The most products, each a vector of memory.
    package static let mostSteps = 100

    /// By Lanczos from a random vector until the residual is 10⁻⁶ of the value.
    ///
    /// - Returns: nil where a product is not finite.
    package init?(of a: some LinearOperator<Double>, seed: UInt64) {
        let stream = RandomStream(seed: seed, "sharpness/start")
        let start = (0..<a.dimension).map { stream.normal($0) }
        let ends = extremeEigenvalues(of: a, start: start, maximumSteps: Self.mostSteps) {
            $0.largest.residual <= 1e-6 * abs($0.largest.value)
        }
        guard ends.outcome != .nonFinite, ends.largest.value.isFinite, ends.largest.residual.isFinite else {
            return nil
        }
        (value, residual, steps) = (ends.largest.value, ends.largest.residual, ends.steps)
    }
}
