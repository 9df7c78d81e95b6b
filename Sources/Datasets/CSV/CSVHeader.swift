/// What the first line of a CSV file is: titles, or the first sample.
enum CSVHeader {
    case titles(Remark?)
    case sample

    /// Words are titles. Numbers that count up by one from 0 or 1 are titles too, as pandas writes those of columns
    /// without names; where a sample is as likely, the file is refused.
    /// - Parameters:
    ///   - cells: the first line's, as text and as numbers where they are.
    ///   - line: the file and the line's number.
    /// - Throws: `DatasetError` with the key that decides.
    init(_ cells: [(text: String, number: Double?)], _ asked: CSVDialect.Header, _ line: String) throws {
        let numbers = cells.compactMap(\.number)
        let words = cells.filter { $0.number == nil }
        let isTitled = words.allSatisfy { Self.canBeTitle($0.text) } && words.contains { !$0.text.isEmpty }
        switch asked {
        case .titles: self = .titles(nil)
        case .none: self = .sample
        case .auto where numbers.isEmpty: self = isTitled ? .titles(nil) : .sample
        case .auto where Self.countsUp(numbers):
            let shown = cells.prefix(6).map(\.text).joined(separator: ",") + (cells.count > 6 ? ",…" : "")
            let isClear = numbers[0] == 0 || numbers[0] == 1
            guard isTitled || words.isEmpty else {
                self = .sample
                return
            }
            guard isClear, numbers.count > 2 || !words.isEmpty else {
                if numbers.count < 3, numbers != [0, 1] || !words.isEmpty {
                    self = .sample
                    return
                }
                throw DatasetError(
                    "\(line) is \(shown): titles or a sample? data.header: titles or data.header: none says it")
            }
            self = .titles(
                .warning("\(line), \(shown), is taken as titles; data.header: none takes it as a sample"))
        case .auto: self = .sample
        }
    }

    /// A title has a letter and is no word for a value that is missing; an empty one is that of an index.
    private static func canBeTitle(_ text: String) -> Bool {
        let missing = ["na", "n/a", "nan", "nil", "null", "none", "inf", "infinity", "-inf", "missing"]
        return text.isEmpty || (text.contains { $0.isLetter } && !missing.contains(text.lowercased()))
    }

    private static func countsUp(_ numbers: [Double]) -> Bool {
        numbers.count > 1 && numbers[0] == numbers[0].rounded()
            && zip(numbers.dropFirst(), numbers).allSatisfy { $0 - $1 == 1 }
    }
}
