/// A text in lines of at most so many characters, broken at spaces; words that are longer stay whole.
/// - Parameter indent: spaces before each line but the first.
public func wrapped(_ text: String, columns: Int, indent: Int = 0) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
        let first = paragraph.prefix { $0 == " " }.count
        var line = String(repeating: " ", count: first)
        var isEmpty = true
        for word in paragraph.split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > columns {
                lines.append(line)
                line = String(repeating: " ", count: first + indent)
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        lines.append(line)
    }
    return lines
}

/// `text       and what there is to say of it`, which goes on under its own beginning.
func labelled(_ label: String, _ text: String, columns: Int, width: Int = 10) -> [String] {
    let head = label + String(repeating: " ", count: max(width - label.count, 1))
    let rest = wrapped(text, columns: max(columns - head.count, 20))
    let blank = String(repeating: " ", count: head.count)
    return rest.enumerated().map { ($0.offset == 0 ? head : blank) + $0.element }
}

/// A text of at most so many characters, its middle left out where it is longer.
func shortened(_ text: String, to columns: Int) -> String {
    guard text.count > columns, columns > 0 else { return text }
    let back = (columns - 1) / 2
    return text.prefix(columns - 1 - back) + "…" + text.suffix(back)
}
