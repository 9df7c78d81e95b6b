import Datasets
import LinearAlgebra
import Networks

/// What is known of the least loss of an objective before any training: what a run's loss is compared with.
///
/// All losses are F in the units of the objective, over the training samples.
package struct LossReferences: Codable, Sendable, Equatable {
    /// F of the best constant output, and of the output 0.
    package var bestConstant: Double
    package var zeroOutput: Double
    /// F with all trained weights 0: weights that the network can have, so that the least loss is at most this.
    package var zeroWeights: Double
    /// A lower bound of F: samples with the same input get the same output, whatever their targets.
    package var leastPossible: Double
    /// Different inputs, and the samples that share theirs with one of another target.
    package var distinctInputs: Int
    package var contradictorySamples: Int
    /// Whether the trained function is affine in the trained weights, so that the squared and the cross-entropy losses
    /// are convex in them.
    package var isAffine: Bool

    /// Cost: a forward pass, a digest of each input and some passes over the targets.
    package init<S: Scalar>(
        _ function: TrainedFunction<S>, _ objective: Objective, _ train: Samples<S>, _ layout: ParameterLayout,
        start: ParameterVector<S>
    ) {
        let weight = objective.weight(samples: train.count)
        let y = train.targets.widened()
        let rows = (0..<y.rows).map { row in (0..<y.columns).map { y[row, $0] } }
        bestConstant = weight * objective.kind.leastTotal(ofConstantOutput: rows)
        let zero = MatrixBuffer<Double>(y.rows, y.columns)
        zeroOutput = weight * objective.total(zero.base, y.base, rows: y.rows, outputs: y.columns)
        let w = ParameterVector<S>(layout)
        w.assign(start)
        for entry in layout.trained { (w.base + entry.offset).update(repeating: 0, count: entry.tensor.count) }
        zeroWeights = function.score(objective, w, on: train).loss
        let groups = Dictionary(grouping: train.firstOfEqualInputs.enumerated(), by: \.element)
        distinctInputs = groups.count
        // In the order of the samples, so that sums are the same to the bit.
        let contradictory = groups.sorted { $0.key < $1.key }.map { $0.value.map { rows[$0.offset] } }
            .filter { Set($0).count > 1 }
        contradictorySamples = contradictory.reduce(0) { $0 + $1.count }
        leastPossible = weight * contradictory.reduce(0) { $0 + objective.kind.leastTotal(ofConstantOutput: $1) }
        isAffine = function.form.isLinearized || function.workspace.model.isAffineInTrainedWeights
    }
}
