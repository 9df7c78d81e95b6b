/// How far the loss rises along a curve above the straight line between the losses at its ends,
///
///     B = max_t e(t),   e(t) = L(w(t)) − (1 − t) L(w(0)) − t L(w(1))     (Entezari, Sedghi, Saukh, Neyshabur 2022, definition 2.1)
///
/// and whether that is told from rounding and from what may lie between the points.
package struct Barrier: Sendable {
    /// Whether there is one.
    package enum Verdict: String, Sendable {
        /// At some point the loss is above the line by more than rounding.
        case present
        /// At no point, and between them by no more than rounding, as far as second differences tell.
        case noneSeen = "none seen"
        case undecided = "can't tell"
    }

    /// The loss at a point of the curve.
    package struct Point: Sendable, Equatable {
        package let t: Double
        package let loss: Double
        /// By how much rounding moves it.
        package let error: Double

        package init(t: Double, loss: Double, error: Double) { (self.t, self.loss, self.error) = (t, loss, error) }
    }

    /// Those given and those added, by t.
    package let points: [Point]
    /// max e over the points, at least 0: a lower bound on B, but for rounding.
    package let height: Double
    /// Where it is.
    package let place: Double
    /// What e may come to between the points: on each interval the larger of its ends, and h²/8 times the curvature of the
    /// second differences there, where they bend down. Kinks and peaks narrower than an interval are not in it.
    package let bound: Double
    /// By how much rounding moves e, about.
    package let error: Double

    package var verdict: Verdict {
        guard height.isFinite, bound.isFinite, error.isFinite else { return .undecided }
        return height > error ? .present : bound <= error ? .noneSeen : .undecided
    }

    /// First the grid is doubled on both sides of its highest point, then where the bound is largest, until it is settled.
    ///
    /// - Parameters:
    ///   - grid: at least three points by t, from 0 to 1.
    ///   - most: points that are added then.
    ///   - loss: F at w(t); nil where no point is added.
    package init(_ grid: [Point], adding most: Int = 0, loss: ((Double) -> Point)? = nil) {
        var rises = Rises(grid)
        if let loss {
            let highest = rises.highest
            for interval in [highest, highest - 1] where rises.bounds.indices.contains(interval) {
                rises = rises.halved(interval, loss)
            }
            for _ in 0..<most where !rises.isSettled { rises = rises.halved(rises.worst, loss) }
        }
        points = rises.points
        (height, place, error) = (rises.height, rises.place, rises.error)
        bound = rises.bounds.reduce(height) { max($0, $1) }
    }
}

/// e at points by t.
private struct Rises {
    let points: [Barrier.Point]
    private let e: [Double]
    let error: Double
    /// For each interval between points.
    let bounds: [Double]

    init(_ points: some Sequence<Barrier.Point>) {
        let points = Array(points)
        let (first, last) = (points[0], points[points.count - 1])
        let e = points.map { $0.loss - (1 - $0.t) * first.loss - $0.t * last.loss }
        let bends = points.indices.map { Self.bend(at: $0, points, e) }
        bounds = points.indices.dropLast().map { i in
            let h = points[i + 1].t - points[i].t
            return max(e[i], e[i + 1]) + h * h / 8 * max(bends[i], bends[i + 1])
        }
        let errors = points.map { $0.error + (1 - $0.t) * first.error + $0.t * last.error }
        error = errors.allSatisfy(\.isFinite) ? errors.max() ?? 0 : .infinity
        (self.points, self.e) = (points, e)
    }

    /// −e'' by second differences, where that is positive; 0 at the ends, which have no two neighbours.
    private static func bend(at i: Int, _ points: [Barrier.Point], _ e: [Double]) -> Double {
        guard i > 0, i < points.count - 1 else { return 0 }
        let (left, right) = (points[i].t - points[i - 1].t, points[i + 1].t - points[i].t)
        let second = ((e[i + 1] - e[i]) / right - (e[i] - e[i - 1]) / left) * 2 / (left + right)
        return max(-second, 0)
    }

    var highest: Int { e.indices.max { e[$0] < e[$1] } ?? 0 }
    var height: Double { e.allSatisfy(\.isFinite) ? max(e[highest], 0) : .infinity }
    var place: Double { points[highest].t }
    /// The interval with the largest bound.
    var worst: Int { bounds.indices.max { bounds[$0] < bounds[$1] } ?? 0 }
    /// Whether more points would change little: to 1 % of the height, or to rounding.
    var isSettled: Bool { !height.isFinite || bounds[worst] <= max(error, 1.01 * height) }

    func halved(_ interval: Int, _ loss: (Double) -> Barrier.Point) -> Rises {
        let middle = loss(0.5 * (points[interval].t + points[interval + 1].t))
        return Rises(points[...interval] + [middle] + points[(interval + 1)...])
    }
}
