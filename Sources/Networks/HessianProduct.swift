import LinearAlgebra

extension Workspace {
    /// (∂²F/∂w²) v over x, y: forward over reverse (Pearlmutter 1994).
    ///
    /// For ReLU networks this is the Hessian away from kinks, where φ'' = 0.
    /// Cost: about nine forward passes. `product` is overwritten.
    public func hessianVectorProduct(
        of objective: Objective, _ w: ParameterVector<S>, _ v: ParameterVector<S>, _ x: UnsafePointer<S>,
        _ y: UnsafePointer<S>, rows: Int, into product: ParameterVector<S>
    ) {
        let outputs = model.outputCount
        let weight = objective.weight(samples: rows)
        forward(w.base, x, rows: rows)
        let fDot = pushforward(w.base, tangent: v.base)
        objective.gradient(
            self.outputs, y, rows: rows, outputs: outputs, scale: weight, into: outputCotangent)
        objective.hessianProduct(
            self.outputs, y, fDot, rows: rows, outputs: outputs, scale: weight, into: outputCotangentTangent)
        pushforwardOfPullback(
            w.base, tangent: v.base, into: GradientSink(target: product.base, alpha: 1, beta: 0))
    }
}
