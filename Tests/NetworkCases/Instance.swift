import Layers
import LinearAlgebra
import Networks
import Sampling

/// A case with weights and data, in one precision.
package struct Instance<S: Scalar> {
    package let model: Model
    package let workspace: Workspace<S>
    package let objective: Objective
    package let w: ParameterVector<S>
    package let x: MatrixBuffer<S>
    package let y: MatrixBuffer<S>

    /// - Parameter isFused: whether ReLUs run inside the layers beside them.
    package init(_ c: Case, isFused: Bool = true) throws {
        let built = try c.builder.model(c.layers, inputShape: c.inputShape, outputs: c.outputs)
        model = isFused ? built : built.unfused
        workspace = Workspace(model, rows: c.rows)
        objective = Objective(c.loss, c.reduction)
        w = ParameterVector(model.layout)
        // Biases away from zero too, so that nothing is tested at a symmetric point.
        for entry in model.layout.entries {
            RandomStream(seed: 11, entry.tensor.path).fillNormal(
                w.base + entry.offset, count: entry.tensor.count, standardDeviation: 1.2 * Self.unit(entry.tensor))
        }
        w.clearZeros()
        x = MatrixBuffer(c.rows, model.inputCount)
        y = MatrixBuffer(c.rows, model.outputCount)
        RandomStream(seed: 11, "x").fillNormal(x.base, count: x.count, standardDeviation: 1)
        for r in 0..<y.rows {
            for k in 0..<y.columns {
                let z = RandomStream(seed: 11, "y").normal(r * y.columns + k)
                switch c.loss.targets {
                case .real: y[r, k] = S(z)
                case .oneHot: y[r, k] = k == r % y.columns ? 1 : 0
                case .sign: y[r, k] = z > 0 ? 1 : -1
                }
            }
        }
    }

    package func loss(_ w: ParameterVector<S>) -> Double {
        workspace.forward(w.base, x.base, rows: x.rows)
        return objective.total(workspace.outputs, y.base, rows: x.rows, outputs: model.outputCount)
            * objective.weight(samples: x.rows)
    }

    package func outputs(_ w: ParameterVector<S>) -> [Double] {
        workspace.forward(w.base, x.base, rows: x.rows)
        return UnsafeBufferPointer(start: workspace.outputs, count: y.count).map { Double($0) }
    }

    package func gradient(_ w: ParameterVector<S>) -> ParameterVector<S> {
        let g = ParameterVector<S>(model.layout)
        _ = TrainedFunction(workspace).loss(objective, w, x, y, gradient: g)
        return g
    }

    package func hessianProduct(_ v: ParameterVector<S>) -> ParameterVector<S> {
        let product = ParameterVector<S>(model.layout)
        TrainedFunction(workspace).curvatureProduct(
            .hessian, of: objective, w, v.base, x.base, y.base, rows: x.rows,
            scale: objective.weight(samples: x.rows), into: GradientSink(target: product.base, alpha: 1, beta: 0))
        return product
    }

    /// A random direction in the trained weights.
    package func direction(_ name: String) -> ParameterVector<S> {
        let v = ParameterVector<S>(model.layout)
        for entry in model.layout.trained {
            RandomStream(seed: 12, name + entry.tensor.path).fillNormal(
                v.base + entry.offset, count: entry.tensor.count, standardDeviation: Self.unit(entry.tensor))
        }
        v.clearZeros()
        return v
    }

    /// 1/√fan-in: values and their changes stay of order one in every layer.
    private static func unit(_ tensor: Tensor) -> Double {
        tensor.role == "weight" ? 1 / Double(tensor.matrixShape.columns).squareRoot() : 0.5
    }

    package func moved(_ step: Double, _ v: ParameterVector<S>) -> ParameterVector<S> {
        let result = ParameterVector<S>(model.layout)
        result.assign(w)
        S.axpy(w.count, S(step), v.base, result.base)
        return result
    }
}

extension ParameterVector {
    package var entries: [Double] { (0..<count).map { Double(base[$0]) } }
    package func dot(_ other: ParameterVector) -> Double { S.dot(count, base, other.base) }
}
