/// A text in lines of at most so many characters, broken at spaces; words that are longer stay whole.
/// - Parameter indent: spaces before each line but the first, beside those of the first.
package func wrapped(_ text: String, columns: Int, indent: Int = 0) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { (paragraph: Substring) -> [String] in
        let margin = String(repeating: " ", count: paragraph.prefix { $0 == " " }.count)
        var lines: [String] = []
        var line = margin
        // Spaces before the next word, which go where the line is broken; nil before the first.
        var gap: String?
        for part in paragraph.dropFirst(margin.count).split(separator: " ", omittingEmptySubsequences: false) {
            guard let before = gap else {
                line += part
                gap = " "
                continue
            }
            if part.isEmpty {
                gap = before + " "
                continue
            }
            if line.count + before.count + part.count > columns, line.contains(where: { $0 != " " }) {
                lines.append(line)
                line = margin + String(repeating: " ", count: indent) + part
            } else {
                line += before + part
            }
            gap = " "
        }
        return lines + [line]
    }
}

/// `text       and what there is to say of it`, which goes on under its own beginning.
package func labelled(_ label: String, _ text: String, columns: Int, width: Int = 10) -> [String] {
    let head = label + String(repeating: " ", count: max(width - label.count, 1))
    let rest = wrapped(text, columns: max(columns - head.count, 20))
    let blank = String(repeating: " ", count: head.count)
    return rest.enumerated().map { ($0.offset == 0 ? head : blank) + $0.element }
}

/// A text of at most so many characters, its middle left out where it is longer.
package func shortened(_ text: String, to columns: Int) -> String {
    guard text.count > columns, columns > 0 else { return text }
    let back = (columns - 1) / 2
    return text.prefix(columns - 1 - back) + "…" + text.suffix(back)
}
