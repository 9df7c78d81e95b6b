import LinearAlgebra
import StationaryPoints

/// Climbs within Ω.
struct Ascent<F: TwiceDifferentiable> {
    private let function: Constrained<F>
    private let radius: Double
    private let height: (StationarySearch.Place) -> Double
    private let direction: (StationarySearch.Place) -> [Double]

    /// - Parameter direction: one in which the height grows.
    init(
        _ function: F, _ ball: WeightBall, height: @escaping (StationarySearch.Place) -> Double,
        direction: @escaping (StationarySearch.Place) -> [Double]
    ) {
        self.function = Constrained(function, ball.held)
        radius = ball.radius
        (self.height, self.direction) = (height, direction)
    }

    /// The highest that the ascents from the highest places came to.
    func highest(of places: [StationarySearch.Place], climbs: Int, trials: Int) -> UniformGap {
        let starts = places.sorted { height($0) > height($1) }
        var (best, tried) = (starts[0], 0)
        for start in starts.prefix(max(climbs, 1)) {
            let end = top(from: start, trials: trials)
            tried += end.tried
            if height(end.place) > height(best) { best = end.place }
        }
        return UniformGap(
            value: height(best), w: best.w, atRandom: height(starts[0]), points: places.count, trials: tried)
    }

    /// Steps along the direction that are drawn back into Ω, and taken where they lead up. The first one is as long as r, the next
    /// twice the last, or half of one that did not.
    private func top(
        from start: StationarySearch.Place, trials: Int
    ) -> (place: StationarySearch.Place, tried: Int) {
        var (best, step, tried) = (start, radius, 0)
        var p: [Double]?
        while tried < trials, step > Double.ulpOfOne * radius {
            guard let along = p ?? unitDirection(best) else { break }
            tried += 1
            let next = StationarySearch.Place(function.function, function.moved(best.w, along: along, by: step))
            if height(next) > height(best) {
                (best, p, step) = (next, nil, 2 * step)
            } else {
                (p, step) = (along, step / 2)
            }
        }
        return (best, tried)
    }

    /// nil where there is no way up.
    private func unitDirection(_ place: StationarySearch.Place) -> [Double]? {
        let slope = direction(place)
        let length = Double.dot(slope.count, slope, slope).squareRoot()
        return length > 0 && length.isFinite ? slope.map { $0 / length } : nil
    }
}
