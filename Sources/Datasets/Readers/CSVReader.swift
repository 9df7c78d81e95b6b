import Glibc
import LinearAlgebra

/// Comma-separated numbers, one sample a line; a first line without any number is skipped as titles.
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

    public init(path: String, answers: AnswerColumns) {
        self.path = path
        self.answers = answers
    }

    public func read() throws -> RawSamples {
        var (numbers, columns) = try table()
        guard columns > answers.count else {
            throw DatasetError("\(path): expected more than \(answers.count) columns, found \(columns)")
        }
        let rows = numbers.count / columns
        let inputs = columns - answers.count
        let x = Matrix<Double>(rows, inputs)
        let y = Matrix<Double>(rows, answers.count)
        let firstInput = answers == .firstLabel ? 1 : 0
        let firstAnswer = answers == .firstLabel ? 0 : inputs
        numbers.withUnsafeMutableBufferPointer { buffer in
            for (r, row) in stride(from: 0, to: buffer.count, by: columns).enumerated() {
                for c in 0..<inputs { x[r, c] = buffer[row + firstInput + c] }
                for c in 0..<answers.count { y[r, c] = buffer[row + firstAnswer + c] }
            }
        }
        guard case .lastTargets = answers else {
            return RawSamples(inputs: x, shape: [inputs], answers: .labels(try integerLabels(y.entries, path)))
        }
        return RawSamples(inputs: x, shape: [inputs], answers: .targets(y))
    }

    /// All numbers, row after row, and the number of columns.
    private func table() throws -> ([Double], Int) {
        let text = try FileBytes(path).rest() + [0]
        var numbers: [Double] = []
        var columns = 0
        var line = 1
        try text.withUnsafeBufferPointer { bytes in
            // Excel begins a file with a byte order mark.
            var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            while position < bytes.count - 1 {
                let end = bytes[position...].firstIndex(of: 10) ?? bytes.count - 1
                let row = parseLine(bytes, position, end)
                switch row {
                case .numbers(let values):
                    if columns == 0 { columns = values.count }
                    guard values.count == columns else {
                        throw DatasetError(
                            "\(path): line \(line): expected \(columns) values, found \(values.count)")
                    }
                    numbers += values
                case .blank: break
                case .names where columns == 0 && line == 1: break
                case .names, .notANumber:
                    let (column, word) = row.firstWord
                    throw DatasetError(
                        "\(path): line \(line), column \(column): expected a finite number, found \"\(word)\"")
                }
                position = end + 1
                line += 1
            }
        }
        guard !numbers.isEmpty else { throw DatasetError("\(path): holds no samples") }
        return (numbers, columns)
    }

    private enum Line {
        case blank
        case numbers([Double])
        /// No cell is a number: column titles.
        case names(first: String)
        case notANumber(column: Int, word: String)

        var firstWord: (Int, String) {
            switch self {
            case .names(let first): (1, first)
            case .notANumber(let column, let word): (column, word)
            case .blank, .numbers: (0, "")
            }
        }
    }

    private func parseLine(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Line {
        var values: [Double?] = []
        var words: [String] = []
        var position = start
        let last = end > start && bytes[end - 1] == 13 ? end - 1 : end
        if bytes[start..<last].allSatisfy({ $0 == 32 || $0 == 9 }) { return .blank }
        while position <= last {
            let cell = bytes[position..<last].firstIndex { $0 == 44 || $0 == 59 } ?? last
            let value = number(bytes, position, cell)
            if value == nil { words.append(String(decoding: bytes[position..<cell], as: UTF8.self)) }
            values.append(value)
            position = cell + 1
        }
        guard let column = values.firstIndex(of: nil) else { return .numbers(values.compactMap { $0 }) }
        let hasNumber = values.contains { $0 != nil } || words.contains { Double($0) != nil }
        return hasNumber ? .notANumber(column: column + 1, word: words[0]) : .names(first: words[0])
    }

    /// The finite number that fills a cell, spaces aside.
    private func number(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Double? {
        var first = start
        var last = end
        while first < last, bytes[first] == 32 || bytes[first] == 9 { first += 1 }
        while last > first, bytes[last - 1] == 32 || bytes[last - 1] == 9 { last -= 1 }
        guard first < last, let base = bytes.baseAddress else { return nil }
        return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) { text in
            var stop: UnsafeMutablePointer<CChar>?
            let value = strtod(text + first, &stop)
            return stop == UnsafeMutablePointer(mutating: text + last) && value.isFinite ? value : nil
        }
    }
}

/// Labels from numbers, each of which has to be an integer.
func integerLabels(_ values: [Double], _ path: String) throws -> [Int] {
    try values.enumerated().map { index, value in
        guard let label = Int(exactly: value) else {
            throw DatasetError("\(path): sample \(index): expected an integer label, found \(value)")
        }
        return label
    }
}
