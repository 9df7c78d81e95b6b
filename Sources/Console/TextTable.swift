/// A table of text that fits a terminal.
///
/// Columns are as wide as their widest cell. Where that is too much, columns that may be left out are, the last first; texts
/// that may be broken go on below themselves; and columns that still have no room go on in an indented line, titles and cells
/// alike. Numbers are never broken; a word that is longer than a line loses its middle.
package struct TextTable {
    package struct Column: Sendable {
        package let title: String
        package let isNumber: Bool
        package let isOptional: Bool
        package let least: Int?
        package let width: Int

        private init(_ title: String, isNumber: Bool, isOptional: Bool, least: Int?, width: Int) {
            (self.title, self.isNumber, self.isOptional) = (title, isNumber, isOptional)
            (self.least, self.width) = (least, width)
        }

        /// A column of words or names.
        /// - Parameters:
        ///   - least: characters that it needs at least, where its cells may be broken at spaces.
        ///   - isOptional: whether it may be left out.
        ///   - width: that of its cells, where they are not known beforehand.
        package static func text(_ title: String, least: Int? = nil, isOptional: Bool = false, width: Int = 0) -> Column
        {
            Column(title, isNumber: false, isOptional: isOptional, least: least, width: width)
        }

        /// A column of numbers, at its right edge.
        package static func number(_ title: String, isOptional: Bool = false, width: Int = 0) -> Column {
            Column(title, isNumber: true, isOptional: isOptional, least: nil, width: width)
        }
    }

    private let columns: [Column]
    private let rows: [[String]]
    private let indent: Int
    private let natural: [Int]
    private static let gap = 2

    /// - Parameters:
    ///   - rows: a cell a column; none where rows are printed as they come.
    ///   - indent: spaces before each line.
    package init(_ columns: [Column], _ rows: [[String]] = [], indent: Int = 0) {
        (self.columns, self.rows, self.indent) = (columns, rows, indent)
        natural = columns.indices.map { column in
            rows.reduce(max(columns[column].title.count, columns[column].width)) { max($0, $1[column].count) }
        }
    }

    /// Titles and rows in lines of at most `width` characters.
    package func lines(width: Int) -> [String] { titles(width: width) + rows.flatMap { lines(of: $0, width: width) } }

    /// The titles; no line where there are none.
    package func titles(width: Int) -> [String] { lines(of: columns.map(\.title), width: width) }

    /// One row.
    package func lines(of row: [String], width: Int) -> [String] {
        layout(width).flatMap { band -> [String] in
            let cells = band.map { broken(row[$0.column], to: $0.width) }
            let isEmpty = cells.allSatisfy { $0.allSatisfy(\.isEmpty) }
            return isEmpty ? [] : (0..<(cells.map(\.count).max() ?? 0)).map { line(band, cells, $0) }
        }
    }

    /// Where a column stands in its line.
    private struct Place {
        let column: Int
        var start: Int
        var width: Int
    }

    private func line(_ band: [Place], _ cells: [[String]], _ index: Int) -> String {
        var line = ""
        for (place, cell) in zip(band, cells) where index < cell.count && !cell[index].isEmpty {
            let room = columns[place.column].isNumber ? place.width - cell[index].count : 0
            line += String(repeating: " ", count: max(place.start + room - line.count, 0)) + cell[index]
        }
        return line
    }

    private func broken(_ cell: String, to width: Int) -> [String] {
        guard cell.count > width else { return [cell] }
        return wrapped(cell, columns: width).map { shortened($0, to: width) }
    }

    /// The columns of each line.
    private func layout(_ width: Int) -> [[Place]] {
        var bands: [[Place]] = []
        for column in shown(width) {
            let needed = min(needed(column), max(width - indent - 2 * Self.gap, 1))
            if let last = bands.last?.last, last.start + last.width + Self.gap + needed <= width {
                bands[bands.count - 1].append(
                    Place(column: column, start: last.start + last.width + Self.gap, width: needed))
            } else {
                bands.append([
                    Place(column: column, start: bands.isEmpty ? indent : indent + 2 * Self.gap, width: needed)
                ])
            }
        }
        return bands.map { grown($0, width) }
    }

    private func needed(_ column: Int) -> Int { min(natural[column], columns[column].least ?? .max) }

    /// Without the optional columns for which one line has no room.
    private func shown(_ width: Int) -> [Int] {
        var shown = Array(columns.indices)
        func room() -> Int { indent + shown.reduce(0) { $0 + needed($1) } + Self.gap * (shown.count - 1) }
        while room() > width, let last = shown.last(where: { columns[$0].isOptional }) {
            shown.removeAll { $0 == last }
        }
        return shown
    }

    /// What is left of a line goes to the columns that could do with more, the first first.
    private func grown(_ band: [Place], _ width: Int) -> [Place] {
        guard let last = band.last else { return band }
        var left = width - last.start - last.width
        var shift = 0
        return band.map { place in
            var place = place
            let more = min(max(natural[place.column] - place.width, 0), max(left, 0))
            place.start += shift
            place.width += more
            (left, shift) = (left - more, shift + more)
            return place
        }
    }
}
