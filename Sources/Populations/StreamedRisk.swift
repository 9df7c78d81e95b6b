import Landscape
import LinearAlgebra
import Networks
import StationaryPoints

/// J of any network, as the mean over a fresh sample that is drawn anew, block after block, whenever it is asked for.
///
/// The answers of that sample have no noise: what noise adds to J is ½ k σ² exactly. Memory: that of one block, whatever the size
/// of the sample. An instance belongs to one thread.
package final class StreamedRisk: TwiceDifferentiable {
    private let sampler: PopulationSampler
    private let role: PopulationSampler.Role
    private let seed: UInt64
    private let isNoisy: Bool
    private let blocks: Int
    private let x: MatrixBuffer<Double>
    private let y: MatrixBuffer<Double>
    private let surface: LossSurface<Double>
    private let weights: ParameterVector<Double>
    private let slope: ParameterVector<Double>
    private let direction: ParameterVector<Double>
    private let coordinates: TrainedCoordinates

    /// - Parameters:
    ///   - samples: their number, rounded up to blocks of `PopulationSampler.blockRows`, two at least.
    ///   - isNoisy: whether answers have their noise, so that J is estimated with it.
    package init(
        _ network: PlainNetwork, _ population: Population, _ role: PopulationSampler.Role = .fresh, seed: UInt64,
        samples: Int, isNoisy: Bool = false
    ) {
        let rows = PopulationSampler.blockRows
        sampler = PopulationSampler(population)
        (self.role, self.seed, self.isNoisy) = (role, seed, isNoisy)
        blocks = max((samples + rows - 1) / rows, 2)
        (x, y) = (MatrixBuffer(rows, network.inputs), MatrixBuffer(rows, network.outputs))
        surface = LossSurface(
            TrainedFunction(Workspace<Double>(network.model, rows: rows)), Objective(.squared, .mean), x, y)
        (weights, slope) = (ParameterVector(network.model.layout), ParameterVector(network.model.layout))
        (direction, coordinates) = (ParameterVector(network.model.layout), network.coordinates)
    }

    package var dimension: Int { coordinates.count }
    /// M, the size of the fresh sample.
    package var sampleCount: Int { blocks * PopulationSampler.blockRows }
    private var constant: Double { isNoisy ? 0 : sampler.population.noiseRisk }

    package func gradient(at w: [Double]) -> (value: Double, gradient: [Double]) {
        let estimate = estimate(at: w)
        return (estimate.value, estimate.gradient)
    }

    package func hessian(at w: [Double]) -> StreamedHessian { StreamedHessian(risk: self, w: w) }

    /// J(w) and ∇J(w), with standard errors. Cost: M samples drawn, and a gradient of each.
    package func estimate(at w: [Double]) -> RiskEstimate {
        var means = BlockMeans(dimension + 1)
        forEachBlock(at: w) {
            let value = surface.gradient(into: slope)
            means.add([value + constant] + gathered(slope))
        }
        return RiskEstimate(means, samples: sampleCount)
    }

    /// out ← ∇²J(w) v. Cost: M samples drawn, and a product with each.
    fileprivate func product(at w: [Double], _ v: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        out.update(repeating: 0, count: dimension)
        coordinates.scatter(v, into: direction.base)
        forEachBlock(at: w) {
            surface.product(.hessian, direction.base, into: slope.base)
            Double.axpy(dimension, 1 / Double(blocks), gathered(slope), out)
        }
    }

    private func gathered(_ whole: ParameterVector<Double>) -> [Double] {
        var own = [Double](repeating: 0, count: dimension)
        coordinates.gather(whole.base, into: &own)
        return own
    }

    /// The surface lies over the samples of one block after another.
    private func forEachBlock(at w: [Double], _ body: () -> Void) {
        coordinates.scatter(w, into: weights.base)
        for block in 0..<blocks {
            sampler.fill(role, seed: seed, block: block, rows: x.rows, isNoisy: isNoisy, x.base, y.base)
            // What is held there belongs to the samples before.
            surface.move(to: weights)
            body()
        }
    }
}

/// ∇²J at a point, a pass over the fresh sample for each product.
package struct StreamedHessian: LinearOperator {
    fileprivate let risk: StreamedRisk
    fileprivate let w: [Double]
    package var dimension: Int { risk.dimension }

    package func apply(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        risk.product(at: w, x, out)
    }
}
