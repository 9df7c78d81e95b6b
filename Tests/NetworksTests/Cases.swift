import LinearAlgebra
import Networks
import Sampling

/// One row of the table that every property test runs over.
struct Case: CustomStringConvertible, Sendable {
    let description: String
    let network: MLP
    let loss: LossKind
    let reduction: Reduction
    let rows = 6

    init(
        _ name: String, depth: Int = 2, _ function: Activation.Function, _ parametrization: Parametrization = .standard,
        bias: Bool = false, outputs: Int = 3, loss: LossKind = .squared, reduction: Reduction = .sum,
        frozen: Set<String> = [], trained: Set<String> = []
    ) {
        description = name
        network = MLP(
            inputs: 5, width: 7, depth: depth, outputs: outputs, activation: Activation(function, negativeSlope: 0.2),
            parametrization: parametrization, hasBias: bias, frozen: frozen, trained: trained)
        self.loss = loss
        self.reduction = reduction
    }

    static let all: [Case] = [
        Case("linear regression", depth: 0, .relu),
        Case("one hidden layer", depth: 1, .relu, bias: true),
        Case("relu", .relu, bias: true),
        Case("deep relu", depth: 6, .relu),
        Case("leaky relu", .leakyReLU, bias: true),
        Case("tanh", .tanh, bias: true),
        Case("sigmoid", .sigmoid, .ntk, bias: true),
        Case("softplus", .softplus, .paper),
        Case("erf", .erf, bias: true),
        Case("deep linear", depth: 4, .linear),
        Case("paper", depth: 3, .relu, .paper),
        Case("ntk", .relu, .ntk, bias: true, reduction: .mean),
        Case("cross-entropy", .tanh, bias: true, loss: .crossEntropy, reduction: .mean),
        Case("cross-entropy of relu", .relu, loss: .crossEntropy),
        Case("logistic", .tanh, outputs: 1, loss: .logistic),
        Case("sigmoid loss", .erf, bias: true, outputs: 2, loss: .sigmoid, reduction: .mean),
        Case("frozen inside", depth: 3, .tanh, bias: true, frozen: ["W2", "output.bias"]),
        Case("frozen first layers", depth: 3, .erf, bias: true, frozen: ["W1", "W1.bias", "W2", "W2.bias"]),
        Case("paper with all trained", .relu, .paper, trained: ["A", "B"]),
    ]
}

/// A case with weights and data, in one precision.
struct Instance<S: Scalar> {
    let model: Model
    let workspace: Workspace<S>
    let objective: Objective
    let w: ParameterVector<S>
    let x: Matrix<S>
    let y: Matrix<S>

    init(_ c: Case) throws {
        model = try c.network.model()
        workspace = Workspace(model, rows: c.rows)
        objective = Objective(c.loss, c.reduction)
        w = ParameterVector(model.layout)
        // Biases away from zero too, so that nothing is tested at a symmetric point.
        RandomStream(seed: 11, "w").fillNormal(w.base, count: w.count, standardDeviation: 0.7)
        x = Matrix(c.rows, model.inputCount)
        y = Matrix(c.rows, model.outputCount)
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

    func loss(_ w: ParameterVector<S>) -> Double {
        workspace.forward(w.base, x.base, rows: x.rows)
        return objective.total(workspace.outputs, y.base, rows: x.rows, outputs: model.outputCount)
            * objective.weight(samples: x.rows)
    }

    func outputs(_ w: ParameterVector<S>) -> [Double] {
        workspace.forward(w.base, x.base, rows: x.rows)
        return UnsafeBufferPointer(start: workspace.outputs, count: y.count).map { Double($0) }
    }

    func gradient(_ w: ParameterVector<S>) -> ParameterVector<S> {
        let g = ParameterVector<S>(model.layout)
        _ = workspace.gradient(of: objective, w, x.base, y.base, rows: x.rows, into: g)
        return g
    }

    func hessianProduct(_ v: ParameterVector<S>) -> ParameterVector<S> {
        let product = ParameterVector<S>(model.layout)
        workspace.hessianVectorProduct(of: objective, w, v, x.base, y.base, rows: x.rows, into: product)
        return product
    }

    /// A random direction in the trained tensors.
    func direction(_ name: String) -> ParameterVector<S> {
        let v = ParameterVector<S>(model.layout)
        for entry in model.layout.trained {
            RandomStream(seed: 12, name + entry.tensor.path).fillNormal(
                v.base + entry.offset, count: entry.tensor.count, standardDeviation: 1)
        }
        return v
    }

    func moved(_ step: Double, _ v: ParameterVector<S>) -> ParameterVector<S> {
        let result = ParameterVector<S>(model.layout)
        result.assign(w)
        S.axpy(w.count, S(step), v.base, result.base)
        return result
    }
}

extension ParameterVector {
    var entries: [Double] { (0..<count).map { Double(base[$0]) } }
    func dot(_ other: ParameterVector) -> Double { S.dot(count, base, other.base) }
}
