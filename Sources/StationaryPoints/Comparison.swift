import LinearAlgebra

/// Whether two end points are one stationary point.
enum Sameness { case same, different, unclear }

extension EndPoint {
    /// Isolated points are compared by value and distance, within the distance that the true ones may lie from them.
    ///
    /// Points with zero modes lie on surfaces of stationary points, where a distance says nothing: there only what all
    /// points of a surface share is compared: f, index and number of zero modes, and the spectrum, which is shared where symmetries
    /// are orthogonal, or a canonical form chose a point. This is "modulo continuous symmetries": surfaces that agree in all of it count once.
    /// A hundred times the error is unclear still.
    func sameness(_ other: EndPoint) -> Sameness {
        guard let mine = spectrum, let theirs = other.spectrum else { return .unclear }
        let apart = abs(place.value - other.place.value)
        if apart > 100 * (valueError + other.valueError) { return .different }
        let isCertain = mine.isClear && theirs.isClear
        if isCertain, mine.zeroModes != theirs.zeroModes || mine.index != theirs.index { return .different }
        if !isCertain, !mine.index.overlaps(theirs.index) { return .different }
        let distance = Double.squaredDistance(place.w.count, place.w, other.place.w).squareRoot()
        if mine.zeroModes == 0, theirs.zeroModes == 0 {
            let reach = reach + other.reach
            if distance > 100 * reach { return .different }
            return distance <= reach && isCertain ? .same : .unclear
        }
        guard isCertain else { return .unclear }
        let size = max(mine.frobeniusNorm, theirs.frobeniusNorm)
        let differs = zip(mine.eigenvalues, theirs.eigenvalues).contains {
            abs($0 - $1) > Self.spectrumTolerance * size
        }
        return differs ? .unclear : .same
    }

    /// Of ‖H‖_F: within it, spectra of points with zero modes agree.
    private static var spectrumTolerance: Double { 1e-6 }
}
