import RealModule

/// Order H and dimension Λ of a spin glass, and how many stationary points it can have and has on average.
///
/// All numbers are up to the sign of w: at −w there is one wherever there is one at w.
package struct SpinShape: Sendable, Hashable {
    /// H, the number of spins that interact: the layers of the network that it stands for.
    package let order: Int
    /// Λ, the number of spins.
    package let dimension: Int

    /// Those for which bounds are exact and memory is small.
    package static let (orders, dimensions) = (2...8, 2...12)

    /// - Precondition: H and Λ are among `orders` and `dimensions`.
    package init(order: Int, dimension: Int) {
        precondition(Self.orders.contains(order), "an order is 2 to 8")
        precondition(Self.dimensions.contains(dimension), "a dimension is 2 to 12")
        (self.order, self.dimension) = (order, dimension)
    }

    /// How many real and complex ones there are at most, unless there are infinitely many:
    /// ((H − 1)^Λ − 1)/(H − 2) = Σ_{k<Λ} (H − 1)^k, and Λ for H = 2.
    ///
    /// As many as that there are for almost all couplings; those that are not real come in pairs, so that the number of
    /// real ones is odd or even as the bound is.
    /// Source: Cartwright, Sturmfels 2013, Linear Algebra Appl. 438, 942, theorem 1.2.
    package var bound: Int { (0..<dimension).reduce(0) { sum, _ in sum * (order - 1) + 1 } }

    /// (H − 1)^(Λ/2), how the mean grows with Λ.
    package var leadingOrder: Double { Double.pow(Double(order - 1), Double(dimension) / 2) }

    /// The mean number of real ones over normal couplings, exact:
    ///
    ///     √(2/H) (H − 1)^(Λ/2) ∫ ρ(x) exp(−(H − 2) x²/(2 H)) dx
    ///
    /// with ρ the density of the Λ eigenvalues of a matrix of the Gaussian orthogonal ensemble, with entries of
    /// variance 1 on the diagonal and 1/2 elsewhere. √(3 H − 2) for Λ = 2, and Λ for H = 2. The integrand is analytic
    /// and falls like a normal density, so that the trapezoidal rule's error is rounding.
    /// Source: Auffinger, Ben Arous, Černý 2013, Comm. Pure Appl. Math. 66, 165, theorem 2.1, summed over indices and
    /// halved.
    package var meanCount: Double {
        let (spacing, reach) = (0.02, Double.sqrt(2 * Double(dimension)) + 10)
        let rate = Double(order - 2) / Double(2 * order)
        var integral = 0.0
        for k in 0...Int(2 * reach / spacing) {
            let x = Double(k) * spacing - reach
            integral += spacing * OrthogonalEnsemble.density(dimension, at: x) * Double.exp(-rate * x * x)
        }
        return Double.sqrt(2 / Double(order)) * leadingOrder * integral
    }
}

/// The Gaussian orthogonal ensemble, with entries of variance 1 on the diagonal and 1/2 elsewhere.
enum OrthogonalEnsemble {
    /// The density of all n eigenvalues at x; its integral is n:
    ///
    ///     ρ = Σ_{k<n} φ_k² + √(n/2) φ_{n−1} ε φ_n + [n odd] φ_{n−1}/∫ φ_{n−1}
    ///
    /// with φ_k the Hermite functions, orthonormal, and (ε φ)(x) = ½ ∫ sign(x − t) φ(t) dt. By recurrence,
    /// √(k + 1) φ_{k+1} = √2 x φ_k − √k φ_{k−1}, and, from φ_k′ = √(k/2) φ_{k−1} − √((k + 1)/2) φ_{k+1},
    /// √(k + 1) ε φ_{k+1} = √k ε φ_{k−1} − √2 φ_k. Source: Mehta 2004, Random Matrices, section 7.2.
    static func density(_ n: Int, at x: Double) -> Double {
        let first = Double.exp(-x * x / 2) / Double.root(.pi, 4)
        // Of degree k and k − 1: values, halves of signed integrals, integrals over all x.
        var (value, before) = (first, 0.0)
        var (signed, signedBefore) = (Double.erf(x / Double.sqrt(2)) * Double.root(.pi, 4) / Double.sqrt(2), 0.0)
        var (whole, wholeBefore) = (Double.sqrt(2) * Double.root(.pi, 4), 0.0)
        var squares = 0.0
        for k in 0..<n {
            squares += value * value
            let (a, b) = (Double.sqrt(2 / Double(k + 1)), Double.sqrt(Double(k) / Double(k + 1)))
            (signed, signedBefore) = (b * signedBefore - a * value, signed)
            (value, before) = (a * x * value - b * before, value)
            (whole, wholeBefore) = (b * wholeBefore, whole)
        }
        // Now of degree n and n − 1.
        return squares + Double.sqrt(Double(n) / 2) * before * signed + (n % 2 == 1 ? before / wholeBefore : 0)
    }
}
