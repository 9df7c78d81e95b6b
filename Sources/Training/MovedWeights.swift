import LinearAlgebra
import Networks

/// Weights that an optimizer moves, with what it remembers of their gradients.
struct MovedWeights<S: Scalar> {
    let parameters: ParameterVector<S>
    /// Nothing, v of momentum, or m and v of Adam.
    let state: [ParameterVector<S>]
    private let optimizer: Optimizer
    private let gradient: ParameterVector<S>?

    init(_ parameters: ParameterVector<S>, _ optimizer: Optimizer) {
        self.parameters = parameters
        self.optimizer = optimizer
        state = optimizer.stateNames.map { _ in ParameterVector(parameters.layout) }
        gradient = optimizer.keepsGradient ? ParameterVector(parameters.layout) : nil
    }

    /// Where a step's gradient goes: into w itself, into v, or on its own.
    func sink(_ rate: S) -> GradientSink<S> {
        if let gradient { return GradientSink(target: gradient.base, alpha: 1, beta: 0) }
        let momentum = optimizer.momentum.factor
        if momentum != 0 { return GradientSink(target: state[0].base, alpha: 1, beta: S(momentum)) }
        return GradientSink(target: parameters.base, alpha: -rate, beta: 1)
    }

    /// Step t, counted from 1, once its gradient is in the sink.
    func move(_ t: Int, learningRate: Double) {
        switch optimizer {
        case .sgd(let momentum): if momentum.factor != 0 { move(S(learningRate), S(momentum.factor)) }
        case .adam(let adam): move(adam.step(t, learningRate: learningRate))
        }
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
