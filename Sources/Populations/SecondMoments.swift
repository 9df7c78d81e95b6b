import LinearAlgebra

/// All that the risk of a linear network knows of a distribution of (x, y), or of a sample: E x xᵀ, E y xᵀ and E ‖y‖².
package struct SecondMoments {
    /// Σ, [d_0, d_0].
    package let inputs: MatrixBuffer<Double>
    /// C = E y xᵀ, [k, d_0].
    package let cross: MatrixBuffer<Double>
    /// E ‖y‖².
    package let power: Double

    /// Those of a population: Σ = diag(s), C = T Σ, E ‖y‖² = tr(T Σ Tᵀ) + k σ².
    ///
    /// - Returns: nil for a teacher that is a network.
    package init?(_ population: Population) {
        guard case .linear(let teacher) = population.teacher else { return nil }
        let (d, k) = (population.inputs, population.outputs)
        (inputs, cross) = (MatrixBuffer(d, d), MatrixBuffer(k, d))
        var power = 2 * population.noiseRisk
        for j in 0..<d {
            inputs[j, j] = population.variances[j]
            for i in 0..<k {
                let entry = teacher[i * d + j]
                cross[i, j] = entry * population.variances[j]
                power += entry * cross[i, j]
            }
        }
        self.power = power
    }

    /// Those of samples at hand, x [n, d_0] and y [n, k]. Cost: n d_0 (d_0 + k) multiplications.
    /// - Precondition: a sample at least.
    package init(_ x: MatrixBuffer<Double>, _ y: MatrixBuffer<Double>) {
        precondition(x.rows > 0 && x.rows == y.rows, "moments of one sample or more, each with its answer")
        (inputs, cross) = (MatrixBuffer(x.columns, x.columns), MatrixBuffer(y.columns, x.columns))
        let share = 1 / Double(x.rows)
        MatrixBuffer.product(x, .yes, x, alpha: share, into: inputs)
        MatrixBuffer.product(y, .yes, x, alpha: share, into: cross)
        power = share * Double.dot(y.count, y.base, y.base)
    }

    /// Those of samples 0..<count, drawn block after block. Cost: count (d_0 + k) normal numbers and d_0 times as many multiplications.
    package init(
        _ sampler: PopulationSampler, _ role: PopulationSampler.Role = .training, seed: UInt64, count: Int
    ) {
        let (d, k) = (sampler.population.inputs, sampler.population.outputs)
        let rows = PopulationSampler.blockRows
        let (x, y) = (MatrixBuffer<Double>(rows, d), MatrixBuffer<Double>(rows, k))
        (inputs, cross) = (MatrixBuffer(d, d), MatrixBuffer(k, d))
        var squares = 0.0
        let share = 1 / Double(count)
        for first in stride(from: 0, to: count, by: rows) {
            let here = min(rows, count - first)
            sampler.fill(role, seed: seed, block: first / rows, rows: here, x.base, y.base)
            Double.gemm(
                .yes, .no, m: d, n: d, k: here, alpha: share, x.base, d, x.base, d, beta: 1, inputs.base, d)
            Double.gemm(
                .yes, .no, m: k, n: d, k: here, alpha: share, y.base, k, x.base, d, beta: 1, cross.base, d)
            squares += Double.dot(here * k, y.base, y.base)
        }
        power = squares / Double(count)
    }

    /// d_0 samples whose mean loss is, for every linear network, E ½‖f(x) − y‖² less a constant, and that constant.
    ///
    /// With Σ = Σ_i s_i u_i u_iᵀ they are x_i = √(d_0 s_i) u_i with answers √(d_0/s_i) C u_i: their moments are Σ and C, since C is
    /// 0 where Σ is.
    /// - Returns: nil where a moment is not finite.
    package func samples() -> (x: MatrixBuffer<Double>, y: MatrixBuffer<Double>, constant: Double)? {
        guard let eigen = SymmetricEigen(destroying: inputs.copy(), vectors: true), let vectors = eigen.vectors else {
            return nil
        }
        let (d, k) = (inputs.rows, cross.rows)
        let (x, y) = (MatrixBuffer<Double>(d, d), MatrixBuffer<Double>(d, k))
        let rounding = SymmetricEigen.solverError(norm: eigen.values.last ?? 0)
        for i in 0..<d where eigen.values[i] > rounding {
            let scale = (Double(d) * eigen.values[i]).squareRoot()
            Double.axpy(d, scale, vectors.base + i * d, x.base + i * d)
            Double.gemv(
                .no, rows: k, columns: d, alpha: Double(d) / scale, cross.base, vectors.base + i * d, beta: 0,
                y.base + i * k)
        }
        return (x, y, (power - Double.dot(d * k, y.base, y.base) / Double(d)) / 2)
    }
}
