/// The beginning of a text out of a file, for a message.
package func excerpt(_ text: String, _ count: Int = 60) -> String {
    // Scalars: accents without end are one character.
    let scalars = text.unicodeScalars
    return scalars.index(scalars.startIndex, offsetBy: count, limitedBy: scalars.endIndex).map {
        $0 == scalars.endIndex ? text : String(scalars[..<$0]) + "…"
    } ?? text
}
