import LinearAlgebra
import Networks

/// Stochastic descent on one function of the weights.
///
///     plain:     w ← w − η g
///     momentum:  v ← μ v + g,  w ← w − η v
///     Nesterov:  v ← μ v + g,  w ← w − η (g + μ v)
///     Adam:      see `Adam`
///
/// Source of the middle two: Sutskever, Martens, Dahl, Hinton 2013, eqs. 1-4, with η outside v.
/// Plain descent makes no gradient: the product δᵀh subtracts from w directly.
/// Cost: `Model.stepFlops`, and nothing is allocated.
public final class Descent<S: Scalar> {
    /// w, which the steps change.
    public let parameters: ParameterVector<S>
    /// What the optimizer remembers: nothing, v of momentum, or m and v of Adam.
    public let state: [ParameterVector<S>]
    /// F; its reduction and scale are the caller's, by the `scale` of each step.
    public let objective: Objective
    /// What becomes of a gradient.
    public let optimizer: Optimizer
    /// f(w, x), which is trained.
    public let function: TrainedFunction<S>
    /// Steps taken, those before `resume` too.
    public private(set) var steps = 0
    private let gradient: ParameterVector<S>?

    /// Descent from the given weights, which it writes in place. With momentum it holds another vector of P numbers, with
    /// Nesterov's two, with Adam three.
    public init(
        _ function: TrainedFunction<S>, _ parameters: ParameterVector<S>, _ objective: Objective,
        _ optimizer: Optimizer = .sgd(Momentum())
    ) {
        self.function = function
        self.parameters = parameters
        self.objective = objective
        self.optimizer = optimizer
        state = optimizer.stateNames.map { _ in ParameterVector(parameters.layout) }
        gradient = optimizer.keepsGradient ? ParameterVector(parameters.layout) : nil
    }

    /// The same vectors by their names in checkpoints.
    package var namedState: [(name: String, vector: ParameterVector<S>)] {
        zip(optimizer.stateNames, state).map { ($0, $1) }
    }

    /// Goes on from a state that a descent with the same optimizer had after so many steps, which it copies.
    public func resume(_ state: [ParameterVector<S>], after steps: Int) {
        precondition(state.count == self.state.count, "\(state.count) vectors for \(self.state.count) of the optimizer")
        for (own, other) in zip(self.state, state) { own.assign(other) }
        self.steps = steps
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
        steps += 1
        switch optimizer {
        case .sgd(let momentum): if momentum.factor != 0 { move(rate, S(momentum.factor)) }
        case .adam(let adam): move(adam.step(steps, learningRate: learningRate))
        }
        return loss
    }

    /// Where a step's gradient goes: into w itself, into v, or on its own.
    private func sink(_ rate: S) -> GradientSink<S> {
        if let gradient { return GradientSink(target: gradient.base, alpha: 1, beta: 0) }
        let momentum = optimizer.momentum.factor
        if momentum != 0 { return GradientSink(target: state[0].base, alpha: 1, beta: S(momentum)) }
        return GradientSink(target: parameters.base, alpha: -rate, beta: 1)
    }

    /// The step of momentum, whose v has the gradient already unless that is Nesterov's.
    private func move(_ rate: S, _ mu: S) {
        let (w, velocity, count) = (parameters.base, state[0], parameters.count)
        guard let gradient else {
            S.axpy(count, -rate, velocity.base, w)
            return
        }
        S.scale(count, mu, velocity.base)
        S.axpy(count, 1, gradient.base, velocity.base)
        S.axpy(count, -rate, gradient.base, w)
        S.axpy(count, -rate * mu, velocity.base, w)
    }

    /// Adam's step. Frozen tensors stay out of it, since they would decay too.
    private func move(_ step: AdamStep) {
        guard let gradient else { return }
        for entry in parameters.layout.entries where entry.tensor.isTrained {
            let at = entry.offset
            S.adam(
                entry.tensor.count, step, gradient.base + at, state[0].base + at, state[1].base + at,
                parameters.base + at)
        }
    }
}
