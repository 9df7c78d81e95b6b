import LinearAlgebra

/// Numbers of a text, one sample a line, with one separator a file.
public struct CSVReader: Sendable {
    /// Which columns are not inputs.
    public enum AnswerColumns: Sendable, Equatable {
        case firstLabel, lastLabel
        /// The last K columns are real targets.
        case lastTargets(Int)

        var count: Int {
            switch self {
            case .firstLabel, .lastLabel: 1
            case .lastTargets(let count): count
            }
        }
    }

    public let path: String
    public let answers: AnswerColumns
    /// What the answers are; nil for classes in a label's column and values in columns of targets.
    public let kind: AnswerKind?
    public let dialect: CSVDialect

    public init(path: String, answers: AnswerColumns, as kind: AnswerKind? = nil, _ dialect: CSVDialect = CSVDialect())
    {
        self.path = path
        self.answers = answers
        self.kind = kind
        self.dialect = dialect
    }

    /// - Throws: `DatasetError` for a file that can't be read in one way only.
    public func read() throws -> RawSamples {
        try samples(CSVTable(FileBytes(path), dialect))
    }

    /// The digits that ship with the project.
    static func builtInDigits() throws -> RawSamples {
        let file = try FileBytes(builtInDigits: ())
        return try CSVReader(path: file.path, answers: .lastLabel).samples(CSVTable(file, CSVDialect()))
    }

    private func samples(_ table: CSVTable) throws -> RawSamples {
        guard table.columns > answers.count else {
            throw DatasetError("\(path): expected more than \(answers.count) columns, found \(table.columns)")
        }
        let (x, y) = split(table)
        let isLabel = if case .lastTargets = answers { false } else { true }
        let array = NumericArray(
            shape: isLabel ? [table.rows] : [table.rows, answers.count], values: y, typeName: "text", isInteger: false)
        let (known, remark) = try array.answers(as: kind ?? (isLabel ? nil : .values), path)
        return RawSamples(inputs: x, shape: [x.columns], answers: known, remarks: table.remarks + [remark])
    }

    private func split(_ table: CSVTable) -> (inputs: Matrix<Double>, answers: Matrix<Double>) {
        let inputs = table.columns - answers.count
        let x = Matrix<Double>(table.rows, inputs)
        let y = Matrix<Double>(table.rows, answers.count)
        let firstInput = answers == .firstLabel ? 1 : 0
        let firstAnswer = answers == .firstLabel ? 0 : inputs
        table.numbers.withUnsafeBufferPointer { numbers in
            for r in 0..<table.rows {
                let row = r * table.columns
                for c in 0..<inputs { x[r, c] = numbers[row + firstInput + c] }
                for c in 0..<answers.count { y[r, c] = numbers[row + firstAnswer + c] }
            }
        }
        return (x, y)
    }
}
