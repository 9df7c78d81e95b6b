import RealModule

/// The right sides of theorems 1, 3, 4 and 6 of Zhou, Feng 2018 (ICLR): with probability 1 − ε no weights in Ω have a larger gap.
///
/// Their universal constants are not published; they are 1 here unless said otherwise, so a number of these is a bound up to a constant
/// factor, and only how it depends on n, l, r, the widths and s is the theorem's. The theorems ask for answers within [0, 1],
/// 1 and 3 for bounded inputs too, and for n beyond a threshold with more such constants.
package struct PublishedBounds: Sendable {
    /// n.
    package var samples: Int
    /// d_0, …, d_l.
    package var widths: [Int]
    /// r: ‖W_j‖_F ≤ r.
    package var radius: Double
    /// τ, the deviation of an input.
    package var deviation: Double
    /// s, the number of weights that are not 0: all of them where nothing is said.
    package var nonzero: Int
    /// ε.
    package var failure: Double
    /// c_g of theorem 1, c_f of theorem 3, c_y of theorems 4 and 6.
    package var (gradientConstant, riskConstant, sigmoidConstant) = (1.0, 1.0, 1.0)

    package init(
        samples: Int, widths: [Int], radius: Double, deviation: Double, nonzero: Int? = nil, failure: Double = 0.01
    ) {
        (self.samples, self.widths, self.radius, self.deviation) = (samples, widths, radius, deviation)
        self.nonzero = nonzero ?? Self.weights(widths)
        self.failure = failure
    }

    private static func weights(_ widths: [Int]) -> Int {
        zip(widths, widths.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private var layers: Double { Double(widths.count - 1) }
    private var widest: Double { Double(widths.max() ?? 0) }
    private func power(_ exponent: Double) -> Double { Double.pow(radius, exponent) }

    /// √((s ln(d n/l) + ln(a/ε))/n).
    private func rate(_ a: Double) -> Double {
        let weights = Double(Self.weights(widths))
        let entropy = Double(nonzero) * Double.log(weights * Double(samples) / layers)
        return ((entropy + Double.log(a / failure)) / Double(samples)).squareRoot()
    }

    /// Theorem 1, ‖∇J_n − ∇J‖ of linear networks: c_g τ ω √(l √(max d_i)) √((s ln(d n/l) + ln(12/ε))/n), with
    /// ω = max(τ r^(2l−1), r^(2l−1), r^(l−1)).
    package var linearGradient: Double {
        let size = max(max(deviation, 1) * power(2 * layers - 1), power(layers - 1))
        return gradientConstant * deviation * size * (layers * widest.squareRoot()).squareRoot() * rate(12)
    }

    /// Theorem 3, |J_n − J| of linear networks: c_f τ max(√d_l τ r^(2l), r^l) √((s ln(d n/l) + ln(8/ε))/n).
    ///
    /// It goes to 0 with r, while at W = 0 J_n and J differ by half of mean ‖y‖² − E ‖y‖²: as it is printed it can't hold for small r.
    package var linearRisk: Double {
        let outputs = Double(widths.last ?? 0).squareRoot()
        return riskConstant * deviation * max(outputs * deviation * power(2 * layers), power(layers)) * rate(8)
    }

    /// c_r = max(r²/16, (r²/16)^(l−1)); 16 because the sigmoid's slope is 1/4 at most.
    private var slopes: Double {
        let square = radius * radius / 16
        return max(square, Double.pow(square, layers - 1))
    }

    /// Theorem 4, ‖∇J_n − ∇J‖ of sigmoid networks: τ √(512/729 c_y l (l + 2)(l c_r + 1) max d_i c_r) √((s ln(d n/l) + ln(4/ε))/n).
    package var sigmoidGradient: Double {
        let size = layers * (layers + 2) * (layers * slopes + 1) * widest * slopes
        return deviation * (512.0 / 729 * sigmoidConstant * size).squareRoot() * rate(4)
    }

    /// Theorem 6, |J_n − J| of sigmoid networks: τ √(9/8 c_y max d_i (1 + c_r (l − 1))) √((s ln(d n/l) + ln(4/ε))/n).
    package var sigmoidRisk: Double {
        deviation * (9.0 / 8 * sigmoidConstant * widest * (1 + slopes * (layers - 1))).squareRoot() * rate(4)
    }

    /// That of |J_n − J| for a kind of network; nil where no theorem speaks of it.
    package func risk(_ kind: PlainNetwork.Kind) -> Double? {
        switch kind {
        case .linear: linearRisk
        case .sigmoid: sigmoidRisk
        case .other: nil
        }
    }

    /// The same of ‖∇J_n − ∇J‖.
    package func gradient(_ kind: PlainNetwork.Kind) -> Double? {
        switch kind {
        case .linear: linearGradient
        case .sigmoid: sigmoidGradient
        case .other: nil
        }
    }
}
