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
        let words = cells.filter { $0.number == nil }.map(\.text)
        let areTitles = words.allSatisfy(Self.canBeTitle)
        switch asked {
        case .titles: self = .titles(nil)
        case .none: self = .sample
        case .auto where numbers.isEmpty: self = areTitles && words.contains { !$0.isEmpty } ? .titles(nil) : .sample
        case .auto where areTitles:
            let shown = cells.prefix(6).map(\.text).joined(separator: ",") + (cells.count > 6 ? ",…" : "")
            switch Self.numbering(numbers, hasWords: !words.isEmpty) {
            case .none: self = .sample
            case .ofColumns:
                self = .titles(
                    .warning("\(line), \(shown), is taken as titles; data.header: none takes it as a sample"))
            case .doubtful:
                throw DatasetError(
                    "\(line) is \(shown): titles or a sample? data.header: titles or data.header: none says it")
            }
        case .auto: self = .sample
        }
    }

    private enum Numbering { case none, ofColumns, doubtful }

    /// Whole numbers in equal steps can be titles: columns without names, years, wavelengths.
    private static func numbering(_ numbers: [Double], hasWords: Bool) -> Numbering {
        guard numbers.count > 1, numbers.allSatisfy({ $0 == $0.rounded() }) else { return .none }
        let step = numbers[1] - numbers[0]
        guard step != 0, zip(numbers.dropFirst(), numbers).allSatisfy({ $0 - $1 == step }) else { return .none }
        let isOfColumns = step == 1 && (numbers[0] == 0 || numbers[0] == 1)
        if isOfColumns, numbers.count > 2 || hasWords { return .ofColumns }
        if numbers == [0, 1] { return .doubtful }
        return numbers.count > (step == 1 ? 2 : 3) ? .doubtful : .none
    }

    /// A title has a letter and is no word for a value that is missing; an empty one is that of an index.
    private static func canBeTitle(_ text: String) -> Bool {
        let missing = ["na", "n/a", "nan", "nil", "null", "none", "inf", "infinity", "-inf", "missing"]
        return text.isEmpty || (text.contains { $0.isLetter } && !missing.contains(text.lowercased()))
    }
}
