import StationaryPoints
import Statistics

/// The stationary points of a spin glass that searches found, up to the sign of w, and whether they can be all.
package struct SpinPoints: Sendable {
    /// Whether there are others.
    package enum Standing: String, Sendable, CaseIterable {
        /// As many as there can be, and none is degenerate: there are no others.
        case complete
        /// Nothing says that some are missing.
        case cannotTell = "can't tell"
        /// The sums of Morse, or the parity, are not those of all points.
        case incomplete
        /// More than there can be, though none is degenerate: an error of this program.
        case aboveBound = "above the bound"
    }

    package let shape: SpinShape
    /// By energy.
    package let points: [SpinPoint]
    /// How many different ones: an interval where two may be one.
    package let count: ClosedRange<Int>
    package let searches: Int
    /// How many of them ended nowhere.
    package let lost: Int
    /// How many points they missed; nil where finds can't tell.
    package let missed: Estimate?
    /// nil where an index, or how many points there are, is not clear.
    package let sums: MorseSums?
    package let standing: Standing

    /// - Parameters:
    ///   - ends: where searches ended, each once.
    ///   - counts: how many ended there.
    package init(_ shape: SpinShape, _ ends: [EndPoint], _ counts: [Int], searches: Int, lost: Int) {
        (self.shape, self.searches, self.lost) = (shape, searches, lost)
        let distinct = DistinctPoints(ends, modulo: .signs)
        var timesFound = [Int](repeating: 0, count: distinct.found.count)
        for (place, count) in zip(distinct.places, counts) {
            if let place { timesFound[place] += count }
        }
        let certain = zip(distinct.found, timesFound).map { SpinPoint($0.point, order: shape.order, timesFound: $1) }
        let others = zip(ends, counts).filter { $0.0.verdict != .stationary }.map {
            SpinPoint($0, order: shape.order, timesFound: $1)
        }
        points = (certain + others).sorted { $0.energy < $1.energy }
        count = distinct.count
        let isClear = others.isEmpty && count.lowerBound == count.upperBound && !certain.contains(where: \.isDegenerate)
        missed = isClear ? CaptureRecapture(counts: timesFound).missed : nil
        let sums = isClear ? MorseSums(certain.map(\.index.lowerBound), of: shape) : nil
        self.sums = sums
        standing = Self.standing(count, sums, isRegular: !points.contains(where: \.isDegenerate), bound: shape.bound)
    }

    private static func standing(
        _ count: ClosedRange<Int>, _ sums: MorseSums?, isRegular: Bool, bound: Int
    ) -> Standing {
        if count.lowerBound > bound, isRegular { return .aboveBound }
        guard let sums else { return .cannotTell }
        if !sums.canBeAll { return .incomplete }
        return count.lowerBound == bound ? .complete : .cannotTell
    }

    /// Degenerate ones, for which neither sums nor the bound hold.
    package var degenerate: [SpinPoint] { points.filter(\.isDegenerate) }
}

extension Symmetries {
    /// w and −w.
    fileprivate static var signs: Symmetries {
        Symmetries(
            isExact: true, images: { _, _ in 2 },
            nearest: { w, other in
                zip(w, other).reduce(0) { $0 + $1.0 * $1.1 } < 0 ? w.map { -$0 } : w
            })
    }
}
