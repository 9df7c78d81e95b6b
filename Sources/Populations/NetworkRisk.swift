import Landscape
import LinearAlgebra
import Networks
import StationaryPoints

/// The mean of ½‖f(w, x) − y‖² over samples, plus a constant, with its derivatives in w: J_n, and for linear networks J itself.
///
/// An instance belongs to one thread. Memory: the samples, and a workspace for up to 1024 of them with its tangents.
package final class NetworkRisk: TwiceDifferentiable {
    private let curvature: CurvatureOperator<Double>
    private let weights: ParameterVector<Double>
    private let slope: ParameterVector<Double>
    private let constant: Double

    /// - Parameters:
    ///   - x: inputs [n, d_0], y: answers [n, d_l].
    package init(
        _ network: PlainNetwork, _ x: MatrixBuffer<Double>, _ y: MatrixBuffer<Double>, constant: Double = 0
    ) {
        precondition(x.columns == network.inputs && y.columns == network.outputs, "samples have the network's shape")
        let workspace = Workspace<Double>(network.model, rows: min(x.rows, PopulationSampler.blockRows))
        let surface = LossSurface(TrainedFunction(workspace), Objective(.squared, .mean), x, y)
        curvature = CurvatureOperator(surface, .hessian)
        (weights, slope) = (ParameterVector(network.model.layout), ParameterVector(network.model.layout))
        self.constant = constant
    }

    /// That of a linear network from moments alone: J for those of a population, J_n for those of a sample, exactly.
    ///
    /// Cost of a value, a gradient or a product: those over d_0 samples, whatever n is.
    /// - Returns: nil where a moment is not finite.
    /// - Precondition: the network is linear.
    package convenience init?(_ network: PlainNetwork, _ moments: SecondMoments) {
        precondition(network.kind == .linear, "moments tell the risk of linear networks only")
        guard let (x, y, constant) = moments.samples() else { return nil }
        self.init(network, x, y, constant: constant)
    }

    /// J by a fresh sample of a population, which is held: quicker than `StreamedRisk`, to which it is equal, as long as there is
    /// memory for samples · (d_0 + d_l) numbers. Its answers have no noise, and the constant is what noise adds.
    package convenience init(_ network: PlainNetwork, freshFrom population: Population, seed: UInt64, samples: Int) {
        let (x, y) = PopulationSampler(population).sample(.fresh, seed: seed, count: samples, isNoisy: false)
        self.init(network, x, y, constant: population.noiseRisk)
    }

    package var dimension: Int { curvature.dimension }

    package func gradient(at w: [Double]) -> (value: Double, gradient: [Double]) {
        move(to: w)
        let value = curvature.surface.gradient(into: slope)
        var gradient = w
        curvature.coordinates.gather(slope.base, into: &gradient)
        return (value + constant, gradient)
    }

    package func hessian(at w: [Double]) -> CurvatureOperator<Double> {
        move(to: w)
        return curvature
    }

    private func move(to w: [Double]) {
        curvature.coordinates.scatter(w, into: weights.base)
        curvature.surface.move(to: weights)
    }
}
