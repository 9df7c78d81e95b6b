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
        /// A kink is so near that the stationary point may lie on its other side, or the search came to it and no
        /// further.
        case kink
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
    /// nil for a function without kinks.
    package let kink: Kink?
    package let verdict: Verdict

    /// One that was found before.
    package init(
        place: StationarySearch.Place, scale: Double, steps: Int, stop: StationarySearch.Stop, flatness: Flatness,
        spectrum: HessianSpectrum?, kink: Kink?, verdict: Verdict
    ) {
        (self.place, self.scale, self.steps, self.stop) = (place, scale, steps, stop)
        (self.flatness, self.spectrum, self.kink, self.verdict) = (flatness, spectrum, kink, verdict)
    }

    /// - Parameter tolerance: for ‖g‖ over its scale.
    package init<F: TwiceDifferentiable>(_ f: F, _ end: StationarySearch.End, tolerance: Double) {
        let (place, limit) = (end.place, tolerance * end.scale)
        let rounding = GradientRounding(f, at: place)
        let spectrum = HessianSpectrum(f, at: place, rounding.changes)
        let size = spectrum?.frobeniusNorm ?? Flatness.estimatedFrobeniusNorm(of: f.hessian(at: place.w))
        let evidence =
            spectrum.map { NewtonEvidence($0) } ?? NewtonEvidence(f, at: place, frobeniusNorm: size, rounding)
        let isConverged = place.gradientNorm <= limit
        // Where ‖g‖ is large no stationary point is known to be near, but a kink that held the search is.
        let step = isConverged ? evidence.step : 0
        let kink = f.kink(at: place.w, within: 2 * step + Self.rounding(place.w) + Self.leastLength)
        let verdict: Verdict =
            if end.stop == .nonFinite || !size.isFinite {
                .notConverged
            } else if kink?.isNear ?? false {
                .kink
            } else {
                Self.verdict(f, end, evidence, rounding, limit: limit)
            }
        self.init(
            place: place, scale: end.scale, steps: end.steps, stop: end.stop, flatness: evidence.flatness,
            spectrum: spectrum, kink: kink, verdict: verdict)
    }

    /// Away from kinks.
    private static func verdict<F: TwiceDifferentiable>(
        _ f: F, _ end: StationarySearch.End, _ evidence: NewtonEvidence, _ rounding: GradientRounding, limit: Double
    ) -> Verdict {
        let isConverged = end.place.gradientNorm <= limit
        let isOpen = evidence.isOpen(end, rounding, limit: limit)
        // A gradient that is rounding alone lies in any direction, the kernel's too.
        let hasGradient = !(end.place.gradientNorm <= GradientRounding.margin * rounding.own)
        if evidence.flatness.isFlat, hasGradient, !isConverged || isOpen { return .gradientFlat }
        if !isConverged { return .notConverged }
        return !isOpen && f.isRegular(at: end.place.w, tolerance: limit) ? .stationary : .cannotTell
    }

    /// What rounding makes of w, tenfold.
    private static func rounding(_ w: [Double]) -> Double { 10 * Double.ulpOfOne * norm(w) }

    /// What rounding of w alone makes of the gradient, tenfold: 10 ε ‖H‖_F ‖w‖.
    private static func gradientRounding(_ w: [Double], _ frobeniusNorm: Double) -> Double {
        frobeniusNorm * rounding(w)
    }

    /// Squares of lengths below it are rounded to nothing.
    private static let leastLength = 1e-150

    /// How far the stationary point may lie, along directions that are no zero modes: 2‖g‖/min |λ|, with rounding.
    package var reach: Double {
        // In a corner of its constraints it can't lie elsewhere.
        if let spectrum, spectrum.eigenvalues.isEmpty { return Self.rounding(place.w) + Self.leastLength }
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
