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
/// Plain descent makes no gradient: the product δᵀh subtracts from w directly. With an `Eliminator` g is the gradient
/// of its F~, in the network's weights and in those that are added.
/// Cost: `Model.stepFlops`, and nothing is allocated.
public final class Descent<S: Scalar> {
    /// What the optimizer remembers: nothing, v of momentum, or m and v of Adam; then the parameters that are added,
    /// and what it remembers of those.
    public let state: [ParameterVector<S>]
    /// F; its reduction and scale are the caller's, by the `scale` of each step.
    public let objective: Objective
    /// What becomes of a gradient.
    public let optimizer: Optimizer
    /// f(w, x), which is trained.
    public let function: TrainedFunction<S>
    /// Steps taken, those before `resume` too.
    public private(set) var steps = 0
    private let weights: MovedWeights<S>
    private let eliminator: Eliminator<S>?
    private let added: MovedWeights<S>?

    /// Descent from the given weights, which it writes in place. With momentum it holds another vector of P numbers,
    /// with Nesterov's two, with Adam three.
    /// - Parameter eliminator: what is trained beside the weights, of the same objective, written in place too; nil for
    /// nothing.
    public init(
        _ function: TrainedFunction<S>, _ parameters: ParameterVector<S>, _ objective: Objective,
        _ optimizer: Optimizer = .sgd(Momentum()), eliminator: Eliminator<S>? = nil
    ) {
        self.function = function
        self.objective = objective
        self.optimizer = optimizer
        self.eliminator = eliminator
        weights = MovedWeights(parameters, optimizer)
        added = eliminator.map { MovedWeights($0.parameters, optimizer) }
        state = weights.state + (added.map { [$0.parameters] + $0.state } ?? [])
    }

    /// w, which the steps change.
    public var parameters: ParameterVector<S> { weights.parameters }

    /// The same vectors by their names in checkpoints.
    package var namedState: [(name: String, vector: ParameterVector<S>)] {
        let parts = optimizer.state(of: parameters.layout, adding: eliminator?.parameters.layout)
        return zip(parts, state).map { ($0.name, $1) }
    }

    /// Goes on from a state that a descent with the same optimizer had after so many steps, which it copies.
    public func resume(_ state: [ParameterVector<S>], after steps: Int) {
        precondition(state.count == self.state.count, "\(state.count) vectors for \(self.state.count) of the descent")
        for (own, other) in zip(self.state, state) { own.assign(other) }
        self.steps = steps
    }

    /// One step on the batch x [rows, inputs], y [rows, K].
    ///
    /// - Parameter scale: factor of each sample's gradient: 1 for a sum, 1/rows for a mean, n/rows
    ///   for an unbiased estimate of a sum over n.
    /// - Returns: Σ_i ℓ_i of the batch before the step, of f alone, not reduced.
    public func step(
        _ x: UnsafePointer<S>, _ y: UnsafePointer<S>, rows: Int, learningRate: Double, scale: Double
    ) -> Double {
        let (w, rate) = (parameters.base, S(learningRate))
        let sink = weights.sink(rate)
        let loss =
            if let eliminator, let added {
                eliminator.gradient(of: function, w, x, y, rows: rows, scale: scale, into: sink, added.sink(rate))
            } else {
                function.gradient(of: objective, w, x, y, rows: rows, scale: scale, into: sink)
            }
        steps += 1
        weights.move(steps, learningRate: learningRate)
        added?.move(steps, learningRate: learningRate)
        return loss
    }
}
