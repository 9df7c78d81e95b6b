import Files
import Glibc
import LinearAlgebra

/// The numbers of a CSV file, row after row, without the columns that are left out.
struct CSVTable {
    private(set) var numbers: [Double] = []
    private(set) var columns = 0
    private(set) var remarks: [Remark] = []
    let path: String
    private let dialect: CSVDialect
    let skipped: Set<Int>
    private var line: CSVLine?
    /// Of the line that is read, from 1.
    private var lineNumber = 0
    private(set) var titles: [String]?
    private var isBegun = false

    var rows: Int { columns > 0 ? numbers.count / columns : 0 }

    /// Reads a file, plain or gzipped, block by block.
    /// - Throws: `DatasetError` with line and column.
    init(_ file: FileBytes, _ dialect: CSVDialect) throws {
        path = file.path
        self.dialect = dialect
        skipped = Set(dialect.skippedColumns)
        var buffer = try file.piece(1 << 22)
        try checkEncoding(buffer)
        // Excel begins a file with a byte order mark.
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { buffer.removeFirst(3) }
        var isLast = buffer.isEmpty
        while true {
            let used = try lines(of: buffer + [0], isLast: isLast)
            if isLast { break }
            buffer.removeFirst(used)
            let more = try file.piece(1 << 22)
            isLast = more.isEmpty
            buffer += more
            guard buffer.count < 1 << 24 else {
                throw DatasetError("\(path): line \(lineNumber + 1): has no end within 16 MB")
            }
            // Numbers, room to grow, and their copy as samples.
            guard Memory.holds(Double(numbers.count), bytesEach: 24) else {
                throw DatasetError(
                    "\(path): more than \(numbers.count) values, which do not fit into \(Memory.limit / 1_000_000) MB of memory"
                )
            }
        }
        guard columns > 0 else { throw DatasetError("\(path): holds no samples") }
        remarks += indexRemarks
    }

    private func checkEncoding(_ head: [UInt8]) throws {
        let isMarked = head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF])
        let packers: [([UInt8], String)] = [
            ([0xFD, 0x37, 0x7A, 0x58], "xz"), ([0x42, 0x5A, 0x68], "bzip2"), ([0x50, 0x4B, 3, 4], "zip"),
        ]
        if let packer = packers.first(where: { head.starts(with: $0.0) })?.1 {
            throw DatasetError("\(path): is packed by \(packer): expected text, plain or gzipped")
        }
        guard !isMarked, !head.prefix(4096).contains(0) else {
            throw DatasetError(
                "\(path): is \(isMarked ? "UTF-16" : "no text, or UTF-16"): save it as UTF-8 (iconv -f UTF-16 -t UTF-8)"
            )
        }
    }

    /// Takes whole lines, ended by LF, CR LF or CR; returns the bytes that they had.
    private mutating func lines(of buffer: [UInt8], isLast: Bool) throws -> Int {
        try buffer.withUnsafeBufferPointer { bytes in
            let end = bytes.count - 1
            if line == nil { try begin(bytes, end) }
            var start = 0
            while start < end {
                var stop = start
                while stop < end, bytes[stop] != 10, bytes[stop] != 13 { stop += 1 }
                // A CR at the end of a block may be half of CR LF.
                guard stop + 1 < end || isLast else { return start }
                lineNumber += 1
                try take(bytes, start..<stop)
                start = stop + (stop + 1 < end && bytes[stop] == 13 && bytes[stop + 1] == 10 ? 2 : 1)
            }
            return min(start, end)
        }
    }

    /// Looks at the first lines for the separator.
    private mutating func begin(_ bytes: UnsafeBufferPointer<UInt8>, _ end: Int) throws {
        var head = bytes[..<end].prefix(1 << 16).split(maxSplits: 40) { $0 == 10 || $0 == 13 }.map { [UInt8]($0) }
        if head.count > 40 { head.removeLast() }
        head.removeAll { $0.first == UInt8(ascii: "#") }
        let declared = head.first.flatMap(CSVDialect.declaredSeparator)
        let separator = try dialect.separator(declared: declared, in: head, path)
        line = CSVLine(separator: separator, hasDecimalComma: dialect.decimal == .comma)
    }

    private mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) throws {
        if range.allSatisfy({ CSVLine.isSpace(bytes[$0]) }) { return }
        if !isBegun, bytes[range.lowerBound] == UInt8(ascii: "#") || isDeclaration(bytes[range]) { return }
        guard let cells = line?.cells(bytes, range) else {
            throw DatasetError("\(path): line \(lineNumber): a quote is not closed")
        }
        guard cells.count <= CSVLine.mostCells else {
            throw DatasetError("\(path): line \(lineNumber): expected at most \(CSVLine.mostCells) columns, found more")
        }
        if !isBegun {
            isBegun = true
            if try takeHeader(cells, bytes) { return }
        }
        if columns == 0 { try takeWidth(cells.count) }
        guard cells.count == columns + dialect.skippedColumns.count else {
            throw DatasetError(
                "\(path): line \(lineNumber): expected \(columns + dialect.skippedColumns.count) values, found \(cells.count)"
            )
        }
        for (index, cell) in cells.enumerated() where !skipped.contains(index + 1) {
            guard let number = line?.number(bytes, cell) else { throw refusal(of: bytes[cell], column: index + 1) }
            numbers.append(number)
        }
    }

    private func refusal(of cell: Slice<UnsafeBufferPointer<UInt8>>, column: Int) -> DatasetError {
        let name = CSVDialect.name(of: line?.separator ?? 0)
        let text = String(decoding: cell, as: UTF8.self)
        let advice =
            "values are separated by \(name); data.separator, decimal, header and skip_columns say otherwise"
            + (text.contains(where: \.isLetter) ? "; names of classes are not read: number them 0, 1, 2, …" : "")
        return DatasetError(
            "\(path): line \(lineNumber), column \(column): expected a finite number, found "
                + "\"\(excerpt(text))\" (\(advice))")
    }

    private func isDeclaration(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        line.count < 16 && CSVDialect.declaredSeparator([UInt8](line)) != nil
    }

    private mutating func takeWidth(_ count: Int) throws {
        guard skipped.count == dialect.skippedColumns.count, skipped.allSatisfy({ (1...count).contains($0) }) else {
            throw DatasetError(
                "\(path): data.skip_columns: expected different columns from 1 to \(count), found \(dialect.skippedColumns)"
            )
        }
        // R leaves out the title of its row names.
        if titles?.count == count - 1 { titles?.insert("", at: 0) }
        guard titles == nil || titles?.count == count else {
            throw DatasetError(
                "\(path): line \(lineNumber): expected \(titles?.count ?? 0) values as there are titles, found \(count)"
            )
        }
        columns = count - skipped.count
        guard columns > 0 else { throw DatasetError("\(path): data.skip_columns leaves no column") }
    }

    /// Whether the first line is one of titles.
    private mutating func takeHeader(_ cells: [Range<Int>], _ bytes: UnsafeBufferPointer<UInt8>) throws -> Bool {
        let read = cells.map { (text: String(decoding: bytes[$0], as: UTF8.self), number: line?.number(bytes, $0)) }
        // Nothing is left of it: its width says so.
        guard cells.count > skipped.count else { return false }
        let kept = read.enumerated().filter { !skipped.contains($0.offset + 1) }.map(\.element)
        guard case .titles(let remark) = try CSVHeader(kept, dialect.header, "\(path): line \(lineNumber)") else {
            return false
        }
        if let remark { remarks.append(remark) }
        titles = read.map(\.text)
        return true
    }
}
