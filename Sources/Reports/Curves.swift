/// Several series over one axis.
///
/// No two look alike, in color or in grey. Up to `mostColors` have a color, a dash and a mark of their own. Up to `mostListed`
/// take theirs from an ordered range, dark to light, in the order in which they are given, thinner, each still in the key.
/// More, up to some hundreds, are thin lines without a key: a bar above the plot says which colors are the first and the last, so
/// give them in an order that means something, by width or by loss, and say in the caption what it is. Their CSV file is long, a
/// line a point. All are drawn within gnuplot's time where each has 600 points or fewer.
package struct Curves: Sendable {
    package enum Style: String, Sendable { case line, dashed, points, marked }

    package struct Series: Sendable {
        package let name: String
        package let style: Style
        package let points: [(x: Double, y: Double)]
        /// An interval for each point; empty for none.
        package let bars: [ClosedRange<Double>]
        /// The name of the series whose color it has, as a fit has that of its data; its own where nil.
        package let family: String?
        /// Whether the key has it.
        package let isListed: Bool

        package init(
            _ name: String, _ style: Style = .line, _ points: [(x: Double, y: Double)],
            bars: [ClosedRange<Double>] = [], of family: String? = nil, isListed: Bool = true
        ) {
            precondition(bars.isEmpty || bars.count == points.count, "an interval for each point")
            self.name = name
            self.style = style
            self.points = points
            self.bars = bars
            self.family = family
            self.isListed = isListed
        }

        /// Without what its axes can't show.
        fileprivate func shown(_ x: Axis, _ y: Axis) -> Series {
            let kept = points.indices.filter { x.shows(points[$0].x) && y.shows(points[$0].y) }
            let intervals = kept.compactMap { place -> ClosedRange<Double>? in
                guard !bars.isEmpty else { return nil }
                let (middle, bar) = (points[place].y, bars[place])
                let low = y.shows(bar.lowerBound) ? min(bar.lowerBound, middle) : middle
                return low...(y.shows(bar.upperBound) ? max(bar.upperBound, middle) : middle)
            }
            return Series(
                name, style, kept.map { points[$0] }, bars: intervals, of: family, isListed: isListed)
        }
    }

    package let x: Axis
    package let y: Axis
    package let series: [Series]

    /// Curves with colors of their own, and with a line in the key.
    package static let mostColors = 8
    package static let mostListed = 24

    /// - Parameter series: those without a point that can be drawn are left out.
    package init(x: Axis, y: Axis, _ series: [Series]) {
        self.x = x
        self.y = y
        self.series = series.map { $0.shown(x, y) }.filter { !$0.points.isEmpty }
    }

    /// Whether there are more than a key can list.
    var isCrowd: Bool { series.count { $0.isListed } > Self.mostListed }

    var table: [[String]] { isCrowd ? longTable : wideTable }

    /// The series side by side over all x: an empty cell where one has no value, and columns for the ends of its bars.
    private var wideTable: [[String]] {
        /// A second value at one x goes to another row.
        struct Key: Hashable {
            let x: Double
            let turn: Int
        }
        var rows: [Key: [Double?]] = [:]
        let width = columns.last?.end ?? 0
        for (line, place) in zip(series, columns) {
            var turns: [Double: Int] = [:]
            for (index, point) in line.points.enumerated() {
                let key = Key(x: point.x, turn: turns[point.x, default: 0])
                turns[point.x, default: 0] += 1
                var row = rows[key] ?? [Double?](repeating: nil, count: width)
                row[place.start] = point.y
                if !line.bars.isEmpty {
                    row[place.start + 1] = line.bars[index].lowerBound
                    row[place.start + 2] = line.bars[index].upperBound
                }
                rows[key] = row
            }
        }
        let names = series.flatMap { line in
            [line.name] + (line.bars.isEmpty ? [] : [line.name + ", low", line.name + ", high"])
        }
        let sorted = rows.sorted { ($0.key.x, $0.key.turn) < ($1.key.x, $1.key.turn) }
        return [([x.label] + names).map(Self.title)]
            + sorted.map { key, values in ["\(key.x)"] + values.map { $0.map { "\($0)" } ?? "" } }
    }

    /// Where each series begins and ends among the columns of values.
    var columns: [(start: Int, end: Int)] {
        series.reduce(into: []) { places, line in
            let start = places.last?.end ?? 0
            places.append((start, start + (line.bars.isEmpty ? 1 : 3)))
        }
    }

    /// A line a point; a line without numbers ends a curve.
    private var longTable: [[String]] {
        [["number", "curve", x.label, y.label].map(Self.title)]
            + series.enumerated().flatMap { index, line in
                let head = ["\(index + 1)", Self.title(line.name)]
                return line.points.map { head + ["\($0.x)", "\($0.y)"] } + [head + ["NaN", "NaN"]]
            }
    }

    /// gnuplot knows no line within a line.
    private static func title(_ text: String) -> String {
        Typesetting.plain(text).split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
