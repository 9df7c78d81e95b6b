import Statistics

/// The different stationary points among end points, each with how often it was found.
///
/// Two that may be one or two are kept apart and named, so that their number is an interval.
package struct DistinctPoints {
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

    /// The place in `found` of each end point; nil for those that are not stationary.
    package let places: [Int?]
    private let symmetries: Symmetries

    /// Cost: a comparison for each end point with each point found.
    /// - Parameter symmetries: images of a point count as that point.
    package init(_ ends: [EndPoint], modulo symmetries: Symmetries = .none) {
        self.symmetries = symmetries
        verdicts = ends.reduce(into: [:]) { $0[$1.verdict, default: 0] += 1 }
        // The most exact ones come first, and stand for the others.
        let stationary = ends.enumerated().filter { $0.element.verdict == .stationary }.sorted {
            ($0.element.place.gradientNorm, $0.offset) < ($1.element.place.gradientNorm, $1.offset)
        }
        var (gathered, owners) = Self.gathered(stationary.map(\.element), symmetries)
        let place = Self.sort(&gathered)
        found = gathered
        var places = [Int?](repeating: nil, count: ends.count)
        for (end, owner) in zip(stationary, owners) { places[end.offset] = place[owner] }
        self.places = places
    }

    /// Each end point counted for the first that it is the same as, else a point of its own; and which one that is.
    private static func gathered(_ ends: [EndPoint], _ symmetries: Symmetries) -> ([Found], owners: [Int]) {
        var (found, owners): ([Found], [Int]) = ([], [])
        for end in ends {
            var unclear: [Int] = []
            let match = found.indices.first { k in
                let sameness = end.sameness(found[k].point, symmetries)
                if sameness == .unclear { unclear.append(k) }
                return sameness == .same
            }
            if let match {
                found[match].count += 1
            } else {
                for k in unclear { found[k].maybe.append(found.count) }
                found.append(Found(point: end, maybe: unclear))
            }
            owners.append(match ?? found.count - 1)
        }
        return (found, owners)
    }

    /// By value, then index, with places in `maybe` that follow.
    /// - Returns: the new place of each.
    private static func sort(_ found: inout [Found]) -> [Int] {
        let order = found.indices.sorted {
            let (a, b) = (found[$0].point, found[$1].point)
            return (a.place.value, a.lowestIndex, $0) < (b.place.value, b.lowestIndex, $1)
        }
        var place = [Int](repeating: 0, count: found.count)
        for (new, old) in order.enumerated() { place[old] = new }
        found = order.map { old in
            var point = found[old]
            point.maybe = point.maybe.map { place[$0] }.sorted()
            return point
        }
        return place
    }

    /// How many there are among those found: fewest if all that may be one are, most if none is.
    package var count: ClosedRange<Int> {
        var group = Array(found.indices)
        func root(_ k: Int) -> Int {
            var k = k
            while group[k] != k { (group[k], k) = (group[group[k]], group[k]) }
            return k
        }
        for (k, point) in found.enumerated() {
            for other in point.maybe { group[root(k)] = root(other) }
        }
        return found.indices.count { group[$0] == $0 }...found.count
    }

    /// Σ (−1)^index over the points found with all their images; nil where an index or a number of images is not clear,
    /// or points are not isolated, and beyond `Int`.
    ///
    /// Over all stationary points of a function that grows in every direction, or on a sphere in n dimensions, it is
    /// the Euler characteristic, 1 or 1 + (−1)^(n−1): where it is another, points are missing. Source: Milnor 1963,
    /// Morse Theory, section 5.
    package var alternatingSum: Int? {
        guard count.lowerBound == count.upperBound else { return nil }
        var sum = 0
        for point in found.map(\.point) {
            guard let spectrum = point.spectrum, spectrum.isClear, spectrum.zeroModes == 0,
                let images = symmetries.images(point.place.w, point.reach)
            else { return nil }
            let (next, overflows) = sum.addingReportingOverflow(point.lowestIndex % 2 == 0 ? images : -images)
            guard !overflows else { return nil }
            sum = next
        }
        return sum
    }

    /// How many such points the searches missed; nil where it is not clear which of those found are one.
    package var missed: CaptureRecapture? {
        count.lowerBound == count.upperBound ? CaptureRecapture(counts: found.map(\.count)) : nil
    }
}

extension EndPoint {
    /// The number of eigenvalues that are clearly negative; 0 without a spectrum.
    fileprivate var lowestIndex: Int { spectrum?.index.lowerBound ?? 0 }
}
