import LinearAlgebra
import Networks

/// F around weights W, in float64: values, the gradient and the Hessian's ends.
///
/// All in float64 whatever a run's precision, because what is wanted are small differences of F. For ReLU networks
/// the Hessian is that away from kinks.
/// Memory: a workspace with its tangents, and as many vectors of P numbers as the caller asks for.
package final class LossSurface: LinearOperator {
    private let function: TrainedFunction<Double>
    private let objective: Objective
    private let x: MatrixBuffer<Double>
    private let y: MatrixBuffer<Double>
    /// W.
    package let weights: ParameterVector<Double>
    private let moved: ParameterVector<Double>
    private let direction: ParameterVector<Double>
    private let product: ParameterVector<Double>

    /// - Parameters:
    ///   - x: inputs [n, d], y: targets [n, K] of the samples over which F is taken.
    ///   - rows: samples of one pass.
    package init(
        _ model: Model, _ objective: Objective, _ x: MatrixBuffer<Double>, _ y: MatrixBuffer<Double>, rows: Int
    ) {
        function = TrainedFunction(Workspace(model, rows: rows))
        self.objective = objective
        self.x = x
        self.y = y
        weights = ParameterVector(model.layout)
        moved = ParameterVector(model.layout)
        direction = ParameterVector(model.layout)
        product = ParameterVector(model.layout)
    }

    private var layout: ParameterLayout { weights.layout }

    /// F(W + c d + r e) for each r in turn, moving from one to the next. Cost: a forward pass over the samples for each.
    package func losses(
        from offset: (factor: Double, direction: ParameterVector<Double>)? = nil,
        along e: ParameterVector<Double>, at radii: [Double]
    ) -> [Double] {
        moved.assign(weights)
        if let offset { Double.axpy(moved.count, offset.factor, offset.direction.base, moved.base) }
        var position = 0.0
        return radii.map { radius in
            Double.axpy(moved.count, radius - position, e.base, moved.base)
            position = radius
            return function.loss(objective, moved, x, y)
        }
    }

    /// F(W), with ∇F(W) into a vector. Cost: three forward passes.
    package func gradient(into gradient: ParameterVector<Double>) -> Double {
        gradient.clear()
        var loss = 0.0
        forEachBlock { x, y, rows in
            let share = share(of: rows)
            let weight = objective.weight(samples: rows)
            let sink = GradientSink(target: product.base, alpha: 1, beta: 0)
            let total = function.gradient(of: objective, weights.base, x, y, rows: rows, scale: weight, into: sink)
            loss += share * (total * weight)
            Double.axpy(layout.count, share, product.base, gradient.base)
        }
        return loss
    }

    package var dimension: Int { layout.count }

    /// out ← ∇²F(W) v, with zeros for frozen tensors. Cost: about nine forward passes.
    package func apply(_ v: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        direction.base.update(from: v, count: layout.count)
        out.update(repeating: 0, count: layout.count)
        forEachBlock { x, y, rows in
            function.workspace.hessianVectorProduct(of: objective, weights, direction, x, y, rows: rows, into: product)
            Double.axpy(layout.count, share(of: rows), product.base, out)
        }
    }

    /// What the reduced loss of some rows counts in that of all.
    private func share(of rows: Int) -> Double {
        objective.weight(samples: x.rows) / objective.weight(samples: rows)
    }

    private func forEachBlock(_ body: (UnsafePointer<Double>, UnsafePointer<Double>, Int) -> Void) {
        function.workspace.forEachBlock(of: x.rows) { first, rows in
            body(x.base + first * x.columns, y.base + first * y.columns, rows)
        }
    }
}
