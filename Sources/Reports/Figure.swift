/// A figure of a report: plain numbers, from which its CSV file and its drawings come.
public struct Figure: Sendable {
    /// Name of its files.
    public let id: String
    public let title: String
    public let caption: String
    public let content: Content

    public enum Content: Sendable {
        case curves(Curves)
        case map(Map)
        case surface(Map)
    }

    public init(id: String, title: String, caption: String, _ content: Content) {
        self.id = id
        self.title = title
        self.caption = caption
        self.content = content
    }
}

/// An axis with its unit in the label.
public struct Axis: Sendable {
    public let label: String
    public let isLogarithmic: Bool
    /// Of the ticks of a logarithmic axis: 10, or 2 for sizes that are doubled.
    public let base: Int

    public init(_ label: String, isLogarithmic: Bool = false, base: Int = 10) {
        self.label = label
        self.isLogarithmic = isLogarithmic
        self.base = base
    }
}

/// Several series over one axis.
public struct Curves: Sendable {
    public enum Style: String, Sendable { case line, dashed, points, marked }

    public struct Series: Sendable {
        public let name: String
        public let style: Style
        public let points: [(x: Double, y: Double)]

        public init(_ name: String, _ style: Style = .line, _ points: [(x: Double, y: Double)]) {
            self.name = name
            self.style = style
            self.points = points
        }
    }

    public let x: Axis
    public let y: Axis
    public let series: [Series]

    /// - Parameter series: those without a point that can be drawn are left out.
    public init(x: Axis, y: Axis, _ series: [Series]) {
        self.x = x
        self.y = y
        self.series = series.map { line in
            Series(
                line.name, line.style,
                line.points.filter { point in
                    point.x.isFinite && point.y.isFinite && (!x.isLogarithmic || point.x > 0)
                        && (!y.isLogarithmic || point.y > 0)
                })
        }.filter { !$0.points.isEmpty }
    }

    /// The series side by side over all x: an empty cell where one has no value.
    var table: [[String]] {
        var rows: [Double: [Double?]] = [:]
        for (column, line) in series.enumerated() {
            for point in line.points {
                rows[point.x, default: [Double?](repeating: nil, count: series.count)][column] = point.y
            }
        }
        // gnuplot knows no line within a line.
        let header = [[x.label] + series.map { $0.name.split(whereSeparator: \.isNewline).joined(separator: " ") }]
        return header
            + rows.sorted { $0.key < $1.key }.map { x, values in ["\(x)"] + values.map { $0.map { "\($0)" } ?? "" } }
    }
}

/// A value over a grid, [ys, xs] row-major.
public struct Map: Sendable {
    public let x: Axis
    public let y: Axis
    public let value: Axis
    public let xs: [Double]
    public let ys: [Double]
    public let values: [Double]
    /// What stands at the places of the grid in place of numbers; empty for the numbers themselves.
    public let names: (x: [String], y: [String])
    /// Range of the colors; that of the values where nil.
    public let range: ClosedRange<Double>?

    public init(
        x: Axis, y: Axis, value: Axis, xs: [Double], ys: [Double], values: [Double], range: ClosedRange<Double>? = nil
    ) {
        precondition(values.count == xs.count * ys.count, "a value for each place of the grid")
        self.x = x
        self.y = y
        self.value = value
        self.xs = xs
        self.ys = ys
        self.values = values
        self.range = range
        names = ([], [])
    }

    /// A grid of named places, evenly spaced.
    public init(
        x: Axis, y: Axis, value: Axis, xNames: [String], yNames: [String], values: [Double],
        range: ClosedRange<Double>? = nil
    ) {
        precondition(values.count == xNames.count * yNames.count, "a value for each place of the grid")
        (self.x, self.y, self.value, self.values, self.range) = (x, y, value, values, range)
        (xs, ys) = (xNames.indices.map(Double.init), yNames.indices.map(Double.init))
        names = (xNames, yNames)
    }

    /// First row the xs, first column the ys.
    var table: [[String]] {
        let header = [["\(xs.count)"] + xs.map { "\($0)" }]
        return header
            + ys.enumerated().map { row, y in
                ["\(y)"] + values[(row * xs.count)..<((row + 1) * xs.count)].map { "\($0)" }
            }
    }
}

extension Figure {
    /// Comma-separated, quoted where a text needs it (RFC 4180).
    var csv: String {
        let table: [[String]] =
            switch content {
            case .curves(let curves): curves.table
            case .map(let map), .surface(let map): map.table
            }
        return csvText(table)
    }
}
