import LinearAlgebra
import RealModule

/// Bounds of both gaps of a linear network over Ω that hold for the sample at hand, with certainty and without constants.
///
/// With A = Σ_n − Σ, N = (1/n) Σ noise xᵀ and D = W_l … W_1 − T the gaps are J_n − J = ½ tr(D A Dᵀ) − ⟨N, D⟩ + ½ (p_n − k σ²),
/// p_n the mean of ‖noise‖², and for layer j ∇_j(J_n − J) = (W_l … W_{j+1})ᵀ (D A − N)(W_{j−1} … W_1)ᵀ. On Ω, ‖D‖_F ≤ r^l + ‖T‖_F.
package struct CertainBound: Sendable {
    /// ‖A‖₂.
    package let inputs: Double
    /// ‖N‖_F.
    package let noiseCross: Double
    /// |p_n − k σ²|.
    package let noisePower: Double
    /// ‖T‖_F.
    package let teacher: Double

    /// - Parameter sample: moments of samples of the population.
    /// - Returns: nil for a teacher that is a network.
    package init?(_ sample: SecondMoments, of population: Population) {
        guard case .linear(let matrix) = population.teacher else { return nil }
        let (d, k) = (population.inputs, population.outputs)
        let difference = sample.inputs.copy()
        for i in 0..<d { difference[i, i] -= population.variances[i] }
        inputs = spectralNorm(difference.base, rows: d, columns: d)
        // N = C_n − T Σ_n, and p_n = E‖y‖² − ⟨T, C_n + N⟩.
        let (t, cross) = (MatrixBuffer<Double>(k, d, matrix), sample.cross.copy())
        MatrixBuffer.product(t, .no, sample.inputs, alpha: -1, beta: 1, into: cross)
        noiseCross = Double.dot(k * d, cross.base, cross.base).squareRoot()
        let explained = Double.dot(k * d, t.base, sample.cross.base) + Double.dot(k * d, t.base, cross.base)
        noisePower = abs(sample.power - explained - 2 * population.noiseRisk)
        teacher = Double.dot(k * d, t.base, t.base).squareRoot()
    }

    /// sup |J_n − J| ≤ ½ ‖A‖₂ δ² + ‖N‖_F δ + ½ |p_n − k σ²|, δ = r^l + ‖T‖_F.
    package func risk(layers: Int, radius: Double) -> Double {
        let distance = Double.pow(radius, layers) + teacher
        return inputs * distance * distance / 2 + noiseCross * distance + noisePower / 2
    }

    /// sup ‖∇J_n − ∇J‖ ≤ √l r^(l−1) (‖A‖₂ δ + ‖N‖_F).
    package func gradient(layers: Int, radius: Double) -> Double {
        let distance = Double.pow(radius, layers) + teacher
        return Double(layers).squareRoot() * Double.pow(radius, layers - 1) * (inputs * distance + noiseCross)
    }
}
