import StationaryPoints

/// A stationary point of a spin glass on its sphere, w and −w taken as one.
///
/// Of the two, w is the one with the energy below 0 for odd orders, where energies change their sign with w.
package struct SpinPoint: Sendable {
    /// [Λ], ‖w‖² = Λ.
    package let w: [Double]
    /// H(w)/Λ.
    package let energy: Double
    /// The number of directions along the sphere in which the energy falls: two numbers where that is not clear.
    package let index: ClosedRange<Int>
    /// ‖∇H‖ along the sphere.
    package let residual: Double
    /// The smallest |λ| of the Hessian along the sphere.
    package let smallestCurvature: Double
    /// Whether an eigenvalue of the Hessian is 0, or as near to it as rounding and what is left of the gradient hide.
    package let isDegenerate: Bool
    /// Whether a stationary point is near for certain.
    package let isCertain: Bool
    /// How many searches ended here.
    package let timesFound: Int

    init(_ end: EndPoint, order: Int, timesFound: Int) {
        w = end.place.w
        energy = end.place.value / Double(w.count)
        index = end.spectrum?.index ?? 0...(w.count - 1)
        residual = end.place.gradientNorm
        smallestCurvature = end.spectrum?.eigenvalues.map { abs($0) }.min() ?? 0
        isDegenerate = end.isDegenerate(order: order)
        isCertain = end.verdict == .stationary
        self.timesFound = timesFound
    }
}

extension EndPoint {
    /// Whether an eigenvalue is 0, or may be.
    ///
    /// The Hessian along the sphere is a difference, of ∇²H and of H H(w)/Λ I: its rounding is that of the larger ones.
    func isDegenerate(order: Int) -> Bool {
        guard let spectrum, spectrum.zeroModes == 0, spectrum.isClear else { return true }
        let multiplier = abs(Double(order) * place.value) / Double(place.w.count)
        return spectrum.eigenvalues.contains { abs($0) <= 1e-12 * (spectrum.frobeniusNorm + multiplier) }
    }
}
