import LinearAlgebra
import Networks
import Sampling

/// Draws samples of a population. Sample i of a role and a seed is the same whatever else is drawn.
///
/// They come in blocks of `blockRows`, each from streams of its own (`population/<role>/inputs/<block>` and `…/noise/<block>`),
/// so that block after block can be made anew in bounded memory. An instance belongs to one thread.
package final class PopulationSampler {
    /// What samples are for: those of different roles are independent of one another.
    package enum Role: String, Sendable {
        /// The n samples of J_n.
        case training
        /// Those by which J is estimated.
        case fresh
        /// Those by which J is estimated again, where the fresh ones had a say in the weights.
        case check
    }
    package let population: Population
    /// Samples of a block.
    package static let blockRows = 1024
    private let workspace: Workspace<Double>?
    /// The teacher's; nil for a matrix.
    private let weights: ParameterVector<Double>?
    private let deviations: [Double]

    package init(_ population: Population) {
        self.population = population
        deviations = population.variances.map { $0.squareRoot() }
        if case .network(let network, let w) = population.teacher {
            workspace = Workspace(network.model, rows: Self.blockRows)
            let whole = ParameterVector<Double>(network.model.layout)
            network.coordinates.scatter(w, into: whole.base)
            weights = whole
        } else {
            (workspace, weights) = (nil, nil)
        }
    }

    /// The first `rows` samples of a block, into x [rows, d_0] and y [rows, k].
    ///
    /// - Parameter isNoisy: whether y has its noise, or is the teacher's answer.
    /// - Precondition: at most `blockRows` rows.
    package func fill(
        _ role: Role, seed: UInt64, block: Int, rows: Int, isNoisy: Bool = true, _ x: UnsafeMutablePointer<Double>,
        _ y: UnsafeMutablePointer<Double>
    ) {
        precondition(rows <= Self.blockRows, "\(rows) samples of a block of \(Self.blockRows)")
        let (inputs, outputs) = (population.inputs, population.outputs)
        RandomStream(seed: seed, "population/\(role.rawValue)/inputs/\(block)").fillNormal(
            x, count: rows * inputs, standardDeviation: 1)
        for i in 0..<rows {
            for j in 0..<inputs { x[i * inputs + j] *= deviations[j] }
        }
        let hasNoise = isNoisy && population.noise > 0
        if hasNoise {
            RandomStream(seed: seed, "population/\(role.rawValue)/noise/\(block)").fillNormal(
                y, count: rows * outputs, standardDeviation: population.noise)
        }
        switch population.teacher {
        case .linear(let matrix):
            Double.gemm(
                .no, .yes, m: rows, n: outputs, k: inputs, alpha: 1, x, inputs, matrix, inputs, beta: hasNoise ? 1 : 0,
                y, outputs)
        case .network:
            guard let workspace, let weights else { return }
            workspace.forward(weights.base, x, rows: rows)
            Double.axpby(rows * outputs, 1, workspace.outputs, hasNoise ? 1 : 0, y)
        }
    }

    /// Samples 0..<count, x [count, d_0] and y [count, k].
    package func sample(
        _ role: Role, seed: UInt64, count: Int, isNoisy: Bool = true
    ) -> (x: MatrixBuffer<Double>, y: MatrixBuffer<Double>) {
        let x = MatrixBuffer<Double>(count, population.inputs)
        let y = MatrixBuffer<Double>(count, population.outputs)
        for first in stride(from: 0, to: count, by: Self.blockRows) {
            fill(
                role, seed: seed, block: first / Self.blockRows, rows: min(Self.blockRows, count - first),
                isNoisy: isNoisy, x.base + first * x.columns, y.base + first * y.columns)
        }
        return (x, y)
    }
}
