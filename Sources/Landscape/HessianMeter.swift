import LinearAlgebra
import Networks
import Sampling

/// What is measured of H along a run.
package struct HessianOptions: Sendable, Equatable {
    /// Eigenvalues at the upper end, beside which all others stand; 0 for no measurement.
    package var top = 0
    package var bottom = 0
    package var hasTrace = false
    package var hasDensity = false
    /// The most products for the ends, and those of each random vector of a density.
    package var lanczosSteps = 40
    /// Random vectors of trace and densities.
    package var probes = 10

    package init() {}

    /// Vectors of as many numbers as are trained that measurements hold.
    package var vectorCount: Int { lanczosSteps + 7 + (hasTrace ? 3 * probes : 0) }
}

/// H = G + R at one point.
package struct HessianMeasurement {
    package let spectrum: CurvatureSpectrum
    /// vᵀ R v/λ_max, v its eigenvector: what of it is not of the linearized network.
    package let residualShare: Double
    package let trace: (value: Double, error: Double?)?
    /// Of H, G and R; none where they are not asked for.
    package let densities: [(kind: Curvature, density: SpectralDensity)]
}

/// Measures H at points that lie near one another, by Lanczos until both ends stand still.
///
/// Memory: `HessianOptions.vectorCount` vectors, and the surface.
package final class HessianMeter<S: Scalar> {
    private let options: HessianOptions
    private let seed: UInt64
    private let hessian: CurvatureOperator<S>
    private let gaussNewton: CurvatureOperator<S>
    private let rest: CurvatureOperator<S>
    /// Where Lanczos begins, [1, trained weights].
    private let start: MatrixBuffer<S>
    private let vectors: MatrixBuffer<S>

    /// With that residual over the largest |θ| a pair stands still: its eigenvalue then is off by about the square of it.
    private static var residual: Double { 3e-3 }
    /// The same for the lower end over its own |θ|, unless that is too small to wait for.
    private static var lowerResidual: Double { 0.1 }
    /// Fewer steps are not made, so that a start near one eigenvector sees others.
    private static var leastSteps: Int { 5 }
    /// The random part of a start that was turned, over the rest: what another eigenvector that has overtaken the first begins
    /// with.
    private static var randomShare: Double { 0.3 }

    /// - Parameter seed: of the random vectors, which are those of `ntklab spectrum`.
    package init(_ surface: LossSurface<S>, _ options: HessianOptions, seed: UInt64) {
        precondition(options.top > 0, "a Hessian has a largest eigenvalue")
        (self.options, self.seed) = (options, seed)
        hessian = CurvatureOperator(surface, .hessian)
        gaussNewton = CurvatureOperator(surface, .gaussNewton)
        rest = CurvatureOperator(surface, .residual)
        start = MatrixBuffer(1, hessian.dimension)
        vectors = MatrixBuffer(min(options.lanczosSteps, hessian.dimension) + 1, hessian.dimension)
        random("start", into: start.base)
    }

    /// Turns the start towards the eigenvector of λ_max here, so that a few products are enough at points near.
    package func turnStart() {
        let lanczos = iterate(top: 1, bottom: 0)
        guard lanczos.outcome != .nonFinite, lanczos.steps > 0 else { return }
        let vector = lanczos.ritzVectors([lanczos.steps - 1])
        let length = S.dot(start.count, start.base, start.base).squareRoot()
        S.axpy(start.count, S(length / Self.randomShare), vector.base, start.base)
    }

    /// H where the surface is. Cost: up to `lanczosSteps` products, and one with G; for the trace 2·probes, for
    /// the densities 3·probes·lanczosSteps more.
    ///
    /// - Returns: nil where the loss's second derivatives are not finite.
    package func measure() -> HessianMeasurement? {
        let lanczos = iterate(top: options.top, bottom: options.bottom)
        guard lanczos.outcome != .nonFinite, lanczos.steps > 0 else { return nil }
        let vector = lanczos.ritzVectors([lanczos.steps - 1])
        let along = gaussNewton.rayleighQuotient(vector.base).value
        // ‖G‖ is no smaller; at the top of H it is about as large, unless R makes that top.
        let ends = CurvatureSpectrum(
            lanczos, of: hessian, top: options.top, bottom: options.bottom, gaussNewtonNorm: abs(along))
        guard let spectrum = ends, let largest = spectrum.largest.first?.value else { return nil }
        return HessianMeasurement(
            spectrum: spectrum, residualShare: 1 - along / largest,
            trace: options.hasTrace
                ? TraceEstimate(hessian, vectors: options.probes) { self.random("trace/\($0)", into: $1) }.run() : nil,
            densities: options.hasDensity ? densities(zero: spectrum.zero(in: S.precision)) : [])
    }

    private func iterate(top: Int, bottom: Int) -> LanczosIteration<CurvatureOperator<S>> {
        let lanczos = LanczosIteration(hessian, start: start.base, in: vectors)
        let least = max(Self.leastSteps, 2 * (top + bottom))
        while lanczos.outcome == nil {
            lanczos.advance()
            // Eigenvalues of T cost the cube of its order.
            guard lanczos.steps < 60 || lanczos.steps % 8 == 0 else { continue }
            if lanczos.steps >= least, lanczos.hasConverged(top: top, bottom: bottom, tolerance: Self.residual),
                isSettled(lanczos.ritz.map(\.value), bottom: bottom)
            {
                return lanczos
            }
        }
        return lanczos
    }

    /// Whether the lower end is known beside its own size too, which may be far below that of the upper one.
    private func isSettled(_ ritz: [RitzValue], bottom: Int) -> Bool {
        let least = Self.residual / 10 * abs(ritz.last?.value ?? 0)
        return ritz.prefix(bottom).allSatisfy { $0.residual <= max(Self.lowerResidual * abs($0.value), least) }
    }

    /// - Returns: none where a product is not finite.
    private func densities(zero: Double) -> [(kind: Curvature, density: SpectralDensity)] {
        let probe = MatrixBuffer<S>(1, hessian.dimension)
        var isFinite = true
        let found = [hessian, gaussNewton, rest].map { a in
            let rules = (0..<options.probes).map { index in
                random("probe/\(index)", into: probe.base)
                let lanczos = LanczosIteration(a, start: probe.base, in: vectors)
                while lanczos.outcome == nil { lanczos.advance() }
                isFinite = isFinite && lanczos.outcome != .nonFinite
                return lanczos.rule
            }
            return (kind: a.kind, density: SpectralDensity(rules, zero: zero))
        }
        return isFinite ? found : []
    }

    private func random(_ name: String, into v: UnsafeMutablePointer<S>) {
        RandomStream(seed: seed, "spectrum/\(name)").fillNormal(v, count: hessian.dimension, standardDeviation: 1)
    }
}
