import RealModule

/// A number in a sentence, a table or on a page: three digits, `1.65e-8` where it is small or large.
package func shown(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "unknown" : "infinity" }
    if value == value.rounded(), abs(value) < 1e6 { return "\(Int(value))" }
    let size = abs(value)
    if size < 1e-290 { return "0" }
    var exponent = Int(Double.log10(size).rounded(.down))
    // What rounds to the next power of ten has its exponent.
    if (size * Double.pow(10, Double(2 - exponent))).rounded() >= 1000 { exponent += 1 }
    let unit = Double.pow(10, Double(2 - exponent))
    let digits = (value * unit).rounded() / unit
    if (-3..<6).contains(exponent) { return exponent >= 2 ? "\(Int(digits))" : trimmed(digits, 2 - exponent) }
    return trimmed(digits / Double.pow(10, Double(exponent)), 2) + "e\(exponent)"
}

/// A number with so many decimals at most.
private func trimmed(_ value: Double, _ decimals: Int) -> String {
    let unit = Int(Double.pow(10, Double(decimals)).rounded())
    let whole = Int((abs(value) * Double(unit)).rounded())
    let fraction = String(String(unit + whole % unit).dropFirst())
    let kept = fraction.reversed().drop { $0 == "0" }.reversed()
    return (value < 0 ? "-" : "") + "\(whole / unit)" + (kept.isEmpty ? "" : "." + String(kept))
}
