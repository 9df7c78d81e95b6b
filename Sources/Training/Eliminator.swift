import LinearAlgebra
import Networks

/// The parameters of an `Elimination` in training: the gradient of F~ in them and in the network's weights, and what
/// becomes of them.
///
/// Cost of a step beside the network's: for the neuron 4 K d flops a sample, for the scale none. Memory: two arrays of
/// the batch's outputs.
public final class Eliminator<S: Scalar> {
    /// What is added, and its penalty.
    public let elimination: Elimination
    /// a, b and W, which descents change.
    public let parameters: ParameterVector<S>
    private let objective: Objective
    /// λ over the weight of all samples: what each sample's loss has of the penalty.
    private let share: Double
    private let inputs: Int
    private let outputs: Int
    /// exp(w_kᵀx_i + b_k), and from them the cotangents of exponents, [rows, K].
    private let exponentials: MatrixBuffer<S>
    /// f + g, [rows, K].
    private let sums: MatrixBuffer<S>

    /// - Parameters:
    ///   - parameters: a, b and W, which it holds and descents change, in the elimination's layout.
    ///   - samples: n, over which the objective is taken.
    ///   - rows: of the largest pass.
    public init(
        _ elimination: Elimination, _ parameters: ParameterVector<S>, _ objective: Objective, _ model: Model,
        samples: Int, rows: Int
    ) {
        self.elimination = elimination
        self.parameters = parameters
        self.objective = objective
        (inputs, outputs) = (model.inputCount, model.outputCount)
        share = elimination.weight / (objective.weight(samples: samples) * Double(max(samples, 1)))
        let kept = elimination.kind == .neuron ? rows : 0
        exponentials = MatrixBuffer(kept, outputs)
        sums = MatrixBuffer(kept, outputs)
    }

    /// Numbers in its arrays, beside those of its parameters.
    package static func bufferCount(_ elimination: Elimination, rows: Int, outputs: Int) -> Int {
        elimination.kind == .neuron ? 2 * rows * outputs : 0
    }

    /// scale · Σ_i of the gradients of ℓ~_i, of which F~ is made as F is of ℓ_i, in the network's weights w and in the
    /// added parameters. x and y are as in `TrainedFunction.gradient`, whose cost this is, with `own` the sink of the
    /// added ones.
    /// - Returns: Σ_i ℓ_i of f alone, not reduced.
    func gradient(
        of function: TrainedFunction<S>, _ w: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafePointer<S>,
        rows: Int, scale: Double, into sink: GradientSink<S>, _ own: GradientSink<S>
    ) -> Double {
        let penalty = 2 * share * scale * Double(rows)
        guard elimination.kind == .neuron else {
            let factor = LossFactor(a: Double(parameters.base[0]), b: Double(parameters.base[1]))
            let total = function.gradient(
                of: objective, w, x, y, rows: rows, scale: scale * factor.value, into: sink)
            own.add(factor.inA * scale * total + penalty * factor.a, at: 0)
            own.add(factor.inB * scale * total, at: 1)
            return total
        }
        function.forward(w, x, rows: rows)
        let total = objective.total(function.outputs, y, rows: rows, outputs: outputs)
        addNeuron(to: function.outputs, x, rows: rows)
        let cotangent = function.workspace.outputCotangent
        objective.gradient(sums.base, y, rows: rows, outputs: outputs, scale: scale, into: cotangent)
        neuronCotangents(
            rows, outputs, cotangent, exponentials.base, parameters.base, penalty: penalty, into: own)
        let weights = 2 * outputs
        S.gemm(
            .yes, .no, m: outputs, n: inputs, k: rows, alpha: own.alpha, exponentials.base, outputs, x, inputs,
            beta: own.beta, own.target + weights, inputs)
        function.pullback(w, into: sink)
        return total
    }

    /// sums ← f + g, with the exponentials that g is made of.
    private func addNeuron(to f: UnsafePointer<S>, _ x: UnsafePointer<S>, rows: Int) {
        S.gemm(
            .no, .yes, m: rows, n: outputs, k: inputs, alpha: 1, x, inputs, parameters.base + 2 * outputs, inputs,
            beta: 0, exponentials.base, outputs)
        neuronOutputs(rows, outputs, exponentials.base, parameters.base, f, into: sums.base)
    }
}

/// What has become of an elimination.
package struct EliminationReading: Sendable {
    /// ‖a‖.
    package var norm: Double
    /// max_ik |g_k(x_i)|; |a eᵇ| of the scale.
    package var output: Double
    /// ‖(W, b)‖.
    package var parameters: Double
    /// F~ over all samples.
    package var loss: Double
}

extension Eliminator {
    /// Measures it at weights w over samples x [n, d], y [n, K]. Cost: for the neuron a forward pass over them.
    /// - Parameter loss: F(w) over the same.
    package func reading(
        _ function: TrainedFunction<S>, _ w: ParameterVector<S>, _ x: MatrixBuffer<S>, _ y: MatrixBuffer<S>,
        loss: Double
    ) -> EliminationReading {
        let count = parameters.layout.entries[0].tensor.count
        let (a, others) = (parameters.base, parameters.base + count)
        let square = S.dot(count, a, a)
        var reading = EliminationReading(
            norm: square.squareRoot(), output: 0,
            parameters: S.dot(parameters.count - count, others, others).squareRoot(), loss: 0)
        if elimination.kind == .scale {
            let factor = LossFactor(a: Double(a[0]), b: Double(a[1]))
            reading.output = abs(factor.product)
            reading.loss = loss * factor.value
        } else {
            var total = 0.0
            function.workspace.forEachBlock(of: x.rows) { first, rows in
                let (x, y) = (x.base + first * x.columns, y.base + first * y.columns)
                function.forward(w.base, x, rows: rows)
                addNeuron(to: function.outputs, x, rows: rows)
                total += objective.total(sums.base, y, rows: rows, outputs: outputs)
                reading.output = largest(reading.output, rows, outputs, exponentials.base, parameters.base)
            }
            reading.loss = total * objective.weight(samples: x.rows)
        }
        reading.loss += elimination.weight * square
        return reading
    }
}
