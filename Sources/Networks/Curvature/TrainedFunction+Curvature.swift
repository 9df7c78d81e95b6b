import LinearAlgebra

/// Products with second derivatives: forward over reverse (Pearlmutter 1994).
extension TrainedFunction {
    /// A v over `rows` samples x [rows, inputs] with targets y [rows, K], for A = H, G or R of scale · Σ_i ℓ_i at w, into
    /// the sink.
    ///
    /// Cost: about eight forward passes, for G five; of these a gradient costs three.
    /// - Parameters:
    ///   - v: a direction [P], zero in frozen tensors and where weights are held at 0.
    ///   - rows: at most the workspace's capacity.
    public func curvatureProduct(
        _ kind: Curvature, of objective: Objective, _ w: ParameterVector<S>, _ v: UnsafePointer<S>,
        _ x: UnsafePointer<S>, _ y: UnsafePointer<S>, rows: Int, scale: Double, into sink: GradientSink<S>
    ) {
        _ = differentiate(objective, w.base, x, y, rows: rows, scale: scale)
        toNetwork()
        curvatureProduct(kind, of: objective, w, v, y, scale: scale, held: nil, into: sink)
    }

    /// The same after a forward pass at w, whose ∂F/∂g is in `workspace.outputCotangent` unless its reverse pass is held.
    ///
    /// Cost where it is held: six forward passes, for G four. Where it is not, `workspace.outputCotangent` is lost.
    package func curvatureProduct(
        _ kind: Curvature, of objective: Objective, _ w: ParameterVector<S>, _ v: UnsafePointer<S>,
        _ y: UnsafePointer<S>, scale: Double, held: HeldCotangents<S>?, into sink: GradientSink<S>
    ) {
        // A linearization has no second derivatives of its own.
        if form.isLinearized, kind == .residual { return w.layout.trained.forEach { sink.clear($0.range) } }
        let (rows, outputs) = (workspace.rows, workspace.model.outputCount)
        let image = workspace.pushforward(point(w.base), tangent: v)
        let isLinear = form.isLinearized || kind == .gaussNewton
        let bent = isLinear ? workspace.outputCotangent : workspace.outputCotangentTangent
        if kind == .residual {
            bent.update(repeating: 0, count: rows * outputs)
        } else {
            let alpha = form.lazyScale ?? 1
            objective.hessianProduct(
                self.outputs, y, image, rows: rows, outputs: outputs, scale: scale * alpha * alpha, into: bent)
        }
        if isLinear {
            workspace.pullback(point(w.base), into: sink)
        } else {
            workspace.pushforwardOfPullback(w.base, tangent: v, held: held, into: sink)
        }
    }

    /// Makes the forward and the reverse pass of samples, and keeps both: until this workspace is used for anything else,
    /// products need tangents only. Cost: two forward passes.
    package func hold(
        _ objective: Objective, _ w: ParameterVector<S>, _ x: UnsafePointer<S>, _ y: UnsafePointer<S>, rows: Int,
        scale: Double, in held: HeldCotangents<S>
    ) {
        _ = differentiate(objective, w.base, x, y, rows: rows, scale: scale)
        toNetwork()
        if !form.isLinearized { held.keep(workspace, w.base) }
    }
}
