/// A value over a grid, [ys, xs] row-major.
package struct Map: Sendable {
    package let x: Axis
    package let y: Axis
    package let value: Axis
    package let xs: [Double]
    package let ys: [Double]
    package let values: [Double]
    /// What stands at the places of the grid in place of numbers; empty for the numbers themselves.
    package let names: (x: [String], y: [String])
    /// Range of the colors; that of the values where nil.
    package let range: ClosedRange<Double>?

    package init(
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

    /// A grid of named places, evenly spaced: cells with a white line between them, and their values in them.
    package init(
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
