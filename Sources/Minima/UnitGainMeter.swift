import LinearAlgebra
import Networks
import TangentKernels

/// What each unit of a network adds to the range of its Jacobian beside the units and layers before it, in float64: c/2 ‖P_{≤u} Y‖² −
/// c/2 ‖P_{<u} Y‖², as `LocalMinimum.gains` has it of layers. A unit is a row of a weight with its bias, of the output layer too.
///
/// After Kawaguchi, Huang, Kaelbling 2019. Memory: `bytes`. Cost: the gradients of all outputs, and 9 (nK)³ flops for each unit.
package final class UnitGainMeter {
    private let kernel: EmpiricalKernel<Double>
    private let block: KernelBlock<Double>
    private let x: MatrixBuffer<Double>
    private let y: MatrixBuffer<Double>
    private let half: Double

    /// - Parameters:
    ///   - objective: of the squared loss.
    ///   - x: inputs [n, d], y: targets [n, K].
    /// - Throws: `ModelError` for a network whose kernel is not known.
    package init<S: Scalar>(
        _ model: Model, _ objective: Objective, _ x: MatrixBuffer<S>, _ y: MatrixBuffer<S>
    ) throws {
        precondition(objective.kind == .squared, "the range of J says nothing of other losses")
        (self.x, self.y) = (x.widened(), y.widened())
        half = objective.weight(samples: x.rows) / 2
        kernel = EmpiricalKernel(model, try Self.plan(model, samples: x.rows), samples: x.rows)
        block = kernel.block(capacity: x.rows)
    }

    /// Units of one layer share inputs, and only their gradients are apart.
    private static func plan(_ model: Model, samples: Int) throws -> KernelPlan {
        try KernelPlan(model, .full, samples: samples, only: .gradients)
    }

    /// Units of all trained layers.
    package static func units(_ model: Model) -> Int {
        let layers = Dictionary(grouping: model.layout.trained, by: \.tensor.layer)
        return layers.values.reduce(0) { $0 + ($1.first?.tensor.shape.first ?? 0) }
    }

    /// Bytes while it measures.
    /// - Throws: `ModelError` for a network whose kernel is not known.
    package static func bytes(_ model: Model, samples: Int) throws -> Double {
        let side = Double(samples * model.outputCount)
        let numbers = Double(samples * (model.inputCount + 3 * model.outputCount)) + 4 * side * side
        return try plan(model, samples: samples).bytes(model, samples: samples, .float64) + 8 * numbers
    }

    /// The gain of each unit, in the order of layers and units, as `W1.1`.
    /// - Returns: nil where something is not finite.
    package func measure<S: Scalar>(_ w: ParameterVector<S>) -> [(unit: String, gain: Double)]? {
        let weights = ParameterVector<Double>(w.layout)
        convert(w.count, w.base, weights.base)
        kernel.fill(block, weights, x.base, samples: x.rows)
        let side = y.count
        let parts = kernel.plan.layers.enumerated().flatMap { l, layer in
            (0..<layer.channels).map { unit in
                RangeGains.Part(
                    name: "\(layer.name).\(unit + 1)",
                    weights: (layer.trainsWeight ? layer.patch : 0) + (layer.trainsBias ? 1 : 0),
                    kernel: { [kernel, block] in
                        kernel.kernel(unit: unit, of: l, block, into: $0.base, leading: side)
                    })
            }
        }
        return RangeGains(parts, of: y, half: half, rankLimit: kernel.model.mostRank, kernel.plan)?.gains.map {
            ($0.layer, $0.value)
        }
    }
}

extension Model {
    /// The largest rank that the Jacobian can have: rescaled units move weights and no output.
    var mostRank: Int { layout.trainedCount - rescaledUnits }
}
