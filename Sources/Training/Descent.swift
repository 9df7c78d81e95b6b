import LinearAlgebra
import Networks

/// Momentum of the heavy ball, or Nesterov's.
public struct Momentum: Sendable, Equatable {
    /// μ; 0 for none.
    public let factor: Double
    /// Whether it is Nesterov's: then a step is −η (g + μ v).
    public let isNesterov: Bool

    /// Plain descent where nothing is said.
    public init(factor: Double = 0, isNesterov: Bool = false) {
        self.factor = factor
        self.isNesterov = isNesterov
    }
}

/// Stochastic gradient descent on one function of the weights.
///
///     plain:     w ← w − η g
///     momentum:  v ← μ v + g,  w ← w − η v
///     Nesterov:  v ← μ v + g,  w ← w − η (g + μ v)
///
/// Source of the two: Sutskever, Martens, Dahl, Hinton 2013, eqs. 1-4, with η outside v.
/// Plain descent makes no gradient: the product δᵀh subtracts from w directly.
/// Cost: `Model.stepFlops`, and nothing is allocated.
public final class Descent<S: Scalar> {
    /// w, which the steps change.
    public let parameters: ParameterVector<S>
    /// v; nil without momentum.
    public let velocity: ParameterVector<S>?
    /// F; its reduction and scale are the caller's, by the `scale` of each step.
    public let objective: Objective
    /// μ and its form.
    public let momentum: Momentum
    /// f(w, x), which is trained.
    public let function: TrainedFunction<S>
    private let nesterovGradient: ParameterVector<S>?

    /// Descent from the given weights, which it writes in place. With momentum it holds another vector of P numbers, with
    /// Nesterov's two.
    public init(
        _ function: TrainedFunction<S>, _ parameters: ParameterVector<S>, _ objective: Objective,
        _ momentum: Momentum = Momentum()
    ) {
        self.function = function
        self.parameters = parameters
        self.objective = objective
        self.momentum = momentum
        velocity = momentum.factor == 0 ? nil : ParameterVector(parameters.layout)
        nesterovGradient = momentum.factor != 0 && momentum.isNesterov ? ParameterVector(parameters.layout) : nil
    }

    /// One step on the batch x [rows, inputs], y [rows, K].
    ///
    /// - Parameter scale: factor of each sample's gradient: 1 for a sum, 1/rows for a mean, n/rows
    ///   for an unbiased estimate of a sum over n.
    /// - Returns: Σ_i ℓ_i of the batch before the step, not reduced.
    public func step(
        _ x: UnsafePointer<S>, _ y: UnsafePointer<S>, rows: Int, learningRate: Double, scale: Double
    ) -> Double {
        let (w, rate) = (parameters.base, S(learningRate))
        let loss = function.gradient(of: objective, w, x, y, rows: rows, scale: scale, into: sink(rate))
        guard let velocity else { return loss }
        let (mu, count) = (S(momentum.factor), parameters.count)
        guard let gradient = nesterovGradient else {
            S.axpy(count, -rate, velocity.base, w)
            return loss
        }
        S.scale(count, mu, velocity.base)
        S.axpy(count, 1, gradient.base, velocity.base)
        S.axpy(count, -rate, gradient.base, w)
        S.axpy(count, -rate * mu, velocity.base, w)
        return loss
    }

    /// Where a step's gradient goes: into w itself, into v, or on its own.
    private func sink(_ rate: S) -> GradientSink<S> {
        if let gradient = nesterovGradient { return GradientSink(target: gradient.base, alpha: 1, beta: 0) }
        if let velocity { return GradientSink(target: velocity.base, alpha: 1, beta: S(momentum.factor)) }
        return GradientSink(target: parameters.base, alpha: -rate, beta: 1)
    }
}
