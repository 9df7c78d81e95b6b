import Glibc

/// Cuts a line into cells and reads their numbers.
struct CSVLine {
    let separator: UInt8
    let hasDecimalComma: Bool

    static let mostCells = 1 << 18

    /// Where each cell lies, without spaces around it and its quotes, up to one more than there may be; nil where a quote
    /// is not closed.
    func cells(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> [Range<Int>]? {
        var cells: [Range<Int>] = []
        var start = line.lowerBound
        var isQuoted = false
        for i in line {
            if bytes[i] == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard !isQuoted, isSeparator(bytes[i]), cells.count <= Self.mostCells else { continue }
            add(bytes, start..<i, to: &cells)
            start = i + 1
        }
        add(bytes, start..<line.upperBound, to: &cells)
        return isQuoted ? nil : cells
    }

    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == separator || (separator == UInt8(ascii: " ") && byte == UInt8(ascii: "\t"))
    }

    /// Runs of spaces are one separator.
    private func add(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to cells: inout [Range<Int>]) {
        var cell = range
        while !cell.isEmpty, Self.isSpace(bytes[cell.lowerBound]) { cell = (cell.lowerBound + 1)..<cell.upperBound }
        while !cell.isEmpty, Self.isSpace(bytes[cell.upperBound - 1]) { cell = cell.lowerBound..<(cell.upperBound - 1) }
        if separator == UInt8(ascii: " "), cell.isEmpty { return }
        let quote = UInt8(ascii: "\"")
        if cell.count >= 2, bytes[cell.lowerBound] == quote, bytes[cell.upperBound - 1] == quote {
            cell = (cell.lowerBound + 1)..<(cell.upperBound - 1)
        }
        cells.append(cell)
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    /// The finite decimal number that fills a cell: digits, a point or comma, an exponent; nothing else is a number here.
    /// - Precondition: a byte that is no part of a number follows the cell in the buffer.
    func number(_ bytes: UnsafeBufferPointer<UInt8>, _ cell: Range<Int>) -> Double? {
        guard !cell.isEmpty, cell.allSatisfy({ isOfNumber(bytes[$0]) }), let base = bytes.baseAddress else {
            return nil
        }
        guard !hasDecimalComma else {
            var text = bytes[cell].map { CChar(bitPattern: $0 == UInt8(ascii: ",") ? UInt8(ascii: ".") : $0) }
            text.append(0)
            return text.withUnsafeBufferPointer { Self.parse($0.baseAddress, cell.count) }
        }
        return (base + cell.lowerBound).withMemoryRebound(to: CChar.self, capacity: cell.count + 1) {
            Self.parse($0, cell.count)
        }
    }

    private func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "e"),
            UInt8(ascii: "E"):
            true
        case UInt8(ascii: "."): !hasDecimalComma
        case UInt8(ascii: ","): hasDecimalComma
        default: false
        }
    }

    private static func parse(_ text: UnsafePointer<CChar>?, _ count: Int) -> Double? {
        guard let text else { return nil }
        var stop: UnsafeMutablePointer<CChar>?
        let value = strtod(text, &stop)
        return stop == UnsafeMutablePointer(mutating: text + count) && value.isFinite ? value : nil
    }
}
