import LinearAlgebra

/// Where a search ended, and what kind of point that is.
package struct EndPoint: Sendable {
    package enum Verdict: String, Sendable, CaseIterable {
        /// ‖g‖ is within the tolerance, and a stationary point is near.
        case stationary
        /// ‖g‖ is (close to) stationary, f is not: r > 0.9.
        case gradientFlat = "gradient-flat"
        /// ‖g‖ is above the tolerance.
        case notConverged = "not converged"
        /// ‖g‖ is within the tolerance, but what is left of it hides whether a stationary point is near.
        case cannotTell = "can't tell"
    }
    package let place: StationarySearch.Place
    /// 1 + ‖g(start)‖.
    package let scale: Double
    package let steps: Int
    package let stop: StationarySearch.Stop
    package let flatness: Flatness
    /// nil where there are too many weights.
    package let spectrum: HessianSpectrum?
    package let verdict: Verdict

    /// - Parameter tolerance: for ‖g‖ over its scale.
    package init<F: TwiceDifferentiable>(_ f: F, _ end: StationarySearch.End, tolerance: Double) {
        place = end.place
        (scale, steps, stop) = (end.scale, end.steps, end.stop)
        spectrum = HessianSpectrum(f, at: place)
        let size = spectrum?.frobeniusNorm ?? Flatness.estimatedFrobeniusNorm(of: f.hessian(at: place.w))
        flatness = Flatness(f, at: place, frobeniusNorm: size)
        let floor = Self.gradientRounding(place.w, size)
        let isConverged = place.gradientNorm <= tolerance * scale
        // A gradient that is rounding alone lies in any direction, the kernel's too.
        if end.stop == .nonFinite || !size.isFinite {
            verdict = .notConverged
        } else if flatness.isFlat, !(place.gradientNorm <= floor) {
            verdict = .gradientFlat
        } else if !isConverged {
            verdict = .notConverged
        } else if let spectrum,
            spectrum.hasDoubtfulZeros || spectrum.zeroModes > 0 && spectrum.gradientInKernel > floor
        {
            verdict = .cannotTell
        } else {
            verdict = f.isRegular(at: place.w, tolerance: tolerance * scale) ? .stationary : .cannotTell
        }
    }

    /// What rounding of w alone makes of the gradient, tenfold: 10 ε ‖H‖_F ‖w‖.
    private static func gradientRounding(_ w: [Double], _ frobeniusNorm: Double) -> Double {
        10 * Double.ulpOfOne * frobeniusNorm * norm(w)
    }

    /// Squares of lengths below it are rounded to nothing.
    private static let leastLength = 1e-150

    /// How far the stationary point may lie, along directions that are no zero modes: 2‖g‖/min |λ|, with rounding.
    package var reach: Double {
        guard let spectrum, let least = spectrum.smallestNonzero else { return .infinity }
        let floor = Self.gradientRounding(place.w, spectrum.frobeniusNorm)
        return 2 * max(place.gradientNorm, floor) / least + Self.leastLength
    }

    /// How far f may be from its value at the stationary point: ‖g‖·reach, with rounding.
    package var valueError: Double {
        let size = spectrum?.frobeniusNorm ?? 0
        let rounding = 10 * Double.ulpOfOne * (abs(place.value) + size * dot(place.w, place.w))
        return rounding + (spectrum?.smallestNonzero == nil ? 0 : place.gradientNorm * reach)
    }
}
