import Datasets
import Foundation
import Layers
import LinearAlgebra
import Networks
import Sampling
import Testing
import Training

/// A network of either sort with one of two losses, and what is added to it.
struct EliminationProblem: CustomStringConvertible, Sendable {
    let network: String
    let loss: LossKind
    let reduction: Reduction
    let elimination: Elimination

    var description: String { "\(network), \(loss), \(reduction), \(elimination.kind)" }

    static let all: [EliminationProblem] = ["mlp", "cnn"].flatMap { network in
        [LossKind.squared, .crossEntropy].flatMap { loss in
            Elimination.Kind.allCases.map { kind in
                EliminationProblem(
                    network: network, loss: loss, reduction: loss == .squared ? .sum : .mean,
                    elimination: Elimination(kind, weight: 0.3))
            }
        }
    }
}

/// The same made real on six samples in float64.
struct EliminationCase {
    let problem: EliminationProblem
    let function: TrainedFunction<Double>
    let objective: Objective
    let w: ParameterVector<Double>
    let eliminator: Eliminator<Double>
    let x: MatrixBuffer<Double>
    let y: MatrixBuffer<Double>
    var added: ParameterVector<Double> { eliminator.parameters }
    var weight: Double { objective.weight(samples: 6) }

    init(_ problem: EliminationProblem, rows: Int = 6) throws {
        self.problem = problem
        let builder = ModelBuilder(parametrization: .standard, activation: Activation(.tanh), hasBias: true)
        let model =
            problem.network == "mlp"
            ? try MLP(width: 7, depth: 2).model(inputShape: [5], outputs: 3, builder)
            : try CNN(width: 3, depth: 2).model(inputShape: [4, 3, 2], outputs: 3, builder)
        objective = Objective(problem.loss, problem.reduction)
        function = TrainedFunction(Workspace(model, rows: rows))
        w = ParameterVector(model.layout, initializedFrom: 2)
        let layout = problem.elimination.layout(inputs: model.inputCount, outputs: 3)
        let added = ParameterVector<Double>(layout, initializedFrom: 2)
        // Larger than at a start, where b is 0.
        for i in 0..<added.count { added.base[i] += 0.3 * cos(Double(i)) }
        eliminator = Eliminator(problem.elimination, added, objective, model, samples: 6, rows: rows)
        (x, y) = (MatrixBuffer(6, model.inputCount), MatrixBuffer(6, 3))
        RandomStream(seed: 1, "x").fillNormal(x.base, count: x.count, standardDeviation: 1)
        RandomStream(seed: 1, "y").fillNormal(y.base, count: y.count, standardDeviation: 1)
        guard problem.loss == .crossEntropy else { return }
        for i in 0..<6 { for k in 0..<3 { y[i, k] = i % 3 == k ? 1 : 0 } }
    }

    /// Σ_i ℓ_i of outputs [n, K], written out.
    private func total(_ f: [Double]) -> Double {
        (0..<6).reduce(0.0) { sum, i in
            let row = f[(3 * i)..<(3 * i + 3)].map(\.self)
            let chosen = (0..<3).reduce(0.0) { $0 + y[i, $1] * row[$1] }
            return switch problem.loss {
            case .squared: sum + (0..<3).reduce(0.0) { $0 + (row[$1] - y[i, $1]) * (row[$1] - y[i, $1]) / 2 }
            default: sum + log(row.reduce(0) { $0 + exp($1) }) - chosen
            }
        }
    }

    private var outputs: [Double] {
        let found = function.outputs(w, on: Samples(inputs: x, targets: y, labels: nil, shape: [x.columns]))
        return (0..<found.count).map { found.base[$0] }
    }

    /// g_k(x_i), [n, K].
    var neuron: [Double] {
        (0..<18).map { at in
            let (i, k, d) = (at / 3, at % 3, x.columns)
            let exponent = (0..<d).reduce(added.base[3 + k]) { $0 + added.base[6 + k * d + $1] * x[i, $1] }
            return added.base[k] * exp(exponent)
        }
    }

    var loss: Double { weight * total(outputs) }

    /// F~ as its definition has it.
    var augmentedLoss: Double {
        let count = problem.elimination.kind == .neuron ? 3 : 1
        let penalty = problem.elimination.weight * (0..<count).reduce(0.0) { $0 + added.base[$1] * added.base[$1] }
        guard problem.elimination.kind == .neuron else {
            let product = added.base[0] * exp(added.base[1])
            return loss * (1 + (product - 1) * (product - 1)) + penalty
        }
        return weight * total(zip(outputs, neuron).map { $0 + $1 }) + penalty
    }

    /// ∇F~ in the network's weights and in what is added, as a plain step of rate 1 takes it; the step is taken back.
    func gradient(rows: Range<Int> = 0..<6, scale: Double) -> (w: [Double], added: [Double]) {
        let before = (numbers(w), numbers(added))
        let descent = Descent(function, w, objective, eliminator: eliminator)
        let (x, y) = (x.base + rows.lowerBound * x.columns, y.base + rows.lowerBound * 3)
        _ = descent.step(x, y, rows: rows.count, learningRate: 1, scale: scale)
        let after = (numbers(w), numbers(added))
        for i in 0..<w.count { w.base[i] = before.0[i] }
        for i in 0..<added.count { added.base[i] = before.1[i] }
        return (zip(before.0, after.0).map { $0 - $1 }, zip(before.1, after.1).map { $0 - $1 })
    }
}

func numbers(_ vector: ParameterVector<Double>) -> [Double] { (0..<vector.count).map { vector.base[$0] } }
