import LinearAlgebra
import Sampling
import StationaryPoints
import Statistics

/// Searches for all stationary points of a spin glass: Newton's method from random points of the sphere, in rounds, until what they
/// found says that none is missing, or there have been enough.
///
/// What a search ends at is the point of an earlier one where they are nearer than rounding explains, up to sign; else it is examined
/// with its whole Hessian (`EndPoint`). A round has as many searches as there were before it. The last was the last where
/// capture and recapture expects less than half a point more, with 99 %, and no sum of Morse's is against it.
///
/// Cost: about 10 steps a search (`SphereNewton`), and 2 Λ flops for each point found.
package struct SpinSearch: Sendable {
    package let glass: SpinGlass
    /// Of the starts, the stream `stationary/start/k` for search k.
    package let seed: UInt64
    package let mostSearches: Int
    private static let firstRound = 64
    /// Ends are one point within it, over ‖w‖, and within the second where one is degenerate: Newton's steps end as far from such a point.
    private static let (nearness, nearnessOfDegenerate) = (1e-9, 1e-5)

    package init(_ glass: SpinGlass, seed: UInt64, mostSearches: Int) {
        (self.glass, self.seed, self.mostSearches) = (glass, seed, mostSearches)
    }

    /// The searches, all of them.
    package func points() -> SpinPoints {
        var (ends, counts, lost): ([EndPoint], [Int], Int) = ([], [], 0)
        var searches = 0
        while searches < mostSearches {
            let round = min(max(searches, Self.firstRound), mostSearches - searches)
            for k in searches..<(searches + round) {
                guard let w = end(ofSearch: k) else {
                    lost += 1
                    continue
                }
                if let place = ends.firstIndex(where: { isAt($0, w) }) {
                    counts[place] += 1
                } else {
                    ends.append(examined(w))
                    counts.append(1)
                }
            }
            searches += round
            if seemsComplete(ends, counts) { break }
        }
        return SpinPoints(glass.shape, ends, counts, searches: searches, lost: lost)
    }

    private func end(ofSearch k: Int) -> [Double]? {
        SphereNewton(glass: glass).end(
            from: normalStart(seed: seed, k, dimension: glass.dimension, standardDeviation: 1))
    }

    /// Whether w is an end that was found before, or that with its sign turned.
    private func isAt(_ end: EndPoint, _ w: [Double]) -> Bool {
        let (n, squares) = (w.count, glass.radius * glass.radius)
        let product = Double.dot(n, end.place.w, w)
        guard abs(product) > 0.999 * squares else { return false }
        let sign = product < 0 ? -1.0 : 1
        let apart = (0..<n).reduce(0) { $0 + (w[$1] - sign * end.place.w[$1]) * (w[$1] - sign * end.place.w[$1]) }
        let nearness = end.isDegenerate(order: glass.shape.order) ? Self.nearnessOfDegenerate : Self.nearness
        return apart <= nearness * nearness * squares
    }

    /// The end of Newton's steps as a point with its spectrum, with the sign that stands for both.
    private func examined(_ w: [Double]) -> EndPoint {
        let isTurned = glass.shape.order % 2 == 1 && glass.energy(at: w) > 0
        let search = StationarySearch(.newtonMR, maximumSteps: 10)
        let sphere = glass.onSphere
        return EndPoint(
            sphere, search.end(of: sphere, from: isTurned ? w.map { -$0 } : w), tolerance: search.tolerance)
    }

    private func seemsComplete(_ ends: [EndPoint], _ counts: [Int]) -> Bool {
        guard let missed = CaptureRecapture(counts: counts).missed, missed.interval.upperBound < 0.5 else {
            return false
        }
        return MorseSums(ends.compactMap { $0.spectrum?.index.lowerBound }, of: glass.shape).canBeAll
    }
}
