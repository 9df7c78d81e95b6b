/// A table as comma-separated values, fields quoted where they need it (RFC 4180).
package func csvText(_ table: [[String]]) -> String {
    table.map { $0.map(csvField).joined(separator: ",") + "\n" }.joined()
}

private func csvField(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
    return text.unicodeScalars.reduce(into: "\"") { $0 += $1 == "\"" ? "\"\"" : String($1) } + "\""
}
