import LinearAlgebra

/// Whether two end points are one stationary point.
enum Sameness { case same, different, unclear }

/// Orthogonal maps of w that leave f as it is, such as new orders of the units of a network.
package struct Symmetries {
    /// The image of w that is nearest to another point.
    let nearest: (_ w: [Double], _ other: [Double]) -> [Double]
    /// Whether it is the nearest of all; else a nearer one may have been missed.
    let isExact: Bool
    /// How many different images w has; nil where that is not known.
    let images: (_ w: [Double], _ error: Double) -> Int?

    package init(
        isExact: Bool, images: @escaping (_ w: [Double], _ error: Double) -> Int?,
        nearest: @escaping (_ w: [Double], _ other: [Double]) -> [Double]
    ) {
        (self.isExact, self.images, self.nearest) = (isExact, images, nearest)
    }

    /// Of a function that has none.
    package static var none: Symmetries { Symmetries(isExact: true, images: { _, _ in 1 }, nearest: { w, _ in w }) }
}

extension EndPoint {
    /// Isolated points are compared by value, spectrum and distance, within the distance that the true ones may lie
    /// from them. The spectrum is that of all images, since symmetries are orthogonal.
    ///
    /// Points with zero modes lie on surfaces of stationary points, where a distance says nothing: there only what all
    /// points of a surface share is compared: f, index and number of zero modes, and the spectrum, which is shared
    /// where symmetries are orthogonal, or a canonical form chose a point. This is "modulo continuous symmetries":
    /// surfaces that agree in all of it count once. A hundred times the error is unclear still.
    func sameness(_ other: EndPoint, _ symmetries: Symmetries = .none) -> Sameness {
        guard let mine = spectrum, let theirs = other.spectrum else { return .unclear }
        // Constraints hold the one and not the other.
        guard mine.eigenvalues.count == theirs.eigenvalues.count else { return .different }
        let apart = abs(place.value - other.place.value)
        if apart > 100 * (valueError + other.valueError) { return .different }
        let isCertain = mine.isClear && theirs.isClear
        if isCertain, mine.zeroModes != theirs.zeroModes || mine.index != theirs.index { return .different }
        if !isCertain, !mine.index.overlaps(theirs.index) { return .different }
        let spread = zip(mine.eigenvalues, theirs.eigenvalues).reduce(0) { max($0, abs($1.0 - $1.1)) }
        if mine.zeroModes == 0, theirs.zeroModes == 0 {
            if spread > 100 * (mine.threshold + theirs.threshold) { return .different }
            let image = symmetries.nearest(other.place.w, place.w)
            let distance = Double.squaredDistance(image.count, place.w, image).squareRoot()
            let reach = reach + other.reach
            if distance > 100 * reach { return symmetries.isExact ? .different : .unclear }
            return distance <= reach && isCertain ? .same : .unclear
        }
        guard isCertain else { return .unclear }
        let size = max(mine.frobeniusNorm, theirs.frobeniusNorm)
        return spread > Self.spectrumTolerance * size ? .unclear : .same
    }

    /// Of ‖H‖_F: within it, spectra of points with zero modes agree.
    private static var spectrumTolerance: Double { 1e-6 }
}
