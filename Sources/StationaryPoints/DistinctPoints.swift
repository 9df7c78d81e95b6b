import Statistics

/// The different stationary points among end points, each with how often it was found.
///
/// Two that may be one or two are kept apart and named, so that their number is an interval.
package struct DistinctPoints: Sendable {
    /// One of them.
    package struct Found: Sendable {
        /// Of the searches that ended here, the one with the smallest ‖g‖.
        package let point: EndPoint
        package fileprivate(set) var count = 1
        /// Others, by their places in `found`, that it may be the same as.
        package fileprivate(set) var maybe: [Int] = []
    }
    /// By value, then index.
    package let found: [Found]
    /// How many searches ended as what.
    package let verdicts: [EndPoint.Verdict: Int]

    /// Cost: a comparison for each end point with each point found.
    package init(_ ends: [EndPoint]) {
        verdicts = ends.reduce(into: [:]) { $0[$1.verdict, default: 0] += 1 }
        // The most exact ones come first, and stand for the others.
        let stationary = ends.enumerated().filter { $0.element.verdict == .stationary }.sorted {
            ($0.element.place.gradientNorm, $0.offset) < ($1.element.place.gradientNorm, $1.offset)
        }
        var found: [Found] = []
        var pairs: [(Int, Int)] = []
        for (_, end) in stationary {
            var unclear: [Int] = []
            let match = found.indices.first { k in
                let sameness = end.sameness(found[k].point)
                if sameness == .unclear { unclear.append(k) }
                return sameness == .same
            }
            if let match {
                found[match].count += 1
            } else {
                pairs += unclear.map { ($0, found.count) }
                found.append(Found(point: end))
            }
        }
        let order = found.indices.sorted {
            let (a, b) = (found[$0].point, found[$1].point)
            return (a.place.value, a.spectrum?.index.lowerBound ?? 0, $0) < (
                b.place.value, b.spectrum?.index.lowerBound ?? 0, $1
            )
        }
        var place = [Int](repeating: 0, count: found.count)
        for (new, old) in order.enumerated() { place[old] = new }
        var sorted = order.map { found[$0] }
        for (a, b) in pairs {
            sorted[place[a]].maybe.append(place[b])
            sorted[place[b]].maybe.append(place[a])
        }
        self.found = sorted
    }

    /// How many there are among those found: fewest if all that may be one are, most if none is.
    package var count: ClosedRange<Int> {
        var group = Array(found.indices)
        func root(_ k: Int) -> Int { group[k] == k ? k : root(group[k]) }
        for (k, point) in found.enumerated() {
            for other in point.maybe { group[root(k)] = root(other) }
        }
        return found.indices.count { group[$0] == $0 }...found.count
    }

    /// Σ (−1)^index over the points found; nil where an index is not clear, or points are not isolated.
    ///
    /// Over all stationary points of a function that grows in every direction, or on a sphere in n dimensions, it is the
    /// Euler characteristic, 1 or 1 + (−1)^(n−1): where it is another, points are missing. Source: Milnor 1963, Morse Theory, section 5.
    package var alternatingSum: Int? {
        guard count.lowerBound == count.upperBound,
            found.allSatisfy({ $0.point.spectrum.map { $0.isClear && $0.zeroModes == 0 } ?? false })
        else { return nil }
        return found.reduce(0) { $0 + (($1.point.spectrum?.index.lowerBound ?? 0) % 2 == 0 ? 1 : -1) }
    }

    /// How many such points the searches missed.
    package var missed: CaptureRecapture { CaptureRecapture(counts: found.map(\.count)) }
}
