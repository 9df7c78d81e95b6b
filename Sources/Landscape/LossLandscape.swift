import LinearAlgebra
import Networks
import Sampling

/// How the loss is looked at around a point.
package struct LandscapeOptions: Sendable, Equatable {
    /// Random directions of the ladder, beside the gradient and the ends of the Hessian's spectrum; 0 for no landscape.
    package var directions = 0
    /// Radii of the ladder over its reach, which is `share` of ‖W_0‖ of the trained weights, or what they moved by, or
    /// three steps of descent, whichever is longest: a ladder that ends before them says nothing about them.
    package var radii: [Double] = [0.003, 0.01, 0.03, 0.1, 0.3, 1]
    package var share = 0.03
    /// Products with the Hessian for its ends, twice.
    package var lanczosSteps = 12
    /// Points on each side of the slice; 0 for none.
    package var slice = 11

    package init() {}
}

/// F along a unit direction d.
package struct LandscapeRay: Sendable {
    package let name: String
    /// ⟨∇F, d⟩.
    package let slope: Double
    /// F(W + r d) for each radius r.
    package let losses: [Double]
}

/// The loss around the weights of one step: what semi-smoothness and almost-convexity are about.
package struct LossLandscape {
    /// F(W), in the units of the objective.
    package let loss: Double
    /// ‖∇F(W)‖ over the trained tensors.
    package let gradientNorm: Double
    /// F(W − η ∇F).
    package let lossAfterStep: Double
    /// Lengths of the displacements along every ray.
    package let radii: [Double]
    package let rays: [LandscapeRay]
    /// The ends of the spectrum of ∇²F(W) away from kinks, each with ‖∇²F v − θ v‖.
    package let smallestCurvature: RitzValue
    package let largestCurvature: RitzValue
    /// F(W + x u + y v) with u = −∇F/‖∇F‖ and v the direction of the most negative curvature: [y, x].
    package let slice: Slice?

    package struct Slice {
        /// x and y alike.
        package let axis: [Double]
        /// [y, x].
        package let losses: MatrixBuffer<Double>
    }

    /// Looks at the loss around the surface's weights.
    ///
    /// The slice reaches 3η‖∇F‖ each way: three steps of descent, over the two axes of Figure 1 of Allen-Zhu, Li, Song
    /// 2019. Cost: 2·lanczosSteps + 2 Hessian products of nine forward passes, and a forward pass for each point of
    /// ladder and slice. Memory: the surface and `directions` + 8 vectors of P numbers.
    /// - Parameters:
    ///   - options: with at least one random direction, from which Lanczos begins.
    ///   - startNorm: ‖W_0‖ of the trained weights, and ‖W − W_0‖.
    ///   - seed: of the random directions, the same at every step.
    /// - Returns: nil where the loss or its Hessian is not finite.
    package init?(
        _ surface: LossSurface<Double>, _ options: LandscapeOptions, learningRate: Double, startNorm: Double,
        drift: Double,
        seed: UInt64
    ) {
        precondition(options.directions > 0, "a landscape needs a direction")
        let layout = surface.weights.layout
        let gradient = ParameterVector<Double>(layout)
        loss = surface.gradient(into: gradient)
        gradientNorm = gradient.trainedSquaredNorm.squareRoot()
        guard loss.isFinite, gradientNorm > 0, gradientNorm.isFinite else { return nil }
        lossAfterStep = surface.losses(along: gradient, at: [-learningRate])[0]
        let random = (0..<options.directions).map { Self.random(layout, seed, $0) }
        let hessian = CurvatureOperator(surface, .hessian)
        let start = MatrixBuffer<Double>(1, hessian.dimension)
        hessian.coordinates.gather(random[0].base, into: start.base)
        let ends = extremePairs(of: hessian, start: start, steps: options.lanczosSteps)
        guard ends.values.outcome != .nonFinite else { return nil }
        (smallestCurvature, largestCurvature) = (ends.values.smallest, ends.values.largest)
        Double.scale(layout.count, -1 / gradientNorm, gradient.base)
        let scale = -gradientNorm
        let downhill = Self.vector(hessian.coordinates, ends.smallestVector)
        let bent = Self.vector(hessian.coordinates, ends.largestVector)
        let named =
            [
                ("gradient", gradient), ("curvature+", downhill), ("curvature-", Self.opposite(downhill)),
                ("largest", bent),
            ]
            + random.enumerated().map { ("random\($0 + 1)", $1) }
        let reach = max(options.share * startNorm, drift, 3 * learningRate * gradientNorm)
        let radii = options.radii.map { $0 * reach }
        self.radii = radii
        rays = named.map { name, d in
            LandscapeRay(
                name: name, slope: scale * Double.dot(layout.count, gradient.base, d.base),
                losses: surface.losses(along: d, at: radii))
        }
        slice =
            options.slice > 1
            ? Self.slice(surface, gradient, downhill, points: options.slice, reach: 3 * learningRate * gradientNorm)
            : nil
    }

    private static func slice(
        _ surface: LossSurface<Double>, _ u: ParameterVector<Double>, _ v: ParameterVector<Double>, points: Int,
        reach: Double
    ) -> Slice {
        let axis = (0..<points).map { reach * (2 * Double($0) / Double(points - 1) - 1) }
        let losses = MatrixBuffer<Double>(points, points)
        for (row, y) in axis.enumerated() {
            let line = surface.losses(from: (y, v), along: u, at: axis)
            for (column, loss) in line.enumerated() { losses[row, column] = loss }
        }
        return Slice(axis: axis, losses: losses)
    }

    /// A direction drawn uniformly, in the trained weights.
    private static func random(_ layout: ParameterLayout, _ seed: UInt64, _ index: Int) -> ParameterVector<Double> {
        let d = ParameterVector<Double>(layout)
        for entry in layout.trained {
            RandomStream(seed: seed, "landscape/\(index)/\(entry.tensor.path)").fillNormal(
                d.base + entry.offset, count: entry.tensor.count, standardDeviation: 1)
        }
        d.clearZeros()
        Double.scale(d.count, 1 / d.trainedSquaredNorm.squareRoot(), d.base)
        return d
    }

    private static func vector(
        _ coordinates: TrainedCoordinates, _ entries: MatrixBuffer<Double>
    ) -> ParameterVector<Double> {
        let d = ParameterVector<Double>(coordinates.layout)
        coordinates.scatter(entries.base, into: d.base)
        return d
    }

    private static func opposite(_ v: ParameterVector<Double>) -> ParameterVector<Double> {
        let d = ParameterVector<Double>(v.layout)
        Double.axpy(d.count, -1, v.base, d.base)
        return d
    }
}
