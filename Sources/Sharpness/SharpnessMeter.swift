import Landscape
import LinearAlgebra
import Networks

/// Where the trained weights may go from w, in coordinates z in a box around 0.
package enum Reach {
    /// w + z, |z_i| ≤ ε (|w_i| + 1): C_ε of the full space (Keskar et al. 2017, eq. 3 with A = I).
    case full
    /// w + A z, |z_i| ≤ ε (|(A⁺ w)_i| + 1): C_ε of a subspace.
    case subspace(Subspace)
    /// w_i (1 + z_i), |z_i| ≤ ε.
    ///
    /// The function of z is the same for w and T w, whatever diagonal T leaves the network's function: units of ReLU
    /// with the weights into them times c > 0, biases included, and those out of them over c; signs of units of tanh.
    /// Rotations of linear units change it (Dinh et al. 2017 rescale; the box is ours). Weights of exactly 0 stay 0.
    case relative
}

/// How far the loss was found to rise within a reach.
package struct SharpRise: Sendable {
    /// F(w).
    package let loss: Double
    /// The largest F that was found.
    package let largest: Double
    package let iterations: Int
    /// Values of F with ∇F, a forward and a backward pass over the samples each.
    package let evaluations: Int
    package let ending: SearchEnding

    /// φ = 100 (max F − F(w))/(1 + F(w)) with the largest F that was found, a lower bound of that with the true one
    /// (Keskar et al. 2017, metric 2.1).
    package var sharpness: Double { 100 * (largest - loss) / (1 + loss) }
}

/// Sharpness of a loss F at weights w, over boxes in the trained weights.
///
/// Memory: the surface, five vectors, and those of `BoxSearch`.
package final class SharpnessMeter {
    private let surface: LossSurface<Double>
    private let w: ParameterVector<Double>
    private let (moved, gradient): (ParameterVector<Double>, ParameterVector<Double>)
    private let coordinates: TrainedCoordinates
    /// The trained weights of w, [1, n].
    package let trained: MatrixBuffer<Double>
    /// F's change and its gradient in the trained weights, [1, n].
    private let (step, slope): (MatrixBuffer<Double>, MatrixBuffer<Double>)

    /// - Parameter surface: F where it stands: w is where it has been moved to last.
    package init(_ surface: LossSurface<Double>) {
        self.surface = surface
        let layout = surface.layout
        (w, moved, gradient) = (ParameterVector(layout), ParameterVector(layout), ParameterVector(layout))
        w.assign(surface.weights)
        coordinates = TrainedCoordinates(layout)
        let n = coordinates.count
        (trained, step, slope) = (MatrixBuffer(1, n), MatrixBuffer(1, n), MatrixBuffer(1, n))
        coordinates.gather(w.base, into: trained.base)
    }

    /// n.
    package var dimension: Int { coordinates.count }

    /// Numbers in float64 while it searches: a workspace, samples, weights, and what is largest of the search's vectors and a subspace.
    /// - Parameters:
    ///   - rows: samples of a pass.
    ///   - directions: p of a subspace, or other vectors of n numbers that are there at once.
    package static func numbers(_ model: Model, samples: Int, rows: Int, directions: Int) -> Double {
        let vectors = Double(max(BoxSearch.numbersEach, directions + 1))
        return Double(rows * LossSurface<Double>.count(model))
            + Double(samples * (model.inputCount + model.outputCount)) + 10 * Double(model.layout.count)
            + vectors * Double(model.layout.trainedCount)
    }

    /// The largest F that a few iterations of L-BFGS-B find within a reach of size ε. Cost: that of `BoxSearch`, three
    /// forward passes a value.
    ///
    /// - Returns: nil for a subspace whose directions depend on one another to rounding.
    /// - Throws: as `BoxSearch.maximum`.
    package func rise(_ reach: Reach, epsilon: Double, iterations: Int) throws -> SharpRise? {
        guard let bounds = bounds(reach, epsilon) else { return nil }
        defer { surface.move(to: w) }
        let found = try BoxSearch(iterations: iterations).maximum(within: bounds) { z, gradient in
            self.value(reach, z, into: gradient)
        }
        return SharpRise(
            loss: found.start, largest: found.value, iterations: found.iterations, evaluations: found.evaluations,
            ending: found.ending)
    }

    private func bounds(_ reach: Reach, _ epsilon: Double) -> MatrixBuffer<Double>? {
        let center: MatrixBuffer<Double>
        switch reach {
        case .full: center = trained
        case .subspace(let subspace):
            guard let own = subspace.coordinates(of: trained) else { return nil }
            center = own
        case .relative: return MatrixBuffer(1, dimension, Array(repeating: epsilon, count: dimension))
        }
        return MatrixBuffer(1, center.count, center.entries.map { epsilon * (abs($0) + 1) })
    }

    /// F at z, with its derivatives in z.
    private func value(
        _ reach: Reach, _ z: UnsafePointer<Double>, into out: UnsafeMutablePointer<Double>
    ) -> Double {
        switch reach {
        case .full: step.base.update(from: z, count: dimension)
        case .subspace(let subspace): subspace.expand(z, into: step.base)
        case .relative: for i in 0..<dimension { step.base[i] = trained.base[i] * z[i] }
        }
        Double.axpy(dimension, 1, trained.base, step.base)
        moved.assign(w)
        coordinates.scatter(step.base, into: moved.base)
        surface.move(to: moved)
        let loss = surface.gradient(into: gradient)
        coordinates.gather(gradient.base, into: slope.base)
        switch reach {
        case .full: out.update(from: slope.base, count: dimension)
        case .subspace(let subspace): subspace.reduce(slope.base, into: out)
        case .relative: for i in 0..<dimension { out[i] = trained.base[i] * slope.base[i] }
        }
        return loss
    }
}
