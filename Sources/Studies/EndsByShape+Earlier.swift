import Console
import Statistics

/// Ends beside those of an earlier measurement.
extension EndsByShape {
    /// F by depth and width, on data that were not kept: 60 samples whose Jacobian has rank 6 for each ReLU unit of one layer, which
    /// those of 6 dimensions have, and ‖Y‖²/2 near 30. Given to 0.1 or 0.01; 0 at width 16.
    static let earlier: [(depth: Double, losses: [(width: Double, loss: Double)])] = [
        (1, [(2, 25.0), (4, 15.0), (8, 4.45), (16, 0)]),
        (2, [(2, 26.2), (4, 15.3), (8, 0.26), (16, 0)]),
        (3, [(2, 27.7), (4, 17.2), (8, 0.34), (16, 0)]),
    ]

    /// A line for each of them: whether it is where the end of one more run on one more set of data lies.
    func besideEarlier() -> [StudyComparison] {
        Self.earlier.flatMap { row in
            row.losses.map { width, loss in
                let own = ends.filter { $0.depth == row.depth && $0.width == width }.map(\.minimum.loss)
                return Self.beside(
                    loss, own, "relu: F at depth \(Int(row.depth)), width \(Int(width))")
            }
        }
    }

    /// An earlier end beside those of other sets of data: it agrees where one more of them lies with 99 %, differs where it is as far from
    /// their mean as that interval is long, and can't be told between.
    package static func beside(_ loss: Double, _ own: [Double], _ quantity: String) -> StudyComparison {
        let claim = "\(shown(loss)) before"
        guard let one = Estimate(ofRuns: own) else {
            return StudyComparison(quantity, claim: claim, nil, .cannotTell, "fewer than two ends")
        }
        let (low, high) = (max(one.interval.lowerBound, 0), max(one.interval.upperBound, 0))
        let spread = Estimate(value: one.value, interval: low...high)
        // Half of the last digit that is given.
        let isInside = loss >= low - 0.005 && loss <= high + 0.005
        let isFar = abs(loss - one.value) > one.interval.upperBound - one.interval.lowerBound
        return StudyComparison(
            quantity, claim: claim, spread, isInside ? .holds : isFar ? .fails : .cannotTell,
            "\(counted(own.count, "set")) of data end from \(shown(own.min() ?? 0)) to \(shown(own.max() ?? 0))")
    }
}
