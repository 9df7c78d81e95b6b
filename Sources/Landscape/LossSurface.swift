import LinearAlgebra
import Networks

/// F around weights W: values, the gradient and products with its second derivatives.
///
/// Where all samples are in one pass, the forward and the reverse pass at W are made once and kept, so that a product takes
/// their tangents alone: two gradients' work in place of 2.7.
/// Memory: the function's workspace with its tangents, two vectors of P numbers, and what is held.
package final class LossSurface<S: Scalar> {
    private let function: TrainedFunction<S>
    private let objective: Objective
    private let x: MatrixBuffer<S>
    private let y: MatrixBuffer<S>
    /// W; `move` changes it.
    package let weights: ParameterVector<S>
    private let moved: ParameterVector<S>
    private lazy var held = HeldCotangents<S>(function.workspace.model, rows: x.rows)
    private let holds: Bool
    private var isHeld = false

    /// - Parameters:
    ///   - function: in a workspace for as many samples as are to be in one pass.
    ///   - x: inputs [n, d], y: targets [n, K] of the samples over which F is taken.
    package init(
        _ function: TrainedFunction<S>, _ objective: Objective, _ x: MatrixBuffer<S>, _ y: MatrixBuffer<S>
    ) {
        self.function = function
        self.objective = objective
        self.x = x
        self.y = y
        holds = function.workspace.capacity >= x.rows
        weights = ParameterVector(function.workspace.model.layout)
        moved = ParameterVector(function.workspace.model.layout)
    }

    /// F of a function of a run over its first samples, in this precision whatever theirs.
    ///
    /// - Parameters:
    ///   - x: inputs [n, d], y: targets [n, K], of which the first `samples` are taken.
    ///   - start: w₀; not read for the network itself.
    ///   - rows: samples of a pass.
    package convenience init<T: Scalar>(
        _ model: Model, _ form: FunctionForm, _ objective: Objective, _ x: MatrixBuffer<T>, _ y: MatrixBuffer<T>,
        samples: Int, start: ParameterVector<T>?, rows: Int
    ) {
        func converted(_ matrix: MatrixBuffer<T>) -> MatrixBuffer<S> {
            let result = MatrixBuffer<S>(samples, matrix.columns)
            convert(result.count, matrix.base, result.base)
            return result
        }
        let origin =
            form.isNetwork
            ? nil
            : start.map { start in
                let own = ParameterVector<S>(model.layout)
                convert(own.count, start.base, own.base)
                return own
            }
        let function = TrainedFunction(Workspace<S>(model, rows: rows), form, start: origin)
        self.init(function, objective, converted(x), converted(y))
    }

    package var layout: ParameterLayout { weights.layout }
    package var model: Model { function.workspace.model }
    /// n.
    package var sampleCount: Int { x.rows }

    /// Numbers for each sample of a pass: a workspace, its tangents and what is held.
    package static func count(_ model: Model) -> Int {
        model.workspaceCount(rows: 1) + model.tangentCount + model.heldCount
    }

    /// W ← w.
    package func move<T: Scalar>(to w: ParameterVector<T>) {
        convert(w.count, w.base, weights.base)
        isHeld = false
    }

    /// F(W + c d + r e) for each r in turn, moving from one to the next. Cost: a forward pass over the samples for each.
    package func losses(
        from offset: (factor: Double, direction: ParameterVector<S>)? = nil, along e: ParameterVector<S>,
        at radii: [Double]
    ) -> [Double] {
        isHeld = false
        moved.assign(weights)
        if let offset { S.axpy(moved.count, S(offset.factor), offset.direction.base, moved.base) }
        var position = 0.0
        return radii.map { radius in
            S.axpy(moved.count, S(radius - position), e.base, moved.base)
            position = radius
            return function.loss(objective, moved, x, y)
        }
    }

    /// The smallest |∂ℓ/∂f| at W over samples and outputs. Cost: a forward pass, and a vector of n K numbers.
    package func leastSlope() -> Double {
        isHeld = false
        let slopes = MatrixBuffer<S>(x.rows, y.columns)
        let outputs = y.columns
        _ = function.loss(objective, weights, x, y) { first, rows in
            objective.gradient(
                function.outputs, y.base + first * outputs, rows: rows, outputs: outputs, scale: 1,
                into: slopes.base + first * outputs)
        }
        return slopes.entries.reduce(.infinity) { min($0, abs(Double($1))) }
    }

    /// F(W), with ∇F(W) into a vector. Cost: three forward passes.
    package func gradient(into gradient: ParameterVector<S>) -> Double {
        isHeld = false
        gradient.clear()
        return function.loss(objective, weights, x, y, gradient: gradient)
    }

    /// out ← A v for A = H, G or R at W, with zeros for frozen tensors; v and out are [P].
    ///
    /// Cost: six forward passes, nine where the samples are not in one pass; for G four or five.
    package func product(_ kind: Curvature, _ v: UnsafePointer<S>, into out: UnsafeMutablePointer<S>) {
        // What is trained is overwritten.
        for entry in layout.entries where !entry.tensor.isTrained {
            (out + entry.offset).update(repeating: 0, count: entry.tensor.count)
        }
        let scale = objective.weight(samples: x.rows)
        guard !holds else {
            let sink = GradientSink(target: out, alpha: 1, beta: 0)
            if !isHeld { function.hold(objective, weights, x.base, y.base, rows: x.rows, scale: scale, in: held) }
            isHeld = true
            return function.curvatureProduct(
                kind, of: objective, weights, v, y.base, scale: scale, held: held, into: sink)
        }
        function.workspace.forEachBlock(of: x.rows) { first, rows in
            function.curvatureProduct(
                kind, of: objective, weights, v, x.base + first * x.columns, y.base + first * y.columns, rows: rows,
                scale: scale, into: GradientSink(target: out, alpha: 1, beta: first == 0 ? 0 : 1))
        }
    }
}
