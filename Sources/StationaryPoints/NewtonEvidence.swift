/// What Newton's step at an end point, and rounding, say of a stationary point near it.
struct NewtonEvidence {
    let flatness: Flatness
    /// ‖p‖.
    let step: Double
    /// The longest step that rounding of ∇f alone makes.
    private let stepRounding: Double
    /// Length of the gradient that no step takes away.
    private let left: Double
    /// Whether there are directions in which f seems to stay as it is.
    private let hasZeroModes: Bool
    /// Whether there are eigenvalues that the gradient could have made as small as they are, or one more step leaves a gradient.
    private let isDoubtful: Bool

    init(_ spectrum: HessianSpectrum) {
        flatness = Flatness(index: spectrum.flatness, isExact: true)
        (step, stepRounding) = (spectrum.newtonStep, spectrum.stepRounding)
        (left, hasZeroModes) = (spectrum.gradientInKernel, spectrum.zeroModes > 0)
        isDoubtful = spectrum.hasDoubtfulZeros
    }

    /// Where there are too many weights for all eigenvalues. Cost: three directions of Newton's and a gradient.
    init<F: TwiceDifferentiable>(
        _ f: F, at place: StationarySearch.Place, frobeniusNorm: Double, _ rounding: GradientRounding
    ) {
        let newton = StationarySearch.newtonDirection(f, place)
        flatness = Flatness(newton, frobeniusNorm: frobeniusNorm, gradientNorm: place.gradientNorm)
        step = norm(newton.p)
        stepRounding = rounding.changes.prefix(2).reduce(0) { longest, change in
            let change = StationarySearch.Place(w: place.w, value: place.value, gradient: change)
            return max(longest, norm(StationarySearch.newtonDirection(f, change).p))
        }
        (left, hasZeroModes) = newton.isSolved ? (0, false) : (newton.residual, true)
        // A slope along which steps are short, and do not contract, shows in no length.
        let next = StationarySearch.Place(f, f.moved(place.w, along: newton.p, by: 1))
        let largest = rounding.changes.map(norm).max() ?? 0
        isDoubtful = !(next.gradientNorm <= GradientRounding.margin * largest)
    }

    /// Whether it stays open that a stationary point is near.
    ///
    /// Near one the steps contract until all that is left of them is rounding, and nothing is left of the gradient in
    /// directions without curvature. A step of Newton's down a slope that goes on for ever divides the gradient there by e or
    /// so: it can't have gone from the tolerance into rounding, where rounding is far below the tolerance.
    /// - Parameter limit: what ‖g‖ has to be within.
    func isOpen(_ end: StationarySearch.End, _ rounding: GradientRounding, limit: Double) -> Bool {
        let margin = GradientRounding.margin
        let settles = step <= margin * stepRounding || end.contracts
        let isLevel = left <= margin * rounding.own && !(hasZeroModes && 10 * margin * rounding.own > limit)
        return isDoubtful || !settles || !isLevel
    }
}
