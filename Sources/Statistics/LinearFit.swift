import LinearAlgebra
import RealModule
import Sampling

/// Ordinary least squares y ≈ X β, with intervals of its coefficients by Student's t or the bootstrap.
package struct LinearFit {
    /// X, a row a point.
    private let design: [[Double]]
    package let coefficients: [Double]
    package let residuals: [Double]
    /// (XᵀX)⁻¹ Xᵀ, a row a coefficient.
    private let weights: [[Double]]
    /// Leverage of each point, the diagonal of X (XᵀX)⁻¹ Xᵀ.
    private let leverages: [Double]

    /// - Returns: nil where the columns of X depend on one another, or there are no more points than columns.
    package init?(_ design: [[Double]], _ y: [Double]) {
        guard let columns = design.first?.count, design.count > columns,
            let inverse = MatrixBuffer.inverse(ofPositive: Self.normalMatrix(design))
        else { return nil }
        let weights = (0..<columns).map { k in
            design.map { row in row.indices.reduce(0) { $0 + inverse[k, $1] * row[$1] } }
        }
        self.design = design
        self.weights = weights
        coefficients = weights.map { zip($0, y).reduce(0) { $0 + $1.0 * $1.1 } }
        let fitted = Self.product(design, coefficients)
        residuals = zip(y, fitted).map { $0 - $1 }
        leverages = design.indices.map { i in
            design[i].indices.reduce(0) { $0 + design[i][$1] * weights[$1][i] }
        }
    }

    /// The diagonal of (XᵀX)⁻¹: variances of the coefficients for errors of variance 1.
    package var factors: [Double] { weights.map { $0.reduce(0) { $0 + $1 * $1 } } }

    package var squares: Double { residuals.reduce(0) { $0 + $1 * $1 } }

    /// What the errors of the points have in common.
    package enum Errors {
        /// One variance: residuals are drawn anew from all residuals.
        case alike
        /// A variance of its own for each point: signs of residuals are drawn (HC3).
        case different
        /// Anything within a cluster, nothing between clusters: each residual belongs to a cluster 0, 1, ….
        case clustered([Int])
    }

    /// The interval of one coefficient, symmetric around it.
    ///
    /// For clusters it comes from Student's t with one degree of freedom less than there are clusters, which is exact where
    /// each has the same points. Else the t statistic is bootstrapped: each repetition draws residuals, fits anew and
    /// divides the change of the coefficient by its standard error, and the quantile is that of |t|.
    ///
    /// Source: Davidson, Flachaire 2008; for clusters Cameron, Miller 2015, section VI.
    /// - Parameter level: probability that the interval covers the coefficient.
    /// - Returns: nil where there are not two degrees of freedom, or draws have no spread.
    /// Cost: repetitions · points · columns.
    package func interval(of k: Int, _ errors: Errors, level: Double, repetitions: Int = 999) -> ClosedRange<Double>? {
        guard residuals.count - coefficients.count >= 2 else { return nil }
        let error = standardError(of: k, residuals, errors)
        guard error > 0 else { return coefficients[k]...coefficients[k] }
        if case .clustered(let clusters) = errors {
            let length = StudentT(freedom: clusters.max() ?? 0).quantile(level) * error
            return (coefficients[k] - length)...(coefficients[k] + length)
        }
        let stream = RandomStream(seed: 0, "bootstrap")
        let statistics = (0..<repetitions).map { repetition -> Double in
            let y = drawn(errors, stream, repetition * residuals.count)
            let changes = weights.map { zip($0, y).reduce(0) { $0 + $1.0 * $1.1 } }
            let rest = zip(y, Self.product(design, changes)).map { $0 - $1 }
            let statistic = abs(changes[k]) / standardError(of: k, rest, errors)
            // No spread at all, in a draw of one residual again and again.
            return statistic.isNaN ? .infinity : statistic
        }.sorted()
        let quantile = statistics[min(Int((Double(repetitions + 1) * level).rounded(.up)) - 1, repetitions - 1)]
        guard (quantile * error).isFinite else { return nil }
        return (coefficients[k] - quantile * error)...(coefficients[k] + quantile * error)
    }

    /// Errors of one repetition, from the random numbers that begin at `first`.
    private func drawn(_ errors: Errors, _ stream: RandomStream, _ first: Int) -> [Double] {
        switch errors {
        case .alike:
            let scaled = zip(residuals, leverages).map { $0 / Double.sqrt(max(1 - $1, 1e-9)) }
            let mean = scaled.reduce(0, +) / Double(scaled.count)
            return scaled.indices.map { scaled[stream.integer(first + $0, below: scaled.count)] - mean }
        case .different:
            return residuals.indices.map { i in
                residuals[i] / max(1 - leverages[i], 1e-9) * (stream.bits(first + i) & 1 == 0 ? -1 : 1)
            }
        // Clusters have an interval without draws.
        case .clustered: return residuals
        }
    }

    private func standardError(of k: Int, _ residuals: [Double], _ errors: Errors) -> Double {
        let w = weights[k]
        switch errors {
        case .alike:
            let variance = residuals.reduce(0) { $0 + $1 * $1 } / Double(residuals.count - coefficients.count)
            return Double.sqrt(variance * w.reduce(0) { $0 + $1 * $1 })
        case .different:
            return Double.sqrt(
                residuals.indices.reduce(0.0) { sum, i in
                    let term = w[i] * residuals[i] / max(1 - leverages[i], 1e-9)
                    return sum + term * term
                })
        case .clustered(let clusters):
            var sums = [Double](repeating: 0, count: (clusters.max() ?? 0) + 1)
            for i in residuals.indices { sums[clusters[i]] += w[i] * residuals[i] }
            let count = Double(sums.count)
            return Double.sqrt(sums.reduce(0) { $0 + $1 * $1 } * count / (count - 1))
        }
    }

    private static func product(_ design: [[Double]], _ beta: [Double]) -> [Double] {
        design.map { row in zip(row, beta).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    private static func normalMatrix(_ design: [[Double]]) -> MatrixBuffer<Double> {
        let columns = design.first?.count ?? 0
        let normal = MatrixBuffer<Double>(columns, columns)
        for row in design {
            for a in 0..<columns {
                for b in 0..<columns { normal[a, b] += row[a] * row[b] }
            }
        }
        return normal
    }
}
