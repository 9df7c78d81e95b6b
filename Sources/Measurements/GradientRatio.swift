/// μ = ‖∇F‖²/(2(F − F*)), the ratio in the inequality of Polyak and Łojasiewicz, ‖∇F‖² ≥ 2μ(F − F*).
/// - Parameters:
///   - gradientNorm: ‖∇F‖.
///   - excess: F − F*; F itself where F* is taken for 0.
package func gradientRatio(gradientNorm: Double, excess: Double) -> Double {
    gradientNorm * gradientNorm / (2 * excess)
}
