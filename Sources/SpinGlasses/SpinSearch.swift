import LinearAlgebra
import Sampling
import StationaryPoints
import Statistics

/// Searches for all stationary points of a spin glass: Newton's method from random points of the sphere, in rounds,
/// until what they found says that none is missing, or there have been enough.
///
/// What a search ends at is the point of an earlier one where they are nearer than rounding explains, up to sign; else
/// it is examined with its whole Hessian (`EndPoint`). A round has as many searches as there were before it. The last
/// was the last where capture and recapture expects less than half a point more, with 99 %, and no sum of Morse's is
/// against it.
///
/// Cost: about 10 steps a search (`SphereNewton`), and 2 Λ flops for each point found.
package struct SpinSearch: Sendable {
    package let glass: SpinGlass
    /// Of the starts, the stream `stationary/start/k` for search k.
    package let seed: UInt64
    package let mostSearches: Int
    private static let firstRound = 64

    package init(_ glass: SpinGlass, seed: UInt64, mostSearches: Int) {
        (self.glass, self.seed, self.mostSearches) = (glass, seed, mostSearches)
    }

    /// The searches, all of them.
    package func points() -> SpinPoints {
        var found = FoundEnds(glass)
        var (searches, lost) = (0, 0)
        while searches < mostSearches {
            let round = min(max(searches, Self.firstRound), mostSearches - searches)
            for k in searches..<(searches + round) {
                if let w = end(ofSearch: k) { found.add(w, examined) } else { lost += 1 }
            }
            searches += round
            if seemsComplete(found) { break }
        }
        return SpinPoints(glass.shape, found.ends, found.counts, searches: searches, lost: lost)
    }

    private func end(ofSearch k: Int) -> [Double]? {
        SphereNewton(glass: glass).end(
            from: normalStart(seed: seed, k, dimension: glass.dimension, standardDeviation: 1))
    }

    /// The end of Newton's steps as a point with its spectrum, with the sign that stands for both.
    private func examined(_ w: [Double]) -> EndPoint {
        let isTurned = glass.shape.order % 2 == 1 && glass.energy(at: w) > 0
        let search = StationarySearch(.newtonMR, maximumSteps: 10)
        let sphere = glass.onSphere
        return EndPoint(
            sphere, search.end(of: sphere, from: isTurned ? w.map { -$0 } : w), tolerance: search.tolerance)
    }

    private func seemsComplete(_ found: FoundEnds) -> Bool {
        guard let missed = CaptureRecapture(counts: found.counts).missed, missed.interval.upperBound < 0.5 else {
            return false
        }
        return MorseSums(found.ends.compactMap { $0.spectrum?.index.lowerBound }, of: glass.shape).canBeAll
    }
}

/// Where searches ended, each place once, with how many ended there.
private struct FoundEnds {
    private(set) var ends: [EndPoint] = []
    private(set) var counts: [Int] = []
    /// All of them one after the other, [ends, Λ]: what each search is compared with.
    private var rows: [Double] = []
    private let glass: SpinGlass
    /// Ends are one point within it, over ‖w‖, and within the second where one is degenerate: Newton's steps end as far
    /// from such a point.
    private static let (nearness, nearnessOfDegenerate) = (1e-9, 1e-5)

    init(_ glass: SpinGlass) { self.glass = glass }

    /// Counts w for an end that it is at, else takes it for a new one.
    mutating func add(_ w: [Double], _ examined: ([Double]) -> EndPoint) {
        if let place = place(of: w) {
            counts[place] += 1
        } else {
            ends.append(examined(w))
            counts.append(1)
            rows += ends[ends.count - 1].place.w
        }
    }

    /// Which end w is, or w with its sign turned.
    private func place(of w: [Double]) -> Int? {
        let (n, squares) = (w.count, glass.radius * glass.radius)
        return rows.withUnsafeBufferPointer { rows in
            guard let first = rows.baseAddress else { return nil }
            return ends.indices.first { k in
                let row = first + k * n
                let product = Double.dot(n, row, w)
                guard abs(product) > 0.999 * squares else { return false }
                let sign = product < 0 ? -1.0 : 1
                let apart = (0..<n).reduce(0) { $0 + (w[$1] - sign * row[$1]) * (w[$1] - sign * row[$1]) }
                let isDegenerate = ends[k].isDegenerate(order: glass.shape.order)
                let nearness = isDegenerate ? Self.nearnessOfDegenerate : Self.nearness
                return apart <= nearness * nearness * squares
            }
        }
    }
}
