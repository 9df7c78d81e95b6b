import Sampling

/// Searches from many starts, each a pure function of its number: any of them can be made anywhere, in any order.
package struct StationarySurvey<F: TwiceDifferentiable> {
    package let function: F
    package let search: StationarySearch
    /// The start of search k, [n].
    package let start: (Int) -> [Double]
    /// Takes w to the point that stands for all that symmetries of f make of it; f there is f(w).
    package let canonical: ([Double]) -> [Double]

    package init(
        _ function: F, _ search: StationarySearch, canonical: @escaping ([Double]) -> [Double] = { $0 },
        start: @escaping (Int) -> [Double]
    ) {
        (self.function, self.search, self.canonical, self.start) = (function, search, canonical, start)
    }

    /// Where search k ends. The canonical point takes its place where it is stationary too, within the tolerance.
    package func endPoint(_ k: Int) -> EndPoint {
        var end = search.end(of: function, from: start(k))
        if end.stop == .converged {
            var image = end
            image.place = StationarySearch.Place(function, canonical(end.place.w))
            search.polish(function, &image)
            if image.place.gradientNorm <= search.tolerance * end.scale { end = image }
        }
        return EndPoint(function, end, tolerance: search.tolerance)
    }
}

/// Normal numbers for start k of a survey, from the stream `stationary/start/k`.
package func normalStart(seed: UInt64, _ k: Int, dimension: Int, standardDeviation: Double) -> [Double] {
    var w = [Double](repeating: 0, count: dimension)
    RandomStream(seed: seed, "stationary/start/\(k)").fillNormal(
        &w, count: dimension, standardDeviation: standardDeviation)
    return w
}
