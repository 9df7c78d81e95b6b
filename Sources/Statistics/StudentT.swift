import RealModule

/// Student's t distribution of n degrees of freedom.
package struct StudentT {
    private let n: Double

    /// - Parameter freedom: 1 or more.
    package init(freedom: Int) { n = Double(max(freedom, 1)) }

    /// q with P(|t| ≤ q) = level, to nine digits, by bisection of the distribution's integral.
    package func quantile(_ level: Double) -> Double {
        // t = √n tan θ turns the density into cos^(n−1) θ over (−π/2, π/2).
        // Beyond forty deviations it is 0.
        var (low, high) = (0.0, min(Double.pi / 2, 40 / Double.sqrt(n)))
        let total = integral(to: high)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if integral(to: middle) < level * total { low = middle } else { high = middle }
        }
        return Double.sqrt(n) * Double.tan(low)
    }

    /// ∫₀^a cos^(n−1) θ dθ by Simpson's rule on 400 intervals.
    private func integral(to a: Double) -> Double {
        let count = 400
        let step = a / Double(count)
        let sum = (0...count).reduce(0.0) { sum, i in
            let weight = i == 0 || i == count ? 1.0 : i % 2 == 1 ? 4 : 2
            return sum + weight * Double.pow(max(Double.cos(step * Double(i)), 0), n - 1)
        }
        return sum * step / 3
    }
}
