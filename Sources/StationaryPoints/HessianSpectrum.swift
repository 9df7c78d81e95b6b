import LinearAlgebra

/// All eigenvalues of the Hessian along the surface at a point, and what they can be trusted for.
///
/// Cost: n products and 4 n³ flops, the products twice where there is a gradient.
package struct HessianSpectrum: Sendable {
    /// Ascending; [n] less the normals.
    package let eigenvalues: [Double]
    /// ‖H‖_F.
    package let frobeniusNorm: Double
    /// 10 ε ‖H‖₂ √n + ‖H − Hᵀ‖_F: what rounding makes of an eigenvalue that is 0.
    package let rounding: Double
    /// t = rounding + 2 ‖H(w + p) − H(w)‖_F, p = −H⁺ g: the stationary point lies within 2‖p‖ by the theorem of Newton
    /// and Kantorovich, and its eigenvalues within t of those here (Weyl), where H goes on changing as along p.
    package let threshold: Double
    /// ‖p‖.
    package let newtonStep: Double
    /// Length of ∇f in the space of eigenvalues within `rounding`: what no step takes away.
    package let gradientInKernel: Double
    /// The longest H⁺ Δ for changes Δ of ∇f by rounding: what of ‖p‖ is nothing else.
    package let stepRounding: Double
    /// r of `Flatness`, with those directions counted as the kernel that MINRES-QLP leaves out (`MinresLimits`).
    package let flatness: Double

    /// The most entries of w for which the whole Hessian is formed: 4,000² numbers are 128 MB.
    package static let mostEntries = 4000

    /// One that was found before.
    package init(
        eigenvalues: [Double], frobeniusNorm: Double, rounding: Double, threshold: Double, newtonStep: Double,
        gradientInKernel: Double, stepRounding: Double, flatness: Double
    ) {
        (self.eigenvalues, self.frobeniusNorm, self.rounding) = (eigenvalues, frobeniusNorm, rounding)
        (self.threshold, self.newtonStep, self.gradientInKernel) = (threshold, newtonStep, gradientInKernel)
        (self.stepRounding, self.flatness) = (stepRounding, flatness)
    }

    /// - Parameter changes: of ∇f by rounding.
    /// - Returns: nil for more entries than `mostEntries`, or where a number is not finite.
    init?<F: TwiceDifferentiable>(_ f: F, at place: StationarySearch.Place, _ changes: [[Double]]) {
        let n = f.dimension
        guard n <= Self.mostEntries else { return nil }
        let (hessian, asymmetry) = f.hessian(at: place.w).dense()
        let normals = f.normals(at: place.w)
        guard let eigen = Self.tangentEigen(hessian, normals), let vectors = eigen.vectors else { return nil }
        eigenvalues = Array(eigen.values.dropLast(normals.count))
        frobeniusNorm = norm(eigenvalues)
        let largest = eigenvalues.map { abs($0) }.max() ?? 0
        rounding = 10 * Double.ulpOfOne * largest * Double(n).squareRoot() + asymmetry

        let values = eigenvalues
        func along(_ v: [Double]) -> [Double] { values.indices.map { Double.dot(n, vectors.base + $0 * n, v) } }
        let cutoff = rounding
        let step = PseudoInverse(eigenvalues, along(place.gradient), cutoff: cutoff)
        (newtonStep, gradientInKernel) = (step.length, step.residual)
        stepRounding = changes.map { PseudoInverse(values, along($0), cutoff: cutoff).length }.max() ?? 0
        let limits = MinresLimits(maximumSteps: 0)
        let conditioned = PseudoInverse(
            eigenvalues, along(place.gradient), cutoff: max(rounding, largest / limits.largestCondition),
            longest: limits.longestSolution)
        let scale = frobeniusNorm * conditioned.length + place.gradientNorm
        // Nothing is left to ask where the gradient is 0.
        flatness = scale == 0 ? 0 : conditioned.residual / scale
        var p = [Double](repeating: 0, count: n)
        for (k, factor) in step.factors.enumerated() { Double.axpy(n, factor, vectors.base + k * n, &p) }
        var change = 0.0
        if newtonStep > 0 {
            let there = f.hessian(at: f.moved(place.w, along: p, by: 1)).dense().matrix
            change = Double.squaredDistance(n * n, there.base, hessian.base).squareRoot()
        }
        threshold = rounding + 2 * change
        guard threshold.isFinite, newtonStep.isFinite else { return nil }
    }

    /// Eigenvalues and vectors with those of the normals last: H + 2‖H‖_F Σ ν νᵀ has the normals' on top.
    private static func tangentEigen(_ hessian: MatrixBuffer<Double>, _ normals: [[Double]]) -> SymmetricEigen? {
        let shifted = hessian.copy()
        let n = hessian.rows
        let top = 2 * max(Double.dot(n * n, hessian.base, hessian.base).squareRoot(), .leastNormalMagnitude)
        for normal in normals {
            for i in 0..<n { Double.axpy(n, top * normal[i], normal, shifted.base + i * n) }
        }
        return SymmetricEigen(destroying: shifted, vectors: true)
    }

    /// Eigenvalues within t: of directions along which f may stay as it is.
    package var zeroModes: Int { eigenvalues.count { abs($0) <= threshold } }

    /// The number of negative eigenvalues: two numbers where some lie within 10 t of 0, though beyond t.
    package var index: ClosedRange<Int> {
        let most = eigenvalues.count { $0 < -threshold }
        return eigenvalues.count { $0 < -10 * threshold }...most
    }

    /// Whether each eigenvalue is clearly one of a zero mode, or clearly none.
    package var isClear: Bool { !eigenvalues.contains { abs($0) > threshold && abs($0) <= 10 * threshold } }

    /// Whether an eigenvalue is not by rounding as small as it is, but what is left of the gradient could have made it
    /// that small: Newton's steps need not lead to a stationary point then.
    package var hasDoubtfulZeros: Bool { eigenvalues.contains { abs($0) > rounding && abs($0) <= 10 * threshold } }

    /// The smallest |λ| beyond t; nil where all are zero modes.
    package var smallestNonzero: Double? { eigenvalues.map { abs($0) }.filter { $0 > threshold }.min() }
}

/// −A⁺ g in the eigenvectors of A, from the largest |λ| down, without those within a cut-off and those that make it too
/// long.
private struct PseudoInverse {
    /// Of each eigenvector.
    private(set) var factors: [Double]
    let length: Double
    /// ‖g‖ along what is left out.
    let residual: Double

    /// - Parameter along: g along each eigenvector.
    init(_ eigenvalues: [Double], _ along: [Double], cutoff: Double, longest: Double = .infinity) {
        factors = [Double](repeating: 0, count: eigenvalues.count)
        var (squares, rest) = (0.0, along)
        for k in eigenvalues.indices.sorted(by: { abs(eigenvalues[$0]) > abs(eigenvalues[$1]) }) {
            let factor = -along[k] / eigenvalues[k]
            guard abs(eigenvalues[k]) > cutoff, !(squares + factor * factor > longest * longest) else { break }
            squares += factor * factor
            (factors[k], rest[k]) = (factor, 0)
        }
        (length, residual) = (norm(factors), norm(rest))
    }
}
