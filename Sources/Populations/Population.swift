import Sampling

/// A distribution of samples (x, y): x ~ N(0, diag(variances)), y = teacher(x) + N(0, σ² I).
///
/// For linear networks a diagonal covariance is no restriction: a rotation of x goes into the first layer, whose norm it keeps.
package struct Population: Sendable {
    package enum Teacher: Sendable {
        /// x ↦ T x, T row-major, [outputs, inputs].
        case linear([Double])
        /// x ↦ f(w, x), w as in `PlainNetwork`.
        case network(PlainNetwork, weights: [Double])
    }
    /// s_i, the variance of each input.
    package let variances: [Double]
    package let teacher: Teacher
    /// σ.
    package let noise: Double
    /// k, the length of y.
    package let outputs: Int

    /// - Precondition: variances and noise are not negative, and the teacher has as many inputs as there are variances.
    package init(variances: [Double], _ teacher: Teacher, noise: Double) {
        precondition(!variances.isEmpty && variances.allSatisfy { $0 >= 0 } && noise >= 0, "a variance is not negative")
        switch teacher {
        case .linear(let matrix):
            outputs = matrix.count / variances.count
            precondition(outputs > 0 && matrix.count == outputs * variances.count, "T has a column for each input")
        case .network(let network, let weights):
            outputs = network.outputs
            precondition(network.inputs == variances.count, "the teacher reads all inputs")
            precondition(network.weightCount == weights.count, "a number for each weight of the teacher")
        }
        (self.variances, self.teacher, self.noise) = (variances, teacher, noise)
    }

    /// d_0.
    package var inputs: Int { variances.count }
    /// τ: the inputs are τ²-sub-Gaussian.
    package var deviation: Double { (variances.max() ?? 0).squareRoot() }
    /// E ½‖noise‖² = ½ k σ², the least risk there is for a network that can be the teacher.
    package var noiseRisk: Double { Double(outputs) * noise * noise / 2 }
}

extension Population.Teacher {
    /// T with entries N(0, scale²), from the stream `population/teacher` of the seed.
    package static func randomLinear(inputs: Int, outputs: Int, scale: Double, seed: UInt64) -> Self {
        .linear(weights(inputs * outputs, scale, seed))
    }

    /// A network with weights N(0, scale²), from the stream `population/teacher` of the seed.
    package static func random(_ network: PlainNetwork, scale: Double, seed: UInt64) -> Self {
        .network(network, weights: weights(network.weightCount, scale, seed))
    }

    private static func weights(_ count: Int, _ scale: Double, _ seed: UInt64) -> [Double] {
        var result = [Double](repeating: 0, count: count)
        RandomStream(seed: seed, "population/teacher").fillNormal(&result, count: count, standardDeviation: scale)
        return result
    }
}
