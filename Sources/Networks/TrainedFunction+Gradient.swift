import LinearAlgebra

/// The one place where a forward pass, the gradient of a loss and the pullback are put together.
extension TrainedFunction {
    /// A forward pass of `rows` samples x [rows, inputs] with targets y [rows, K], and scale · ∂ℓ/∂f into
    /// `workspace.outputCotangent`. Cost: a forward pass.
    /// - Returns: Σ_i ℓ_i, not reduced.
    func differentiate(
        _ objective: Objective, _ w: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafePointer<S>, rows: Int,
        scale: Double
    ) -> Double {
        let outputs = workspace.model.outputCount
        forward(w, x, rows: rows)
        let total = objective.total(self.outputs, y, rows: rows, outputs: outputs)
        objective.gradient(
            self.outputs, y, rows: rows, outputs: outputs, scale: scale, into: workspace.outputCotangent)
        return total
    }

    /// g = scale · Σ_i ∂ℓ_i/∂w of one batch x [rows, inputs], y [rows, K], into a sink, which may be w itself.
    ///
    /// Cost: three forward passes; nothing is allocated.
    /// - Parameter rows: at most the workspace's capacity.
    /// - Returns: Σ_i ℓ_i at w before the sink is written, not reduced.
    public func gradient(
        of objective: Objective, _ w: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafePointer<S>, rows: Int,
        scale: Double, into sink: GradientSink<S>
    ) -> Double {
        let total = differentiate(objective, w, x, y, rows: rows, scale: scale)
        pullback(w, into: sink)
        return total
    }

    /// F(w) over samples x [n, inputs], y [n, K], and ∇F where a vector for it is given, which is overwritten.
    ///
    /// Cost: one forward pass over the samples, three with the gradient.
    /// - Parameter visit: called after each block of samples, while its outputs [rows, K] are in `outputs`.
    public func loss(
        _ objective: Objective, _ w: ParameterVector<S>, _ x: MatrixBuffer<S>, _ y: MatrixBuffer<S>,
        gradient: ParameterVector<S>? = nil, visit: (_ first: Int, _ rows: Int) -> Void = { _, _ in }
    ) -> Double {
        let weight = objective.weight(samples: x.rows)
        var total = 0.0
        workspace.forEachBlock(of: x.rows) { first, rows in
            let (x, y) = (x.base + first * x.columns, y.base + first * y.columns)
            if let gradient {
                let sink = GradientSink(target: gradient.base, alpha: 1, beta: first == 0 ? 0 : 1)
                total += self.gradient(of: objective, w.base, x, y, rows: rows, scale: weight, into: sink)
            } else {
                forward(w.base, x, rows: rows)
                total += objective.total(outputs, y, rows: rows, outputs: workspace.model.outputCount)
            }
            visit(first, rows)
        }
        return total * weight
    }

    /// ∂F/∂g at w over samples x [n, inputs], y [n, K], with g the outputs of the network itself: [n·K] in the order
    /// (sample, output). Cost: a forward pass over the samples.
    public func outputGradient(
        of objective: Objective, _ w: ParameterVector<S>, _ x: MatrixBuffer<S>, _ y: MatrixBuffer<S>
    ) -> [Double] {
        let weight = objective.weight(samples: x.rows)
        var gradient: [Double] = []
        workspace.forEachBlock(of: x.rows) { first, rows in
            _ = differentiate(
                objective, w.base, x.base + first * x.columns, y.base + first * y.columns, rows: rows, scale: weight)
            toNetwork()
            gradient += (0..<(rows * y.columns)).map { Double(workspace.outputCotangent[$0]) }
        }
        return gradient
    }
}
