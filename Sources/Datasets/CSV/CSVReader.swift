import Files
import LinearAlgebra

/// Numbers of a text, one sample a line, with one separator a file.
package struct CSVReader: Sendable {
    /// Which columns are not inputs.
    package enum TargetColumns: Sendable, Equatable {
        case firstLabel, lastLabel
        /// A label in a column of the file, from 1.
        case label(Int)
        /// The last K columns are real targets.
        case lastTargets(Int)

        var count: Int {
            switch self {
            case .firstLabel, .lastLabel, .label: 1
            case .lastTargets(let count): count
            }
        }
    }

    package let path: String
    package let targets: TargetColumns
    /// What the targets are; nil for classes in a label's column and values in columns of targets.
    package let kind: TargetKind?
    package let dialect: CSVDialect

    package init(path: String, targets: TargetColumns, as kind: TargetKind? = nil, _ dialect: CSVDialect = CSVDialect())
    {
        self.path = path
        self.targets = targets
        self.kind = kind
        self.dialect = dialect
    }

    /// - Throws: `DatasetError` for a file that can't be read in one way only.
    package func read() throws -> RawSamples {
        try samples(CSVTable(FileBytes(path), dialect))
    }

    /// The digits that ship with the project.
    static func builtInDigits() throws -> RawSamples {
        let file = try FileBytes(builtInDigits: ())
        return try CSVReader(path: file.path, targets: .lastLabel).samples(CSVTable(file, CSVDialect()))
    }

    private func samples(_ table: CSVTable) throws -> RawSamples {
        guard table.columns > targets.count else {
            throw DatasetError("\(path): expected more than \(targets.count) columns, found \(table.columns)")
        }
        let taken = try answerColumns(table)
        let (x, y) = split(table, taken)
        let isLabel = if case .lastTargets = targets { false } else { true }
        let array = NumericArray(
            shape: isLabel ? [table.rows] : [table.rows, targets.count], values: y, typeName: "text", isInteger: false)
        let (known, remark) = try array.targets(
            as: kind ?? (isLabel ? nil : .values), path, remedy: targetRemedy(table, taken))
        var samples = RawSamples(
            inputs: x, shape: [x.columns], targets: known, remarks: table.remarks + table.labelRemarks(taken) + [remark]
        )
        samples.titles = table.titles
        return samples
    }

    /// What is said where the column of labels holds none: which columns there are, and how many of them are targets.
    private func targetRemedy(_ table: CSVTable, _ taken: Range<Int>) -> String {
        let kept = (1...(table.columns + table.skipped.count)).filter { !table.skipped.contains($0) }
        let names = kept.map { column in
            table.titles.map { "\(column) (\(excerpt($0[column - 1], 20)))" } ?? "\(column)"
        }
        let list = names.count > 8 ? names.prefix(4) + ["…"] + names.suffix(3) : names[...]
        return
            "the label was taken from column \(kept[taken.lowerBound]); data.target_columns: 1 takes the last column as a "
            + "real target, K the last K. Columns are \(list.joined(separator: ", "))"
    }

    /// Where the targets are among the columns that are kept.
    private func answerColumns(_ table: CSVTable) throws -> Range<Int> {
        switch targets {
        case .firstLabel: return 0..<1
        case .lastLabel: return (table.columns - 1)..<table.columns
        case .lastTargets(let count): return (table.columns - count)..<table.columns
        case .label(let column):
            let kept = (1...(table.columns + table.skipped.count)).filter { !table.skipped.contains($0) }
            guard let place = kept.firstIndex(of: column) else {
                throw DatasetError(
                    "\(path): data.label_column: expected a column that is read, 1 to \(kept.last ?? 1), found \(column)"
                )
            }
            return place..<(place + 1)
        }
    }

    private func split(_ table: CSVTable, _ taken: Range<Int>) -> (
        inputs: MatrixBuffer<Double>, targets: MatrixBuffer<Double>
    ) {
        let x = MatrixBuffer<Double>(table.rows, table.columns - taken.count)
        let y = MatrixBuffer<Double>(table.rows, taken.count)
        table.numbers.withUnsafeBufferPointer { numbers in
            for r in 0..<table.rows {
                let row = numbers.baseAddress.map { $0 + r * table.columns }
                guard let row else { return }
                for c in 0..<taken.lowerBound { x[r, c] = row[c] }
                for c in taken { y[r, c - taken.lowerBound] = row[c] }
                for c in taken.upperBound..<table.columns { x[r, c - taken.count] = row[c] }
            }
        }
        return (x, y)
    }
}
