import LinearAlgebra
import RealModule

/// How far a descent has come: the learning rates of its steps, equal ones in a row counted together.
public struct DescentClock: Sendable, Equatable {
    /// Equal rates in a row: η times the weight of a sample, and how many steps had it.
    public private(set) var runs: [(rate: Double, steps: Int)] = []

    /// A descent that has not begun.
    public init() {}

    /// - Parameter rate: η times the weight of a sample's loss in the objective: η for a sum, η/n for a mean.
    public mutating func advance(rate: Double, steps: Int = 1) {
        if let last = runs.last, last.rate == rate {
            runs[runs.count - 1].steps += steps
        } else {
            runs.append((rate, steps))
        }
    }

    /// Σ η, the time of the gradient flow that the descent follows.
    public var time: Double { runs.reduce(0) { $0 + $1.rate * Double($1.steps) } }

    /// Whether two descents took the same steps.
    public static func == (a: DescentClock, b: DescentClock) -> Bool {
        a.runs.elementsEqual(b.runs) { $0 == $1 }
    }
}

/// What is left of a mode of the residual with eigenvalue λ, and what is gone of it over λ.
struct ModeDecay {
    let left: Double
    /// (1 − left)/λ, with its limit at λ = 0.
    let response: Double

    /// Π (1 − η λ) over the steps of a descent.
    init(_ lambda: Double, descent clock: DescentClock) {
        var logarithm = 0.0
        var isNegative = false
        for (rate, steps) in clock.runs {
            let x = rate * lambda
            logarithm += Double(steps) * (x < 1 ? Double.log(onePlus: -x) : Double.log(x - 1))
            if x > 1, steps % 2 == 1 { isNegative.toggle() }
        }
        let size = Double.exp(logarithm)
        left = isNegative ? -size : size
        let gone = isNegative ? 1 + size : -Double.expMinusOne(logarithm)
        response = lambda == 0 ? clock.time : gone / lambda
    }

    /// e^(−λ t).
    init(_ lambda: Double, flow time: Double) {
        let exponent = lambda == 0 ? 0 : -lambda * time
        left = Double.exp(exponent)
        response = lambda == 0 ? time : -Double.expMinusOne(exponent) / lambda
    }
}

/// Training of the linearized network on the squared loss, in closed form, from the eigenvectors of Θ₀.
///
/// With r = f − y on the training samples, f on others and Θ_* the kernel between the two:
///
///     r_t = (I − η Θ)^t r_0                       or e^(−Θ t) r_0 for gradient flow
///     f_t = f_0 − Θ_* Θ⁻¹ (I − (I − η Θ)^t) r_0   likewise
///
/// Source: Lee et al. 2019, eqs. 8-11; for discrete time, their section 2.2 with the exponential replaced.
/// Cost: an eigendecomposition (about 4 N³ flops) once, 2 N² flops a prediction.
public struct LinearizedDescent {
    /// Eigenvalues of Θ₀, ascending.
    public let eigenvalues: [Double]
    private let vectors: MatrixBuffer<Double>
    /// V r_0: [N, columns].
    private let modes: MatrixBuffer<Double>

    /// What moves the residual, and for how long.
    public enum Law: Sendable {
        case descent(DescentClock)
        /// Time of the gradient flow of ½‖r‖²; may be infinite for a positive definite kernel.
        case flow(Double)
    }

    /// - Parameters:
    ///   - kernel: Θ₀ [N, N], destroyed; N = nK with one column of residuals, or N = n where all outputs have the
    ///     same kernel and each is a column.
    ///   - residual: r_0 [N, columns].
    /// - Returns: nil where the kernel has no eigendecomposition: an entry that is not finite.
    public init?(destroying kernel: MatrixBuffer<Double>, residual: MatrixBuffer<Double>) {
        precondition(kernel.rows == residual.rows, "one row of residuals for each row of the kernel")
        guard let eigen = SymmetricEigen(destroying: kernel, vectors: true), let vectors = eigen.vectors else {
            return nil
        }
        eigenvalues = eigen.values
        self.vectors = vectors
        modes = MatrixBuffer(residual.rows, residual.columns)
        MatrixBuffer.product(vectors, .no, residual, .no, into: modes)
    }

    private func decay(_ lambda: Double, _ law: Law) -> ModeDecay {
        switch law {
        case .descent(let clock): ModeDecay(lambda, descent: clock)
        case .flow(let time): ModeDecay(lambda, flow: time)
        }
    }

    private func scaledModes(_ factor: (Double) -> Double) -> MatrixBuffer<Double> {
        let scaled = MatrixBuffer<Double>(modes.rows, modes.columns)
        for k in 0..<modes.rows {
            let value = factor(eigenvalues[k])
            for c in 0..<modes.columns { scaled[k, c] = value * modes[k, c] }
        }
        return scaled
    }

    /// r_t, [N, columns].
    public func residual(_ law: Law) -> MatrixBuffer<Double> {
        let result = MatrixBuffer<Double>(modes.rows, modes.columns)
        MatrixBuffer.product(vectors, .yes, scaledModes { decay($0, law).left }, .no, into: result)
        return result
    }

    /// Θ⁻¹ (I − e^(−Θ t)) r_0 [N, columns]: what Θ_* is multiplied with to have what f moved by on other samples.
    public func response(_ law: Law) -> MatrixBuffer<Double> {
        let result = MatrixBuffer<Double>(modes.rows, modes.columns)
        MatrixBuffer.product(vectors, .yes, scaledModes { decay($0, law).response }, .no, into: result)
        return result
    }

    /// V diag(φ) Vᵀ B for a function φ of what is left and gone of each mode, B [N, columns].
    func apply(_ law: Law, _ factor: (_ left: Double, _ response: Double) -> Double, to b: MatrixBuffer<Double>)
        -> MatrixBuffer<Double>
    {
        let inModes = MatrixBuffer<Double>(b.rows, b.columns)
        MatrixBuffer.product(vectors, .no, b, .no, into: inModes)
        for k in 0..<b.rows {
            let decay = decay(eigenvalues[k], law)
            Double.scale(b.columns, factor(decay.left, decay.response), inModes.base + k * b.columns)
        }
        let result = MatrixBuffer<Double>(b.rows, b.columns)
        MatrixBuffer.product(vectors, .yes, inModes, .no, into: result)
        return result
    }
}
